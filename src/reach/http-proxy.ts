import type { Environment } from "../model/environment.ts";
import { hostName, isLoopback, isWithin, matchesName, parseAddress, parseBlock } from "./boundary.ts";

/**
 * The HTTP proxy that the environment names for a URL, or none. Lower-case names win, as in curl. Loopback never goes through a proxy:
 * the proxy's own loopback is another machine.
 */
export function httpProxyFor(url: URL, env: Environment): URL | undefined {
  const named = namedProxy(url, env);
  if (named === undefined) return undefined;
  const address = named.includes("://") ? named : `http://${named}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** Why the proxy that the environment names for a URL is none: it would be passed over, or spoken to in the wrong language. */
export function unusableProxy(url: URL, env: Environment): string | undefined {
  const named = namedProxy(url, env);
  if (named === undefined) return undefined;
  const proxy = httpProxyFor(url, env);
  if (proxy === undefined) return `${proxyVariable(url, env)} does not hold an address.`;
  const { protocol } = proxy;
  if (protocol === "http:" || protocol === "https:") return undefined;
  return `${proxyVariable(url, env)} names a ${protocol.slice(0, -1)} proxy; only http and https are understood.`;
}

/** The variable that names the proxy for a URL, where one does. */
export function proxyVariable(url: URL, env: Environment): string {
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  return env[name] === undefined ? name.toUpperCase() : name;
}

/** What the environment names as the proxy for a URL, as it is written there: it may be no address at all. */
export function namedProxy(url: URL, env: Environment): string | undefined {
  const named = url.protocol === "https:" ? either(env, "https_proxy") : either(env, "http_proxy");
  if (named === undefined || isLoopback(url.hostname) || passesBy(url, either(env, "no_proxy") ?? "")) return undefined;
  return named;
}

function either(env: Environment, name: string): string | undefined {
  const value = (env[name] ?? env[name.toUpperCase()])?.trim();
  return value === "" ? undefined : value;
}

/**
 * NO_PROXY as its users write it: names (with all below them), `*.name`, `.name`, addresses, CIDR blocks, `:port`, `*` for everything, and `10.*`
 * as Windows and Java have it.
 */
function passesBy(url: URL, list: string): boolean {
  const host = hostName(url.hostname);
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  const address = parseAddress(host);
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "") return false;
    if (entry === "*") return true;
    const block = parseBlock(entry);
    if (block !== undefined) return address !== undefined && isWithin(address, block);
    const [, name = entry, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (wantedPort !== undefined && wantedPort !== port) return false;
    const wanted = hostName(name.replace(/^\*?\./, ""));
    return host === wanted || host.endsWith(`.${wanted}`) || (wanted.includes("*") && matchesName(wanted, host));
  });
}
