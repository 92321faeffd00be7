import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { Boundary } from "../route/target.ts";
import { admits, loopbackAddress, ruleAgainst } from "./boundary.ts";

/** The address that a name led to lies outside the boundary. */
export class OutsideBoundary extends Error {
  readonly host: string;
  readonly address: string | undefined;
  readonly rule: string;
  constructor(host: string, address: string | undefined, rule: string) {
    super(`${host} is outside the boundary`);
    this.host = host;
    this.address = address;
    this.rule = rule;
  }
}

/**
 * Under a boundary a request may go through an HTTP proxy only where the target is admitted by its name, since its address is not ours
 * to see, and where the proxy itself is inside; what only the proxy's address decides is seen on its socket.
 */
export function refusedBefore(boundary: Boundary, url: URL, proxy: URL | undefined): OutsideBoundary | undefined {
  if (boundary.length === 0) return undefined;
  const target = admits(boundary, url.hostname);
  if (target.verdict === "refused") return new OutsideBoundary(url.hostname, undefined, target.rule);
  if (proxy === undefined) return undefined;
  const byName = target.verdict === "admitted" && (target.by === "name" || isAddress(url.hostname));
  if (byName && ruleAgainst(boundary, proxy.hostname) === undefined) return undefined;
  const why = byName ? "which is outside itself" : "and the boundary does not admit the host by name";
  return new OutsideBoundary(url.hostname, undefined, `it would go through the HTTP proxy ${proxy.host}, ${why}`);
}

/** What is connected to is this machine. Where the command leads from there nobody can see: who draws a boundary with names has to name it. */
export function refusedForwarded(boundary: Boundary, url: URL): OutsideBoundary | undefined {
  const rule = ruleAgainst(boundary, url.hostname, loopbackAddress);
  return rule === undefined ? undefined : new OutsideBoundary(url.hostname, loopbackAddress, rule);
}

function isAddress(host: string): boolean {
  return admits([["0.0.0.0/0", "::/0"]], host).verdict === "admitted";
}

/**
 * The same before a session begins, for a name that only its address decides: where every address that it has now is outside. One that
 * nobody knows, or not in time, is left to the socket. Milliseconds.
 */
export async function refusedByAddress(
  boundary: Boundary,
  url: URL,
  proxy: URL | undefined,
  { patience, lookup = systemLookup }: { readonly patience: number; readonly lookup?: LookupFunction },
): Promise<OutsideBoundary | undefined> {
  const refused = refusedBefore(boundary, url, proxy);
  if (refused !== undefined || admits(boundary, url.hostname).verdict !== "unknown") return refused;
  const addresses = await new Promise<readonly string[]>((resolve) => {
    const late = setTimeout(() => resolve([]), patience);
    lookup(url.hostname, { all: true }, (error, found) => {
      clearTimeout(late);
      resolve(error !== null || !Array.isArray(found) ? [] : found.map(({ address }) => address));
    });
  });
  const rules = addresses.map((address) => ruleAgainst(boundary, url.hostname, address));
  const [rule] = rules;
  return rule === undefined || rules.includes(undefined) ? undefined : new OutsideBoundary(url.hostname, addresses[0], rule);
}
