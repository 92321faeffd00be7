import { defaultTimeout, keyFault } from "../config/index.ts";
import type { Environment } from "../model/environment.ts";
import type { Row } from "../providers/row.ts";
import { baseUrlOf, type Provider } from "../route/target.ts";

/** A row at the root of an address (`http://127.0.0.1:8080`) that nobody configured, with the key of its documented variable. */
export function providerAt(row: Row, root: string, env: Environment): Provider {
  const speaks = Object.fromEntries(
    Object.entries(row.speaks).map(([wire, { baseUrl }]) => [wire, { baseUrl: `${root}${new URL(baseUrl).pathname.replace(/\/$/, "")}` }]),
  );
  const variable = row.key?.env.find((name) => keyFault(env[name]?.trim() ?? "") === undefined);
  return {
    id: row.id,
    row,
    speaks: Object.keys(speaks).length === 0 ? { chat: { baseUrl: `${root}/v1` } } : speaks,
    ...(variable === undefined ? { keys: [] } : { keys: [env[variable]?.trim() ?? ""], keySource: variable }),
    headers: row.headers ?? {},
    quirks: row.quirks,
    timeout: defaultTimeout,
    source: "found on this machine",
  };
}

/** Where a provider's server is, for people. */
export function originOf(provider: Provider): string {
  return new URL(baseUrlOf(provider) ?? "http://127.0.0.1").origin;
}

export const exampleModel = "qwen3:8b";

/** How a server gets its first model. */
export function firstModel({ fetch }: Row): string {
  return fetch === undefined ? "Load a model there" : `Fetch one with \`${fetch} ${exampleModel}\``;
}
