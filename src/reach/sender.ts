import type { Dispatcher } from "undici";
import type { Failure } from "../model/failure.ts";
import type { Provider } from "../route/target.ts";
import { type ConnectOptions, createConnect, proxyAuthorization } from "./connect.ts";
import { TunnelRefused, UnusableProxy } from "./errors.ts";
import { exchange } from "./exchange.ts";
import { explain } from "./explain.ts";
import { httpProxyFor, proxyVariable, unusableProxy } from "./http-proxy.ts";
import { refusedBefore, refusedForwarded } from "./outside.ts";
import type { Forward, Outgoing, Reach, ReachOptions } from "./reach.ts";
import { Agent } from "./undici.ts";

/**
 * Milliseconds for which a connection is kept, where its server does not say: a tool runs between two requests, and undici's own 4 s cost a
 * new connection, and its TLS, behind many. Not minutes: one that a sleeping machine or a NAT has lost meanwhile would answer nothing.
 */
const pause = 20_000;
/** Seconds in which a server's end of a kept connection can have crossed with a request: who ends it later has read that. */
const crossing = 2;

/** Sends with undici, on connections that are kept. */
export function createSender({ env, boundary = [], lookup, forward = notForwarded }: ReachOptions): Reach {
  const ways = new Map<string, Way>();
  const pending = new Set<() => void>();

  const wayTo = (provider: Provider, tunnel: URL | undefined, forwarded: number | undefined): Way => {
    const { tls, timeout } = provider;
    const key = JSON.stringify([tunnel?.href, timeout.connect, tls, forwarded]);
    const known = ways.get(key);
    if (known !== undefined) return known;
    const handing = { now: false };
    const connect = createConnect({
      boundary,
      timeout: timeout.connect,
      handing,
      pending,
      ...(lookup === undefined ? {} : { lookup }),
      ...(tls === undefined ? {} : { tls }),
      ...(tunnel === undefined ? {} : { proxy: tunnel }),
      ...(forwarded === undefined ? {} : { forwarded }),
    });
    // Time-outs are kept by `exchange`, which knows whether the client or the provider is the one that waits.
    const agent = new Agent({ connect, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: pause, maxHeaderSize: 64 * 1024 });
    const way = { agent, handing };
    ways.set(key, way);
    return way;
  };

  return {
    async send(outgoing) {
      // Before a client starts nothing else asks for `performance`, which Node would load.
      const began = process.uptime();
      const { provider, signal } = outgoing;
      const url = new URL(outgoing.url);
      const isForwarded = provider.via !== undefined;
      const proxy = isForwarded ? undefined : httpProxyFor(url, env);
      const toFailure = (error: unknown, answering: boolean): Failure =>
        explain(error, {
          provider,
          url,
          elapsed: 1000 * (process.uptime() - began),
          answering,
          ...(proxy === undefined ? {} : { proxy: { url: proxy, variable: proxyVariable(url, env) } }),
        });

      const refusal = isForwarded ? refusedForwarded(boundary, url) : refusedBefore(boundary, url, proxy);
      if (refusal !== undefined) return { failure: toFailure(refusal, false) };
      const unusable = isForwarded ? undefined : unusableProxy(url, env);
      if (unusable !== undefined) return { failure: toFailure(new UnusableProxy(unusable), false) };
      const forwarded = isForwarded ? await forward(provider) : undefined;
      if (forwarded?.failure) return { failure: forwarded.failure };
      // A tunnel is for TLS; any other request goes to the proxy as to a server, and names the whole URL.
      const plain = url.protocol === "http:";
      const { agent, handing } = wayTo(provider, plain ? undefined : proxy, forwarded?.port);
      const request = plain && proxy !== undefined ? requestThrough(proxy, url, outgoing) : requestTo(url, outgoing);
      let kept = false;
      let written = 0;
      const onStart = () => {
        kept = !handing.now;
        written = process.uptime();
      };
      const asked = { agent, request, timeout: provider.timeout, toFailure, onStart, ...(signal === undefined ? {} : { signal }) };
      const first = await exchange(asked);
      // A kept connection that the server closed in the moment of reuse (RFC 9112 9.3.1): the request never arrived. Nothing came back, so it
      // is sent once more.
      const crossed = kept && process.uptime() - written < crossing;
      const stale = crossed && first.failure?.kind === "cut-off" && first.failure.origin === "provider";
      const reached = stale && signal?.aborted !== true ? await exchange(asked) : first;
      // Only a proxy asks for credentials by this status (RFC 9110 15.5.8); to a tunnel it is not an answer but an error.
      if (proxy === undefined || reached.failure !== undefined || reached.status !== 407) return reached;
      reached.body.on("error", () => {}).destroy();
      return { failure: toFailure(new TunnelRefused(reached.status), false) };
    },
    async close() {
      const open = [...ways.values()];
      ways.clear();
      // undici leaves them alone, and until their time is over the process does not end.
      for (const giveUp of pending) giveUp();
      await Promise.all(open.map(({ agent }) => agent.destroy()));
    },
  };
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

interface Way {
  readonly agent: Agent;
  readonly handing: ConnectOptions["handing"];
}

const notForwarded: Forward = async ({ id }) => ({
  failure: { kind: "unreachable", origin: "fcc", provider: id, message: `nothing was started that leads to ${id}.` },
});
