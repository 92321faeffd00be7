import { lookup } from "node:dns/promises";
import { isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Environment } from "../model/environment.ts";
import { type Failure, withAdvice } from "../model/failure.ts";
import type { Boundary, Provider } from "../route/target.ts";
import { ConnectTimeout } from "./errors.ts";
import { explainFrom } from "./explain.ts";
import { connectToFirst, type Pending } from "./first-connection.ts";
import { httpProxyFor } from "./http-proxy.ts";
import { loopbackAddress } from "./loopback.ts";
import { insideOf, OutsideBoundary } from "./outside.ts";
import { portOf } from "./tcp.ts";
import { tlsOptions } from "./tls-options.ts";

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
  readonly boundary?: Boundary | undefined;
  /** The port of this machine that a command forwards to it. */
  readonly forwarded?: number;
}

/** Walks the way to a provider step by step and stops at the first that fails. Through an HTTP proxy the way ends at that proxy. */
export async function traceWay({ provider, url, env, boundary = [], forwarded }: TraceOptions): Promise<readonly Step[]> {
  const named = forwarded === undefined ? httpProxyFor(url, env) : undefined;
  const { url: proxy, fault } = named ?? {};
  if (fault !== undefined) return [{ step: "HTTP proxy", seen: fault, failure: { kind: "unreachable", origin: "fcc", message: fault } }];

  const toFailure = explainFrom({ provider, url, proxy: named });
  const host = (proxy ?? url).hostname.replace(/^\[|\]$/g, "");
  const port = forwarded ?? portOf(proxy ?? url);
  const through = proxy === undefined ? "" : " of the HTTP proxy";
  const steps: Step[] = [
    proxy === undefined
      ? { step: "HTTP proxy", seen: "none on this way", skipped: true }
      : { step: "HTTP proxy", seen: `${proxy.protocol}//${proxy.host}` },
  ];
  /** The step that is taken, and what is seen where it fails. */
  let taken: Step = { step: "name", seen: `${host}${through} has no address` };
  let socket: Socket | undefined;
  try {
    const addresses = forwarded === undefined ? (await lookup(host, { all: true })).map(({ address }) => address) : [loopbackAddress];
    const inside = insideOf(boundary, host, addresses);
    if (inside instanceof OutsideBoundary) throw inside;
    const seen = isIP(host) !== 0 ? `${host} is an address` : `${host} is ${addresses.join(", ")}`;
    steps.push(
      forwarded === undefined ? { step: "name", seen } : { step: "name", seen: "not looked up: a command leads there", skipped: true },
    );

    taken = { step: "TCP", seen: `no connection to port ${port}${through}` };
    const at = performance.now();
    socket = await opened(inside, port, provider.timeout.connect);
    steps.push({ step: "TCP", seen: `connected to ${socket.remoteAddress}${through} in ${Math.round(performance.now() - at)} ms` });

    taken = { step: "TLS", seen: "no secure connection" };
    if (proxy !== undefined)
      return [...steps, { step: "TLS", seen: "inside the proxy's tunnel: seen with the first request", skipped: true }];
    if (url.protocol !== "https:") return [...steps, { step: "TLS", seen: "not used: the address is http://", skipped: true }];
    const secure = await sealed(socket, host, provider);
    steps.push({ step: "TLS", seen: `${secure.getProtocol()}, certificate valid until ${secure.getPeerCertificate().valid_to}` });
    secure.destroy();
    return steps;
  } catch (error) {
    const failure = toFailure(error, false);
    if (proxy === undefined) return [...steps, { ...taken, failure }];
    // The provider is not to blame for a proxy that does not answer.
    const what = `the HTTP proxy ${proxy.host} cannot be reached.`;
    const said = withAdvice(what, "Check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY.");
    return [{ step: "HTTP proxy", seen: taken.seen, failure: { ...failure, ...said } }];
  } finally {
    socket?.destroy();
  }
}

/** To the first of these addresses that answers; no name is looked up again. */
function opened(addresses: readonly string[], port: number, patience: number): Promise<Socket> {
  return inTime(patience, (done) => connectToFirst(addresses, port, done));
}

function sealed(socket: Socket, host: string, { tls, timeout }: Provider): Promise<TLSSocket> {
  return inTime(timeout.connect, (done) => {
    const secure = connectTls({ socket, host, ...(isIP(host) === 0 && { servername: host }), ...tlsOptions(tls) });
    secure.once("secureConnect", () => done(null, secure));
    return secure.once("error", done);
  });
}

/** The socket, once it can be written to. */
function inTime<Kind extends Socket>(
  patience: number,
  begin: (done: (error: Error | null, socket?: Kind) => void) => Pending,
): Promise<Kind> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      pending.destroy();
      reject(new ConnectTimeout());
    }, patience);
    const pending = begin((error, socket) => {
      clearTimeout(timer);
      if (socket === undefined) reject(error);
      else resolve(socket);
    });
  });
}
