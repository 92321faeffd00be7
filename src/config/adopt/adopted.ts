import { jsonrepair } from "jsonrepair";
import type { WireName } from "../../model/opaque.ts";
import type { Row } from "../../providers/row.ts";
import type { Draft, ProviderDraft } from "../files/draft.ts";
import { isTree, own, type Tree } from "../files/tree.ts";
import { originsOf } from "../resolve/addresses.ts";
import type { Rows } from "../resolve/known-providers.ts";

/** Another tool's configuration, in fcc's words. */
export interface Adopted {
  readonly models: Draft["models"];
  readonly providers: Draft["providers"];
  /** Secrets that stood in it as text, by provider: for `fcc keys`, never for a file of ours, never printed. */
  readonly keys: Readonly<Record<string, string>>;
  /** What of it has no counterpart here. */
  readonly notices: readonly string[];
}

/** An object of JSON in which comments and trailing commas are customary; undefined: it is none. */
export function readLooseJson(text: string): Tree | undefined {
  try {
    const value: unknown = JSON.parse(jsonrepair(text));
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The provider that stands at an address: its row, by origin, and where several share one the one with the longest common path. */
export function rowAt(address: string, rows: Rows): Row | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const common = (row: Row) =>
    Math.max(
      ...Object.values(row.speaks).map(({ baseUrl }) => {
        const base = new URL(baseUrl);
        return sameOrigin(base, url) && url.pathname.startsWith(base.pathname.replace(/\/$/, "")) ? base.pathname.length : -1;
      }),
    );
  return Object.values(rows)
    .filter((row) => Object.values(row.speaks).some(({ baseUrl }) => sameOrigin(new URL(baseUrl), url)))
    .sort((a, b) => common(b) - common(a))[0];
}

/** The address to which a server is bound is copied as if it were one to reach it by. */
const local = (host: string) => (["localhost", "[::1]", "0.0.0.0", "[::]"].includes(host) ? "127.0.0.1" : host);

function sameOrigin(a: URL, b: URL): boolean {
  return a.protocol === b.protocol && a.port === b.port && local(a.hostname) === local(b.hostname);
}

/**
 * What has to be written of a provider at an address: nothing where its row says the same, only the address where the name is a row's,
 * and the wire too where nothing is known of it.
 */
export function providerDraft(id: string, address: string, wire: WireName, rows: Rows): ProviderDraft {
  const row = own(rows, id);
  if (row === undefined || Object.keys(row.speaks).length === 0) return { speaks: { [wire]: { baseUrl: address } } };
  const there = originsOf(row.speaks).some((origin) => sameOrigin(new URL(origin), new URL(address)));
  return there && row.ownAddress === undefined ? {} : { baseUrl: address };
}

/**
 * Whether a key that stands in another tool's configuration is one. Where a server of this machine takes none, tools that insist on one are
 * given a word ("ollama", "sk-no-key-required"); LiteLLM's, and one that somebody set for vLLM, has digits.
 */
export function isKey(text: string, row: Row | undefined): boolean {
  return row?.kind !== "local" || /\d/.test(text);
}

/** `$KEY` and `${KEY}` name a variable; anything else is the key itself. */
export function keyOf(written: unknown): { readonly env: string } | { readonly secret: string } | undefined {
  if (typeof written !== "string" || written.trim() === "") return undefined;
  const [, variable] = /^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/.exec(written.trim()) ?? [];
  return variable === undefined ? { secret: written.trim() } : { env: variable };
}
