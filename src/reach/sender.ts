import type { Dispatcher } from "undici";
import type { Provider } from "../route/target.ts";
import { type ConnectOptions, createConnect } from "./connect.ts";
import { TunnelRefused, UnusableProxy } from "./errors.ts";
import { type Exchange, exchange } from "./exchange.ts";
import { explainFrom } from "./explain.ts";
import { httpProxyFor } from "./http-proxy.ts";
import { refusedBefore, refusedCloud, refusedForwarded } from "./outside.ts";
import type { Forward, Outgoing, Reach, Reached, ReachOptions } from "./reach.ts";
import { proxyAuthorization } from "./tunnel.ts";
import { Agent } from "./undici.ts";

/**
 * Milliseconds for which an idle connection is kept, where its server does not say. Between two requests a tool runs, often for longer than
 * undici's default of 4 s, and each new connection costs a TLS handshake. Not minutes, since a sleeping machine or a NAT may lose an idle
 * connection unnoticed.
 */
const keepAliveTimeout = 20_000;
/** Seconds for which a server may have closed a reused connection before it saw the request. One that closes it later has read the request. */
const crossing = 2;

/** Sends with undici, on pooled connections. */
export function createSender({ env, boundary = [], lookup, forward = notForwarded }: ReachOptions): Reach {
  const pools = new Map<string, Pool>();
  const pending = new Set<() => void>();
  /** Origins that have answered. */
  const spoke = new Set<string>();

  const poolFor = (provider: Provider, tunnel: URL | undefined, forwarded: number | undefined): Pool => {
    const { tls, timeout } = provider;
    const key = JSON.stringify([tunnel?.href, timeout.connect, tls, forwarded]);
    const known = pools.get(key);
    if (known !== undefined) return known;
    const handing = { now: false };
    const connect = createConnect({
      boundary,
      timeout: timeout.connect,
      handing,
      pending,
      lookup,
      tls,
      proxy: tunnel,
      forwarded,
    });
    // `exchange` has its own time-outs: it knows whether the provider is silent or the client is slow to read.
    const agent = new Agent({ connect, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout, maxHeaderSize: 64 * 1024 });
    const pool = { agent, handing };
    pools.set(key, pool);
    return pool;
  };

  return {
    async send(outgoing) {
      const { provider, signal } = outgoing;
      const url = new URL(outgoing.url);
      const isForwarded = provider.via !== undefined;
      const proxy = isForwarded ? undefined : httpProxyFor(url, env);
      const toFailure = explainFrom({ provider, url, spoke: spoke.has(url.origin), proxy });
      const elsewhere = isForwarded ? refusedForwarded(boundary, url) : refusedBefore(boundary, url, proxy?.url);
      const refusal = refusedCloud(boundary, provider, url) ?? elsewhere;
      if (refusal !== undefined) return { failure: toFailure(refusal, false) };
      if (proxy?.fault !== undefined) return { failure: toFailure(new UnusableProxy(proxy.fault), false) };
      const forwarded = isForwarded ? await forward(provider) : undefined;
      if (forwarded?.failure) return { failure: forwarded.failure };
      // An HTTP proxy tunnels TLS; a plain request is sent to the proxy itself, with the whole URL (RFC 9112 3.2.2).
      const plain = url.protocol === "http:";
      const pool = poolFor(provider, plain ? undefined : proxy?.url, forwarded?.port);
      const request = plain && proxy?.url !== undefined ? requestThrough(proxy.url, url, outgoing) : requestTo(url, outgoing);
      const asked = { request, timeout: provider.timeout, toFailure, signal };
      const reached = await sendOn(pool, asked);
      if (reached.failure === undefined) spoke.add(url.origin);
      // Only a proxy answers 407 (RFC 9110 15.5.8), and only to a plain request: for a tunnel undici makes it an error.
      if (proxy === undefined || reached.failure !== undefined || reached.status !== 407) return reached;
      reached.body.on("error", () => {}).destroy();
      return { failure: toFailure(new TunnelRefused(reached.status), false) };
    },
    async close() {
      const open = [...pools.values()];
      pools.clear();
      // undici does not end connections that are still being made, and they would keep the process alive until they time out.
      for (const giveUp of pending) giveUp();
      await Promise.all(open.map(({ agent }) => agent.destroy()));
    },
  };
}

/**
 * Sends a request, and once more where the server closed a kept connection just as it was reused (RFC 9112 9.3.1): it never arrived there.
 */
async function sendOn({ agent, handing }: Pool, asked: Omit<Exchange, "agent" | "onStart">): Promise<Reached> {
  let kept = false;
  let written = 0;
  const onStart = () => {
    kept = !handing.now;
    written = process.uptime();
  };
  const first = await exchange({ ...asked, agent, onStart });
  const crossed = kept && process.uptime() - written < crossing;
  const stale = crossed && first.failure?.kind === "cut-off" && first.failure.origin === "provider";
  return stale && asked.signal?.aborted !== true ? exchange({ ...asked, agent, onStart }) : first;
}

function requestTo(url: URL, { method, headers, body }: Outgoing): Dispatcher.DispatchOptions {
  return { origin: url.origin, path: `${url.pathname}${url.search}`, method, headers: { ...headers }, body: body ?? null };
}

function requestThrough(proxy: URL, url: URL, outgoing: Outgoing): Dispatcher.DispatchOptions & { readonly servername: string } {
  return {
    ...requestTo(url, outgoing),
    origin: proxy.origin,
    path: `${url.origin}${url.pathname}${url.search}`,
    headers: { ...outgoing.headers, host: url.host, ...proxyAuthorization(proxy) },
    // undici would take it from the Host, which is the target's.
    servername: proxy.hostname,
  };
}

/** The connections that share one way of connecting. */
interface Pool {
  readonly agent: Agent;
  readonly handing: ConnectOptions["handing"];
}

const notForwarded: Forward = async ({ id }) => ({
  failure: { kind: "unreachable", origin: "fcc", provider: id, message: `nothing was started that leads to ${id}.` },
});
