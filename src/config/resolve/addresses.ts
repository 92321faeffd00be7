import type { WireName } from "../../model/opaque.ts";
import type { Row } from "../../providers/row.ts";

export type Addresses = Partial<Record<WireName, { readonly baseUrl: string }>>;

const version = /\/v\d+[a-z]*$/;
const endpoints = /\/(?:chat\/completions|completions|messages(?:\/count_tokens)?|responses|models)$/;

/**
 * The base URL of each wire for one address as a person writes it: `http://gpu-box.lan:11434`, with `/v1`, with a path before that, with a
 * trailing slash, or a whole endpoint. A base URL is what comes before `/chat/completions` and `/responses`, with the version, and before
 * `/v1/messages`, without it. Where the address only names another machine, the row's own paths for its wires stay.
 */
export function addressesAt(written: string, row: Row["speaks"]): Addresses {
  const url = new URL(written);
  const path = pathIn(url);
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

/**
 * The address in a variable that, like OLLAMA_HOST, may also tell the server what to bind to: `0.0.0.0`, `:8080`, `gpu-box`, `[::]:11434`,
 * `http://gpu-box`. All interfaces mean this machine. A missing port is the row's, or the scheme's where a scheme is written, as Ollama reads it.
 * Undefined where it is not an address.
 */
export function addressOfBind(written: string, row: Row): string | undefined {
  const text = written.trim().replace(/^["']|["']$/g, "");
  if (text === "" || /\s/.test(text)) return undefined;
  const scheme = /^(https?):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined && text.includes("://")) return undefined;
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
  const slash = rest.indexOf("/");
  const [authority, path] = slash < 0 ? [rest, ""] : [rest.slice(0, slash), rest.slice(slash)];
  const parts = splitPort(authority);
  const own = Object.values(row.speaks)[0]?.baseUrl;
  const port = parts.port || (scheme === undefined && row.kind === "local" && own !== undefined ? new URL(own).port : "");
  const address = `${scheme ?? (row.kind === "local" ? "http" : "https")}://${reachable(parts.host)}${port && `:${port}`}${path}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "" ? address.replace(/\/+$/, "") : undefined;
}

function splitPort(authority: string): { host: string; port: string } {
  const bracketed = /^(\[[^\]]*\])(?::(\d*))?$/.exec(authority);
  if (bracketed) return { host: bracketed[1] ?? "", port: bracketed[2] ?? "" };
  if ((authority.match(/:/g) ?? []).length > 1) return { host: `[${authority}]`, port: "" };
  const [host = "", port = ""] = authority.split(":");
  return { host, port };
}

function reachable(host: string): string {
  if (host === "" || host === "0.0.0.0" || host === "*") return "127.0.0.1";
  return host === "[::]" || host === "[0:0:0:0:0:0:0:0]" ? "[::1]" : host;
}
