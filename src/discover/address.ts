import { isVersioned } from "../route/endpoint.ts";
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

/** Where the list of models may be, the likeliest first: a base with a path of its own may be written without the version that follows it. */
export function listsOf({ row, speaks: { chat, responses, messages } }: Provider): readonly string[] {
  // The list's own address goes with the row's address, not with one of the user's.
  const built = row.speaks.chat ?? row.speaks.messages;
  if (row.modelsUrl && (chat ?? messages)?.baseUrl === built?.baseUrl) return [row.modelsUrl];
  const base = (chat ?? responses)?.baseUrl;
  if (base === undefined) return messages === undefined ? [] : [below(messages.baseUrl, "/v1/models", "limit=1000")];
  const list = below(base, "/models");
  return isVersioned(new URL(base).pathname) ? [list] : [list, below(base, "/v1/models")];
}

/** A path under a base, whose own query stays. */
function below(base: string, path: string, query?: string): string {
  const { origin, pathname, search } = new URL(base);
  const all = [search.slice(1), query ?? ""].filter((part) => part !== "").join("&");
  return `${origin}${pathname.replace(/\/+$/, "")}${path}${all && `?${all}`}`;
}
