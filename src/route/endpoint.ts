import type { WireName } from "../model/opaque.ts";
import type { Provider } from "./target.ts";

const paths: Readonly<Record<WireName, string>> = { messages: "/messages", chat: "/chat/completions", responses: "/responses" };

/** The `anthropic-version` of Messages endpoints: nothing that fcc writes itself needs a later one, and servers other than Anthropic know no other. */
export const firstVersion = "2023-06-01";

/**
 * The addresses at which a provider may answer on a wire, the likeliest first, or only one where there is no doubt. People write base URLs
 * with and without `/v1`, with a trailing slash, or with the whole path of the endpoint. `below` is a path under the endpoint
 * ("/count_tokens"). Empty where the provider does not speak the wire.
 */
export function endpoints(provider: Provider, wire: WireName, below = ""): readonly string[] {
  const base = provider.speaks[wire]?.baseUrl;
  if (base === undefined || !URL.canParse(base)) return [];
  const url = new URL(base);
  let path = url.pathname.replace(/\/+$/, "");
  for (const ending of Object.values(paths)) if (path.endsWith(ending)) path = path.slice(0, -ending.length);
  const roots = path.endsWith("/v1") || (isVersioned(path) && wire !== "messages") ? [path] : candidates(path, wire);
  return roots.map((root) => `${url.origin}${root}${paths[wire]}${below}${url.search}`);
}

/** Whether the path of a base URL has a version, so that none is added. */
export function isVersioned(path: string): boolean {
  return /\/v\d+\w*(?:\/|$)/.test(path);
}

/** The wire of the endpoint that an address ends with. */
export function wireAt(url: string): WireName | undefined {
  const { pathname } = new URL(url);
  return (Object.keys(paths) as WireName[]).find((wire) => pathname.endsWith(paths[wire]));
}

/** Messages servers have `/v1` under any base URL; for the other wires one with a path is usually complete. */
function candidates(path: string, wire: WireName): string[] {
  if (wire === "messages") return [`${path}/v1`];
  return path === "" ? ["/v1", ""] : [path, `${path}/v1`];
}
