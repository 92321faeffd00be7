import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Failure } from "../model/failure.ts";
import type { Boundary, Provider } from "../route/target.ts";
import { admits } from "./boundary.ts";
import { ConnectTimeout, OutsideBoundary, portOf } from "./connect.ts";
import { explain } from "./explain.ts";
import { type Environment, httpProxyFor, namedProxy } from "./http-proxy.ts";

/** One step on the way to an address, as it went by itself. Nothing of HTTP is sent. */
export interface Step {
  readonly step: "HTTP proxy" | "name" | "TCP" | "TLS";
  /** What was found: addresses, milliseconds, the certificate's end. */
  readonly seen: string;
  readonly failure?: Failure;
  /** The step has no place on this way. */
  readonly skipped?: true;
}

export interface TraceOptions {
  readonly provider: Provider;
  readonly url: URL;
  readonly env: Environment;
  readonly boundary?: Boundary;
}

/** Walks the way to a provider step by step and stops at the first that fails. Through an HTTP proxy the way ends at that proxy. */
export async function traceWay({ provider, url, env, boundary = [] }: TraceOptions): Promise<readonly Step[]> {
  const began = performance.now();
  const steps: Step[] = [];
  const proxy = httpProxyFor(url, env);
  const tell = (error: unknown) =>
    explain(error, { provider, url, elapsed: performance.now() - began, answering: false, ...(proxy === undefined ? {} : { proxy }) });
  const wrong = unreadableProxy(url, env);
  if (wrong !== undefined) return [{ step: "HTTP proxy", seen: wrong, failure: { kind: "unreachable", origin: "fcc", message: wrong } }];
  steps.push(
    proxy === undefined
      ? { step: "HTTP proxy", seen: "none on this way", skipped: true }
      : { step: "HTTP proxy", seen: `${proxy.protocol}//${proxy.host}` },
  );

  const host = (proxy ?? url).hostname.replace(/^\[|\]$/g, "");
  const through = proxy === undefined ? "" : " of the HTTP proxy";
  try {
    const addresses = isIP(host) !== 0 ? [host] : (await lookup(host, { all: true })).map(({ address }) => address);
    const outside = addresses.map((address) => admits(boundary, host, address)).find(({ verdict }) => verdict === "refused");
    if (outside?.verdict === "refused") throw new OutsideBoundary(host, addresses[0], outside.rule);
    steps.push({ step: "name", seen: isIP(host) !== 0 ? `${host} is an address` : `${host} is ${addresses.join(", ")}` });
  } catch (error) {
    return [...steps, { step: "name", seen: `${host}${through} has no address`, failure: blamed(tell(error), proxy) }];
  }

  let socket: Socket;
  try {
    const at = performance.now();
    socket = await opened(host, portOf(proxy ?? url), provider.timeout.connect);
    steps.push({ step: "TCP", seen: `connected to ${socket.remoteAddress}${through} in ${Math.round(performance.now() - at)} ms` });
  } catch (error) {
    return [
      ...steps,
      { step: "TCP", seen: `no connection to port ${portOf(proxy ?? url)}${through}`, failure: blamed(tell(error), proxy) },
    ];
  }
  if (url.protocol !== "https:" || proxy !== undefined) {
    socket.destroy();
    const seen = proxy === undefined ? "not used: the address is http://" : "inside the proxy's tunnel: seen with the first request";
    return [...steps, { step: "TLS", seen, skipped: true }];
  }
  try {
    const secure = await sealed(socket, host, provider);
    steps.push({ step: "TLS", seen: `${secure.getProtocol()}, certificate valid until ${secure.getPeerCertificate().valid_to}` });
    secure.destroy();
  } catch (error) {
    socket.destroy();
    return [...steps, { step: "TLS", seen: "no secure connection", failure: tell(error) }];
  }
  return steps;
}

/** A proxy that is named in a way nobody can read: it would be passed over, or spoken to in the wrong language. */
function unreadableProxy(url: URL, env: Environment): string | undefined {
  const named = namedProxy(url, env);
  if (named === undefined) return undefined;
  const variable = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const address = named.includes("://") ? named : `http://${named}`;
  if (!URL.canParse(address)) return `${variable} does not hold an address.`;
  const { protocol } = new URL(address);
  if (protocol === "http:" || protocol === "https:") return undefined;
  return `${variable} names a ${protocol.slice(0, -1)} proxy; only http and https are understood.`;
}

/** The provider is not to blame for a proxy that does not answer. */
function blamed(failure: Failure, proxy: URL | undefined): Failure {
  if (proxy === undefined) return failure;
  return {
    ...failure,
    message: `the HTTP proxy ${proxy.host} cannot be reached. Check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY.`,
  };
}

function opened(host: string, port: number, patience: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, autoSelectFamily: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new ConnectTimeout());
    }, patience);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function sealed(socket: Socket, host: string, { tls, timeout }: Provider): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({
      socket,
      ...(isIP(host) === 0 || tls?.serverName !== undefined ? { servername: tls?.serverName ?? host } : {}),
      ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls?.cert === undefined ? {} : { cert: tls.cert }),
      ...(tls?.key === undefined ? {} : { key: tls.key }),
    });
    const timer = setTimeout(() => reject(new ConnectTimeout()), timeout.connect);
    secure.once("secureConnect", () => {
      clearTimeout(timer);
      resolve(secure);
    });
    secure.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
