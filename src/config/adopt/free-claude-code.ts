import { tiers } from "../../model/tiers.ts";
import type { ProviderDraft } from "../files/draft.ts";
import { addressOfBind } from "../resolve/bind-address.ts";
import { knownTarget, type Rows } from "../resolve/known-providers.ts";
import { type Adopted, isKey, providerDraft } from "./adopted.ts";

/** With which its variables begin (`KIMI_CODE_API_KEY`) where the provider has another name here. */
const prefixes: Readonly<Record<string, string>> = {
  dashscope: "ALIBABA_CLOUD",
  "kimi-coding": "KIMI_CODE",
};
/** HTTP proxies that are not a provider's. */
const everyones = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"];

/**
 * free-claude-code's `.env`: MODEL and MODEL_OPUS, MODEL_SONNET, MODEL_HAIKU as `provider/model`, MODEL_FALLBACKS as a list of them, keys and
 * base addresses in the variables of each provider. undefined: no MODEL of a known provider.
 */
export function readFreeClaudeCode(text: string, rows: Rows): Adopted | undefined {
  const variables = readDotenv(text);
  const notices: string[] = [];
  const used = new Set<string>();
  const target = (variable: string, written = variables.get(variable)?.trim()): string | undefined => {
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
  const fallbacks = (variables.get("MODEL_FALLBACKS") ?? "").split(",").flatMap((name) => target("MODEL_FALLBACKS", name.trim()) ?? []);
  const inOrder = (name: string) => [...new Set([name, ...fallbacks])];
  const models: Record<string, readonly string[]> = { model: inOrder(main) };
  for (const tier of tiers) {
    const name = target(`MODEL_${tier.toUpperCase()}`);
    if (name !== undefined && name !== main) models[tier] = inOrder(name);
  }
  const providers: Record<string, ProviderDraft> = {};
  const keys: Record<string, string> = {};
  for (const id of used) {
    const row = rows[id];
    const prefix = prefixes[id] ?? id.toUpperCase().replace(/-/g, "_");
    const keyNames = [`${prefix}_API_KEY`, ...(row?.key?.env ?? [])];
    const secret = keyNames.map((name) => variables.get(name)).find((value) => value !== undefined && value !== "");
    if (secret !== undefined && isKey(secret, row)) keys[id] = secret;
    const written = [row?.baseUrlEnv, `${prefix}_BASE_URL`]
      .flatMap((name) => (name === undefined ? [] : [variables.get(name)]))
      .find((value) => value !== undefined && value !== "");
    const address = row === undefined || written === undefined ? undefined : addressOfBind(written, row);
    const draft = address === undefined ? {} : providerDraft(id, address, "chat", rows);
    if (Object.keys(draft).length > 0) providers[id] = draft;
  }
  for (const [name, value] of variables) {
    if (/_PROXY$/.test(name) && value !== "" && !everyones.includes(name)) notices.push(`${name} is left out: set HTTPS_PROXY to it`);
  }
  return { models, providers, keys, notices };
}

/** `NAME=value`, `export`, quotes, comments: the part of dotenv that such files use. Node's `util.parseEnv` ends a value at any #, a key's own too. */
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
