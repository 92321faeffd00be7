import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { Boundary, Provider } from "../route/target.ts";
import { admits, ruleAgainst } from "./boundary.ts";
import { loopbackAddress } from "./loopback.ts";

/** A host, or the address that it resolved to, is outside the boundary. */
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
 * Whether a boundary refuses a request before anything is sent. Through an HTTP proxy, fcc does not see the target's address: the target must be
 * admitted by name, and the proxy itself must be inside. Where only the proxy's address can decide that, its socket is checked.
 */
export function refusedBefore(boundary: Boundary, url: URL, proxy: URL | undefined): OutsideBoundary | undefined {
  if (boundary.length === 0) return undefined;
  const target = admits(boundary, url.hostname);
  if (target.verdict === "refused") return new OutsideBoundary(url.hostname, undefined, target.rule);
  if (proxy === undefined) return undefined;
  // Nothing was resolved yet: what is admitted now is so by its name, which may be an address.
  const byName = target.verdict === "admitted";
  if (byName && ruleAgainst(boundary, proxy.hostname) === undefined) return undefined;
  const why = byName ? "which is outside itself" : "and the boundary does not admit the host by name";
  return new OutsideBoundary(url.hostname, undefined, `it would go through the HTTP proxy ${proxy.host}, ${why}`);
}

/**
 * The rule that keeps requests near, where a cloud provider would be asked at its own address. Nobody has to be asked where that is: the question
 * alone would leave the machine, and where no name server answers it, a client would be told to try again.
 */
export function ruleAgainstCloud(boundary: Boundary, { row }: Pick<Provider, "row">, host: string): string | undefined {
  const isOwn = row.kind === "cloud" && Object.values(row.speaks).some(({ baseUrl }) => new URL(baseUrl).hostname === host);
  return isOwn ? boundary.find((rule) => rule === "local" || rule === "private") : undefined;
}

/** The same for a request. */
export function refusedCloud(boundary: Boundary, provider: Provider, { hostname }: URL): OutsideBoundary | undefined {
  const rule = ruleAgainstCloud(boundary, provider, hostname);
  return rule === undefined ? undefined : new OutsideBoundary(hostname, undefined, rule);
}

/** The addresses of a host that are inside a boundary; its refusal where none is. */
export function insideOf(boundary: Boundary, host: string, addresses: readonly string[]): readonly string[] | OutsideBoundary {
  const inside = addresses.filter((address) => ruleAgainst(boundary, host, address) === undefined);
  if (inside.length > 0) return inside;
  return new OutsideBoundary(host, addresses[0], ruleAgainst(boundary, host, addresses[0]) ?? "its name has no address");
}

/** A forwarded port is on this machine, and fcc cannot see where the command leads. Under a boundary of names the host must be one of them. */
export function refusedForwarded(boundary: Boundary, url: URL): OutsideBoundary | undefined {
  const rule = ruleAgainst(boundary, url.hostname, loopbackAddress);
  return rule === undefined ? undefined : new OutsideBoundary(url.hostname, loopbackAddress, rule);
}

/**
 * The same before a session begins, for a name that is admitted only by address: refused where every address that it now has is outside. A name
 * that does not resolve within `patience` (milliseconds) is left to the check on the socket.
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
  const inside = addresses.length === 0 ? [] : insideOf(boundary, url.hostname, addresses);
  return inside instanceof OutsideBoundary ? inside : undefined;
}
