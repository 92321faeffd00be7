import type { Environment } from "../../model/environment.ts";
import { objectOf, parseJson } from "../../model/json.ts";
import { type Tier, tiers } from "../../model/tiers.ts";
import type { Row } from "../../providers/row.ts";
import type { ProviderDraft } from "../files/draft.ts";
import { nameFor } from "../resolve/addresses.ts";
import type { Rows } from "../resolve/known-providers.ts";
import { type Adopted, isKey, providerDraft, rowAt } from "./adopted.ts";

/**
 * The environment by which Claude Code is pointed at another server: ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN or ANTHROPIC_API_KEY,
 * ANTHROPIC_MODEL and the tiers' variables. undefined where no address or no model is named, and inside a launch of fcc's own.
 */
export function readAnthropicEnvironment(env: Environment, rows: Rows): Adopted | undefined {
  const pointed = pointedBy(env, rows);
  if (pointed === undefined) return undefined;
  const { id, row, draft, models, variable } = pointed;
  const key = variable === undefined || row?.key?.env.includes(variable) ? {} : { key: { env: variable } };
  return { models, providers: providers(id, { ...draft, ...key }), keys: {}, notices: [] };
}

/** The same variables under `env` in Claude Code's settings.json, where providers tell to write them. The key is not in the environment then. */
export function readClaudeCodeSettings(text: string, rows: Rows): Adopted | undefined {
  const settings = objectOf(parseJson(text));
  const written = Object.entries(objectOf(settings["env"]));
  const env = Object.fromEntries(written.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
  const pointed = pointedBy(env, rows);
  if (pointed === undefined) return undefined;
  const { id, draft, models, variable } = pointed;
  const key = variable === undefined ? undefined : env[variable]?.trim();
  const helper = settings["apiKeyHelper"] !== undefined && key === undefined;
  const notices = helper ? ["apiKeyHelper is left out: write it as `key: { command: [program, argument] }` of the provider"] : [];
  return { models, providers: providers(id, draft), keys: key === undefined ? {} : { [id]: key }, notices };
}

interface Pointed {
  readonly id: string;
  readonly row: Row | undefined;
  readonly draft: ProviderDraft;
  readonly models: Readonly<Record<string, readonly string[]>>;
  /** The one that has the key. */
  readonly variable: string | undefined;
}

function pointedBy(env: Environment, rows: Rows): Pointed | undefined {
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
  const set = ["ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"].find((name) => env[name]?.trim());
  return { id, row, draft, models, variable: set !== undefined && isKey(env[set] ?? "", row) ? set : undefined };
}

const providers = (id: string, draft: ProviderDraft) => (Object.keys(draft).length === 0 ? {} : { [id]: draft });
