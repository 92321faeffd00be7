import { objectOf } from "../../model/json.ts";
import type { WireName } from "../../model/opaque.ts";
import type { ProviderDraft } from "../files/draft.ts";
import { own } from "../files/tree.ts";
import { providerId, type Rows } from "../resolve/known-providers.ts";
import { targetParts, targetPattern } from "../targets.ts";
import { type Adopted, isKey, providerDraft, readLooseJson, rowAt } from "./adopted.ts";

/** Which of its models means which of our keys. */
const roles = [
  ["model", "model"],
  ["small_model", "haiku"],
] as const;
/** What the packages by which it asks a provider speak; any other speaks chat. */
const wires: Readonly<Record<string, WireName>> = { "@ai-sdk/anthropic": "messages", "@ai-sdk/openai": "responses" };

/**
 * OpenCode's opencode.json: `model` and `small_model` as `provider/model`, and under `provider` what it does not know by itself: `npm`, and
 * `options` with `baseURL` and `apiKey`. undefined: the text is no such file, or its model is of no provider that can be found.
 */
export function readOpenCode(text: string, rows: Rows): Adopted | undefined {
  const root = readLooseJson(text) ?? {};
  const notices: string[] = [];
  const providers: Record<string, ProviderDraft> = {};
  const keys: Record<string, string> = {};

  const target = (written: unknown): string | undefined => {
    if (typeof written !== "string" || !targetPattern.test(written)) return undefined;
    const { provider, model } = targetParts(written);
    const { npm, options, models } = objectOf(own(objectOf(root["provider"]), provider));
    const { baseURL, apiKey } = objectOf(options);
    const address = typeof baseURL === "string" && /^https?:/i.test(baseURL) && URL.canParse(baseURL) ? baseURL : undefined;
    const row = address === undefined ? undefined : rowAt(address, rows);
    const id = row?.id ?? providerId(provider, rows, []) ?? (address === undefined ? undefined : provider);
    if (id === undefined) {
      notices.push(`${written} is left out: the address of ${provider} does not stand in the file`);
      return undefined;
    }
    const key = keyIn(apiKey);
    const place = address === undefined ? {} : providerDraft(id, address, own(wires, String(npm)) ?? "chat", rows);
    // A row's variables are for its own address: for another the key is named with it.
    const isKnown = key?.env !== undefined && Object.keys(place).length === 0 && rows[id]?.key?.env.includes(key.env);
    const draft = { ...place, ...(key?.env !== undefined && !isKnown && { key: { env: key.env } }) };
    if (Object.keys(draft).length > 0) providers[id] = draft;
    if (key?.secret !== undefined && isKey(key.secret, rows[id])) keys[id] = key.secret;
    const { id: name } = objectOf(own(objectOf(models), model));
    return `${id}/${typeof name === "string" && name !== "" ? name : model}`;
  };

  const models: Record<string, readonly string[]> = {};
  for (const [role, key] of roles) {
    const name = target(root[role]);
    if (name !== undefined && name !== models["model"]?.[0]) models[key] = [name];
  }
  return models["model"] === undefined ? undefined : { models, providers, keys, notices };
}

/** `{env:NAME}` names a variable, `{file:...}` a file, which is left to the user; anything else is the key itself. */
function keyIn(written: unknown): { readonly env?: string; readonly secret?: string } | undefined {
  if (typeof written !== "string" || written.trim() === "") return undefined;
  const [, env] = /^\{env:([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(written.trim()) ?? [];
  if (env !== undefined) return { env };
  return /^\{file:/.test(written) ? undefined : { secret: written.trim() };
}
