import { tiers } from "../../model/tiers.ts";
import type { ProviderDraft } from "../files/draft.ts";
import { addressOfBind } from "../resolve/bind-address.ts";
import { knownTarget, type Rows } from "../resolve/known-providers.ts";
import { type Adopted, isKey, providerDraft } from "./adopted.ts";

/**
 * free-claude-code's `.env`: MODEL and MODEL_OPUS, MODEL_SONNET, MODEL_HAIKU as `provider/model`, keys and base addresses in the
 * variables of each provider. undefined: no MODEL of a known provider.
 */
export function readFreeClaudeCode(text: string, rows: Rows): Adopted | undefined {
  const variables = readDotenv(text);
  const notices: string[] = [];
  const used = new Set<string>();
  const target = (variable: string): string | undefined => {
    const written = variables.get(variable);
    if (written === undefined || written === "") return undefined;
    const found = knownTarget(written, rows, []);
    if (found === undefined) {
      notices.push(`${variable} is left out: it is not provider/model with a known provider`);
      return undefined;
    }
    used.add(found.id);
    return `${found.id}/${found.model}`;
  };
  const main = target("MODEL");
  if (main === undefined) return undefined;
  const models: Record<string, readonly string[]> = { model: [main] };
  for (const tier of tiers) {
    const name = target(`MODEL_${tier.toUpperCase()}`);
    if (name !== undefined && name !== main) models[tier] = [name];
  }
  const providers: Record<string, ProviderDraft> = {};
  const keys: Record<string, string> = {};
  for (const id of used) {
    const row = rows[id];
    const secret = row?.key?.env.map((name) => variables.get(name)).find((value) => value !== undefined && value !== "");
    if (secret !== undefined && isKey(secret, row)) keys[id] = secret;
    const written = [row?.baseUrlEnv, `${id.toUpperCase().replace(/-/g, "_")}_BASE_URL`]
      .flatMap((name) => (name === undefined ? [] : [variables.get(name)]))
      .find((value) => value !== undefined && value !== "");
    const address = row === undefined || written === undefined ? undefined : addressOfBind(written, row);
    const draft = address === undefined ? {} : providerDraft(id, address, "chat", rows);
    if (Object.keys(draft).length > 0) providers[id] = draft;
  }
  return { models, providers, keys, notices };
}

/** `NAME=value`, `export`, quotes, comments: the part of dotenv that such files use. Nothing is expanded. */
export function readDotenv(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const [, name, written = ""] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const [, , quoted] = /^(["'])(.*?)\1/.exec(written) ?? [];
    variables.set(name, quoted ?? written.replace(/(?:^|\s)#.*$/, "").trim());
  }
  return variables;
}
