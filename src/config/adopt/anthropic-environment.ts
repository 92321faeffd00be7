import type { Environment } from "../../model/environment.ts";
import { type Tier, tiers } from "../../model/tiers.ts";
import { nameFor } from "../resolve/addresses.ts";
import type { Rows } from "../resolve/known-providers.ts";
import { type Adopted, isKey, providerDraft, rowAt } from "./adopted.ts";

/**
 * The environment by which Claude Code is pointed at another server: ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN or ANTHROPIC_API_KEY,
 * ANTHROPIC_MODEL and the tiers' variables. undefined where no address or no model is named, and inside a launch of fcc's own.
 */
export function readAnthropicEnvironment(env: Environment, rows: Rows): Adopted | undefined {
  const address = env["ANTHROPIC_BASE_URL"]?.trim();
  if (!address || !/^https?:\/\//i.test(address) || !URL.canParse(address) || env["FCC_URL"] === address) return undefined;
  const tier = (name: Tier) => env[`ANTHROPIC_DEFAULT_${name.toUpperCase()}_MODEL`]?.trim() || undefined;
  const named = env["ANTHROPIC_MODEL"]?.trim() || undefined;
  // An alias of the client's own names a tier.
  const alias = tiers.find((name) => name === named);
  const main = (alias === undefined ? named : tier(alias)) ?? tier("opus") ?? tier("sonnet");
  if (main === undefined) return undefined;
  const row = rowAt(address, rows);
  const id = row?.id ?? nameFor(address);
  const small = env["ANTHROPIC_SMALL_FAST_MODEL"]?.trim() || undefined;
  const models: Record<string, readonly string[]> = { model: [`${id}/${main}`] };
  for (const name of tiers) {
    const model = tier(name) ?? (name === "haiku" ? small : undefined);
    if (model !== undefined && model !== main) models[name] = [`${id}/${model}`];
  }
  const draft = row === undefined ? { speaks: { messages: { baseUrl: address } } } : providerDraft(id, address, "messages", rows);
  const variable = ["ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"].find((name) => env[name]?.trim());
  const isNamed = variable !== undefined && isKey(env[variable] ?? "", row) && row?.key?.env.includes(variable) !== true;
  const key = isNamed ? { key: { env: variable } } : {};
  const provider = { ...draft, ...key };
  return { models, providers: Object.keys(provider).length === 0 ? {} : { [id]: provider }, keys: {}, notices: [] };
}
