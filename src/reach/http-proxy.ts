import type { Environment } from "../model/environment.ts";
import { hostName, isLoopback, isWithin, matchesName, parseAddress, parseBlock } from "./boundary.ts";

/** The HTTP proxy that the environment names. */
export interface HttpProxy {
  /** The variable that names it. */
  readonly variable: string;
  /** Undefined where that does not hold an address. */
  readonly url?: URL;
  /** Why it is none: it would be passed over, or spoken to in the wrong language. */
  readonly fault?: string;
}

/**
 * The HTTP proxy that the environment names for a URL, or none. Lower-case names win, as in curl. Loopback never goes through a proxy:
 * the proxy's own loopback is another machine.
 */
export function httpProxyFor(url: URL, env: Environment): HttpProxy | undefined {
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  const named = either(env, name);
  if (named === undefined || isLoopback(url.hostname) || passesBy(url, either(env, "no_proxy") ?? "")) return undefined;
  const variable = env[name] === undefined ? name.toUpperCase() : name;
  const address = named.includes("://") ? named : `http://${named}`;
  if (!URL.canParse(address)) return { variable, fault: `${variable} does not hold an address.` };
  const proxy = new URL(address);
  const { protocol } = proxy;
  if (protocol === "http:" || protocol === "https:") return { variable, url: proxy };
  return { variable, url: proxy, fault: `${variable} names a ${protocol.slice(0, -1)} proxy; only http and https are understood.` };
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
