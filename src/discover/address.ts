import type { Provider } from "../route/target.ts";

/** The address before `/v1`, where a server's own endpoints stand. */
export function rootOf(provider: Provider): string {
  const { messages, chat, responses } = provider.speaks;
  const base = messages?.baseUrl ?? chat?.baseUrl ?? responses?.baseUrl ?? "";
  return withoutVersion(base);
}

/** An address for requests without its query and its `/v1`. */
export function withoutVersion(base: string): string {
  return base.replace(/\?.*$/, "").replace(/\/+$/, "").replace(/\/v1$/, "");
}

/** Where the list of models is. */
export function listOf(provider: Provider): string | undefined {
  const { chat, responses, messages } = provider.speaks;
  // The list's own address goes with the row's address, not with one of the user's.
  const own = chat?.baseUrl ?? messages?.baseUrl;
  const built = provider.row.speaks.chat?.baseUrl ?? provider.row.speaks.messages?.baseUrl;
  if (provider.row.modelsUrl && own === built) return provider.row.modelsUrl;
  const base = chat?.baseUrl ?? responses?.baseUrl;
  if (base) return below(base, "/models");
  return messages && below(messages.baseUrl, "/v1/models", "limit=1000");
}

/** Where the list may be, the likeliest first: a base with a path of its own may be written without the version that follows it. */
export function listsOf(provider: Provider): readonly string[] {
  const list = listOf(provider);
  if (list === undefined) return [];
  const { chat, responses } = provider.speaks;
  const base = chat?.baseUrl ?? responses?.baseUrl;
  const complete = base === undefined || /\/v\d+\w*(?:\/|$)/.test(new URL(base).pathname) || list !== below(base, "/models");
  return complete ? [list] : [list, below(base, "/v1/models")];
}

/** A path under a base, whose own query stays. */
function below(base: string, path: string, query?: string): string {
  const { origin, pathname, search } = new URL(base);
  const all = [search.slice(1), query ?? ""].filter((part) => part !== "").join("&");
  return `${origin}${pathname.replace(/\/+$/, "")}${path}${all && `?${all}`}`;
}
