import { type WireName, wireNames } from "../../model/opaque.ts";
import type { Row } from "../../providers/row.ts";
import { admits, hostName } from "../../reach/boundary.ts";
import type { ProviderSettings } from "../schema/provider.ts";

export type Addresses = Partial<Record<WireName, { readonly baseUrl: string }>>;

const version = /\/v\d+[a-z]*$/;
const endpoints = /\/(?:chat\/completions|completions|messages(?:\/count_tokens)?|responses|models)$/;

/**
 * The address of each wire, by all that is written of a provider. An address that is written for one wire leaves the others as they were, but
 * only on the same origin: at another they would be sent a key and prompts that are meant for this server. `speaks: chat`, without an address,
 * limits the provider to that wire.
 */
export function addressesOf(row: Row | undefined, baseUrl: string | undefined, speaks: ProviderSettings["speaks"]): Addresses {
  const nothingKnown = row === undefined || (Object.keys(row.speaks).length === 0 && speaks !== undefined);
  const base = nothingKnown ? {} : baseUrl === undefined ? row.speaks : addressesAt(baseUrl, formsAt(row, baseUrl), row.ownApi);
  const written: Addresses = {};
  for (const wire of wireNames) {
    const named = speaks?.[wire];
    if (named === undefined) continue;
    const address = named.baseUrl ?? (base[wire] === undefined ? baseUrl : undefined);
    if (address !== undefined) written[wire] = { baseUrl: addressFor(wire, address) };
    else if (base[wire] !== undefined) written[wire] = base[wire];
  }
  const named = Object.values(speaks ?? {});
  if (named.length > 0 && named.every((wire) => wire?.baseUrl === undefined)) return written;
  const origins = originsOf(written);
  if (origins.every((origin) => originsOf(base).includes(origin))) return { ...base, ...written };
  const there = Object.entries(base).filter(([, { baseUrl: address }]) => origins.includes(new URL(address).origin));
  return { ...Object.fromEntries(there), ...written };
}

/**
 * The row's addresses as a form for this one: none where regions or projects are all that its addresses differ by, and this is at another domain.
 * What answers there is a gateway with paths of its own.
 */
function formsAt({ ownAddress, speaks }: Row, address: string): Row["speaks"] {
  const domainOf = (url: string) => new URL(url).hostname.split(".").slice(-2).join(".");
  const isHere = Object.values(speaks).some(({ baseUrl }) => domainOf(baseUrl) === domainOf(address));
  return isHere || ownAddress === undefined || ownAddress === "customer" ? speaks : {};
}

/**
 * The base URL of each wire for one address as a person writes it: `http://gpu-box.lan:11434`, with `/v1`, with a path before that, with a
 * trailing slash, or a whole endpoint. A base URL is what comes before `/chat/completions` and `/responses`, with the version, and before
 * `/v1/messages`, without it. Where the address only names another machine, the row's own paths for its wires stay.
 */
export function addressesAt(written: string, row: Row["speaks"], ownApi: Row["ownApi"] = []): Addresses {
  const url = new URL(written);
  const isItself = url.port !== "" && Object.values(row).some(({ baseUrl }) => new URL(baseUrl).port === url.port);
  const path = isItself ? besideOwnApi(pathIn(url), ownApi) : pathIn(url);
  // Azure's older addresses name the deployment, which has a chat endpoint and no other.
  if (deployment.test(path)) return { chat: { baseUrl: url.origin + path + url.search } };
  if (Object.keys(row).length === 0) return addressesAlone(written);
  const stem = stemOf(row);
  const known =
    path === "" ||
    path === stem ||
    Object.values(row).some(({ baseUrl }) => pathOf(baseUrl) === path || unversioned(pathOf(baseUrl)) === path);
  return Object.fromEntries(
    (Object.entries(row) as [WireName, { readonly baseUrl: string }][]).map(([wire, { baseUrl }]) => {
      const own = pathOf(baseUrl);
      const written = wire === "messages" ? unversioned(path) : withVersion(path, own);
      return [wire, { baseUrl: url.origin + (known ? own : written) + url.search }];
    }),
  );
}

/** The base of one wire for an address that was written for that wire alone. */
export function addressFor(wire: WireName, written: string): string {
  const url = new URL(written);
  const path = pathIn(url);
  if (wire === "messages") return url.origin + unversioned(path) + url.search;
  // A bare host is a server with the customary path; a path is the server's own.
  return url.origin + (path === "" ? "/v1" : path) + url.search;
}

/** For a server of which only the address is known: the wire of the endpoint that it ends with, else chat, which every server speaks. */
function addressesAlone(written: string): Addresses {
  const [, last] = /\/(messages|responses|anthropic)\/*$/.exec(new URL(written).pathname) ?? [];
  const wire = last === undefined ? "chat" : last === "responses" ? "responses" : "messages";
  return { [wire]: { baseUrl: addressFor(wire, written) } };
}

const deployment = /\/deployments\/[^/]+$/;
const pathIn = (url: URL) => url.pathname.replace(/\/+$/, "").replace(endpoints, "").replace(/\/+$/, "");

/** The path before an API of the server's own, with one of its endpoints or without: `/api`, `/api/chat`. */
const besideOwnApi = (path: string, ownApi: readonly string[]) =>
  ownApi.some((own) => path === own || path.startsWith(`${own}/`)) ? "" : path;

export function originsOf(addresses: Addresses): string[] {
  return [...new Set(Object.values(addresses).map(({ baseUrl }) => new URL(baseUrl).origin))].sort();
}

/** A name for a provider of which only the address is known: "llm.team.example" becomes "llm-team-example". */
export function nameFor(address: string): string {
  const { hostname, port } = new URL(address);
  if (/^(?:localhost|127\..*|\[::1\])$/.test(hostname)) return port === "" ? "local" : `local-${port}`;
  const name = hostname.replace(/^(?:api|www)\./, "").replace(/[^a-z0-9]+/gi, "-");
  return port === "" ? name.replace(/^-|-$/g, "") : `${name}-${port}`;
}

const pathOf = (baseUrl: string) => new URL(baseUrl).pathname.replace(/\/+$/, "");
const unversioned = (path: string) => path.replace(version, "");
/** A path with a version is complete; any other gets the version that this provider has. */
const withVersion = (path: string, rowPath: string) => (version.test(path) ? path : path + (version.exec(rowPath)?.[0] ?? ""));

/** The path segments that all of a row's addresses begin with. */
function stemOf(row: Row["speaks"]): string {
  const paths = Object.values(row).map(({ baseUrl }) => unversioned(pathOf(baseUrl)).split("/"));
  const [first = [], ...others] = paths;
  const length = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (length < 0 ? first : first.slice(0, length)).join("/");
}

/** Of a server that only the configuration describes, nothing is known but its address. */
export const kindOf = (addresses: Addresses): Row["kind"] =>
  originsOf(addresses).every((origin) => isNear(hostName(new URL(origin).hostname))) ? "local" : "cloud";

const isNear = (host: string) => nearName.test(host) || admits(["private"], host).verdict === "admitted";
/** A name without a domain, or in one that never leads out of a network. */
const nearName = /^[^.:]+$|\.(?:local|lan|internal|home\.arpa)$/;
