import { listOf } from "../../model/json.ts";
import type { ProviderDraft } from "../files/draft.ts";
import { isTree } from "../files/tree.ts";
import { providerId, type Rows } from "../resolve/known-providers.ts";
import { type Adopted, isKey, keyOf, providerDraft, readLooseJson, rowAt } from "./adopted.ts";

/** Which of its routes means which of our keys. `longContext` becomes an alternative: a request too long for one target goes to the next. */
const routes: readonly (readonly [route: string, key: string])[] = [
  ["default", "model"],
  ["background", "haiku"],
  ["think", "opus"],
];
const without: Readonly<Record<string, string>> = {
  webSearch: "a model for web search",
  image: "a model for images",
};
/** Of its other settings, those without which requests would go another way than before. Their values may hold a password. */
const otherWays: Readonly<Record<string, string>> = {
  PROXY_URL: "the HTTP proxy (PROXY_URL) is left out: set HTTPS_PROXY to it, and HTTP_PROXY",
  CUSTOM_ROUTER_PATH: "the router of your own (CUSTOM_ROUTER_PATH) has no counterpart here: only Router is taken over",
};

/**
 * claude-code-router's config.json (JSON5 by its own reader): `Providers` with `api_base_url` and `api_key`, `Router` with "provider,model",
 * and `fallback` with a list of them for each route.
 * undefined: the text is no such file, or names no default model.
 */
export function readClaudeCodeRouter(text: string, rows: Rows): Adopted | undefined {
  const root = readLooseJson(text);
  const listed = root?.["Providers"] ?? root?.["providers"];
  const router = root?.["Router"];
  if (!Array.isArray(listed) || !isTree(router)) return undefined;
  const notices: string[] = [];
  const known = new Map<string, { id: string; draft: ProviderDraft; secret?: string }>();
  for (const one of listed) {
    if (!isTree(one) || typeof one.name !== "string" || typeof one.api_base_url !== "string" || !URL.canParse(one.api_base_url)) continue;
    const row = rowAt(one.api_base_url, rows);
    const id = row?.id ?? providerId(one.name, rows, []) ?? one.name.replace(/[/\s]+/g, "-");
    const draft = providerDraft(id, one.api_base_url, /\/messages\/?$/.test(one.api_base_url) ? "messages" : "chat", rows);
    const written = keyOf(one.api_key);
    const key = written !== undefined && "secret" in written && !isKey(written.secret, row) ? undefined : written;
    const documented = key !== undefined && "env" in key && row?.key?.env.includes(key.env);
    known.set(one.name, {
      id,
      draft: { ...draft, ...(key !== undefined && "env" in key && !documented && { key: { env: key.env } }) },
      ...(key !== undefined && "secret" in key && { secret: key.secret }),
    });
    if (isTree(one.transformer) && row === undefined)
      notices.push(`the transformers of ${id} are left out: fcc mends what a server needs by itself`);
  }

  const used = new Set<string>();
  const target = (written: unknown): string | undefined => {
    if (typeof written !== "string") return undefined;
    const comma = written.indexOf(",");
    const provider = known.get(written.slice(0, comma).trim());
    const model = written.slice(comma + 1).trim();
    if (comma < 1 || provider === undefined || model === "") return undefined;
    used.add(provider.id);
    return `${provider.id}/${model}`;
  };
  const fallback = isTree(root?.["fallback"]) ? root["fallback"] : {};
  const after = (route: string) => listOf(fallback[route]).flatMap((name) => target(name) ?? []);
  const models: Record<string, readonly string[]> = {};
  for (const [route, key] of routes) {
    const name = target(router[route]);
    if (name !== undefined && (key === "model" || name !== models["model"]?.[0])) models[key] = [...new Set([name, ...after(route)])];
  }
  const [main] = models["model"] ?? [];
  if (main === undefined) return undefined;
  const long = target(router["longContext"]);
  if (long !== undefined) models["model"] = [...new Set([...(models["model"] ?? []), long])];
  for (const [route, what] of Object.entries(without)) {
    if (typeof router[route] === "string" && router[route] !== "") notices.push(`${what} (Router.${route}) has no counterpart here`);
  }
  for (const [setting, line] of Object.entries(otherWays)) {
    if (typeof root?.[setting] === "string" && root[setting] !== "") notices.push(line);
  }
  const taken = [...known.values()].filter(({ id }) => used.has(id));
  return {
    models,
    providers: Object.fromEntries(taken.flatMap(({ id, draft }) => (Object.keys(draft).length === 0 ? [] : [[id, draft]]))),
    keys: Object.fromEntries(taken.flatMap(({ id, secret }) => (secret === undefined ? [] : [[id, secret]]))),
    notices,
  };
}
