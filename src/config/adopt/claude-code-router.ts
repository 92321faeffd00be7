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
  const root = readLooseJson(text) ?? {};
  const providers = root["Providers"] ?? root["providers"];
  const router = root["Router"];
  if (!Array.isArray(providers) || !isTree(router)) return undefined;
  const listed = providers.flatMap((one) => listedIn(one, rows) ?? []);
  const known = new Map(listed.map((one) => [one.name, one]));

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
  const fallback = isTree(root["fallback"]) ? root["fallback"] : {};
  const after = (route: string) => listOf(fallback[route]).flatMap((name) => target(name) ?? []);
  const models: Record<string, readonly string[]> = {};
  for (const [route, key] of routes) {
    const name = target(router[route]);
    if (name !== undefined && (key === "model" || name !== models["model"]?.[0])) models[key] = [...new Set([name, ...after(route)])];
  }
  if (models["model"] === undefined) return undefined;
  const long = target(router["longContext"]);
  if (long !== undefined) models["model"] = [...new Set([...models["model"], long])];
  const taken = [...known.values()].filter(({ id }) => used.has(id));
  return {
    models,
    providers: Object.fromEntries(taken.flatMap(({ id, draft }) => (Object.keys(draft).length === 0 ? [] : [[id, draft]]))),
    keys: Object.fromEntries(taken.flatMap(({ id, secret }) => (secret === undefined ? [] : [[id, secret]]))),
    notices: [
      ...listed.flatMap(({ id, isTransformed }) =>
        isTransformed ? [`the transformers of ${id} are left out: fcc mends what a server needs by itself`] : [],
      ),
      ...Object.entries(without).flatMap(([route, what]) =>
        isSaid(router[route]) ? [`${what} (Router.${route}) has no counterpart here`] : [],
      ),
      ...Object.entries(otherWays).flatMap(([setting, line]) => (isSaid(root[setting]) ? [line] : [])),
    ],
  };
}

const isSaid = (value: unknown) => typeof value === "string" && value !== "";

/** One of its providers, in fcc's words. */
interface Listed {
  /** By which its routes call it. */
  readonly name: string;
  readonly id: string;
  readonly draft: ProviderDraft;
  readonly secret: string | undefined;
  /** Its requests go through transformers, and no row knows what they are for. */
  readonly isTransformed: boolean;
}

function listedIn(one: unknown, rows: Rows): Listed | undefined {
  if (!isTree(one)) return undefined;
  const { name, api_base_url: address, api_key, transformer } = one;
  if (typeof name !== "string" || typeof address !== "string" || !URL.canParse(address)) return undefined;
  const row = rowAt(address, rows);
  const id = row?.id ?? providerId(name, rows, []) ?? name.replace(/[/\s]+/g, "-");
  const draft = providerDraft(id, address, /\/messages\/?$/.test(address) ? "messages" : "chat", rows);
  const key = keyOf(api_key);
  const env = key !== undefined && "env" in key && !row?.key?.env.includes(key.env) ? key.env : undefined;
  return {
    name,
    id,
    draft: { ...draft, ...(env !== undefined && { key: { env } }) },
    secret: key !== undefined && "secret" in key && isKey(key.secret, row) ? key.secret : undefined,
    isTransformed: isTree(transformer) && row === undefined,
  };
}
