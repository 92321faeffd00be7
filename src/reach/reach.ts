import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import type { Agent } from "undici";
import type { Failure } from "../model/failure.ts";
import type { Headers } from "../model/wire.ts";
import type { Boundary, Provider } from "../route/target.ts";
import { createConnect, proxyAuthorization } from "./connect.ts";
import { exchange } from "./exchange.ts";
import { explain } from "./explain.ts";
import { type Environment, httpProxyFor } from "./http-proxy.ts";
import { refusedBefore, refusedForwarded } from "./outside.ts";

export { type Admission, admits } from "./boundary.ts";
export { loopbackAddress } from "./connect.ts";
export { httpProxyFor } from "./http-proxy.ts";
export { refusedByAddress } from "./outside.ts";

/** The way to providers. One for each launch, so that connections are kept and everything ends with it. */
export interface Reach {
  /** Sends one request. Never throws for what the network or the other side does: that is a failure. */
  send(outgoing: Outgoing): Promise<Reached>;
  close(): Promise<void>;
}

export interface Outgoing {
  readonly provider: Provider;
  readonly method: "GET" | "POST" | "HEAD" | "DELETE";
  /** Absolute. */
  readonly url: string;
  /** Lower-case names; nothing is added but what HTTP needs (host, content-length). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Destroys the request, whatever it is at, in the same tick. */
  readonly signal?: AbortSignal;
}

export type Reached =
  | {
      readonly status: number;
      readonly headers: Headers;
      /** Raw bytes. What breaks them off is an error whose failure `failureOf` reads. */
      readonly body: Readable;
      readonly failure?: undefined;
    }
  | { readonly failure: Failure };

export interface ReachOptions {
  /** HTTPS_PROXY, HTTP_PROXY, NO_PROXY. */
  readonly env: Environment;
  readonly boundary?: Boundary;
  readonly forward?: Forward;
  /** In the place of the system's resolver. */
  readonly lookup?: LookupFunction;
}

/** The port of this machine at which a command has made a provider reachable (`via`), or why it has not. */
export type Forward = (
  provider: Provider,
) => Promise<{ readonly port: number; readonly failure?: undefined } | { readonly failure: Failure }>;

/** undici is loaded with the first request: a launch that only prints its version does not pay for it. */
export function createReach({ env, boundary = [], lookup, forward = notForwarded }: ReachOptions): Reach {
  const ways = new Map<string, Promise<Way>>();

  const wayTo = (provider: Provider, proxy: URL | undefined, forwarded: number | undefined): Promise<Way> => {
    const { tls, timeout } = provider;
    const key = JSON.stringify([proxy?.href, timeout.connect, tls, forwarded]);
    const known = ways.get(key);
    if (known !== undefined) return known;
    const way = import("./undici.ts").then((undici) => {
      const open = { count: 0 };
      const connect = createConnect({
        undici,
        boundary,
        timeout: timeout.connect,
        opened: () => {
          open.count += 1;
        },
        ...(lookup === undefined ? {} : { lookup }),
        ...(tls === undefined ? {} : { tls }),
        ...(proxy === undefined ? {} : { proxy }),
        ...(forwarded === undefined ? {} : { forwarded }),
      });
      // Time-outs are kept by `exchange`, which knows whether the client or the provider is the one that waits.
      return { agent: new undici.Agent({ connect, headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: 64 * 1024 }), open };
    });
    ways.set(key, way);
    return way;
  };

  return {
    async send(outgoing) {
      const began = performance.now();
      const { provider, signal } = outgoing;
      const url = new URL(outgoing.url);
      const isForwarded = provider.via !== undefined;
      const proxy = isForwarded ? undefined : httpProxyFor(url, env);
      const tell = (error: unknown, answering: boolean): Failure =>
        explain(error, { provider, url, elapsed: performance.now() - began, answering, ...(proxy === undefined ? {} : { proxy }) });

      const refusal = isForwarded ? refusedForwarded(boundary, url) : refusedBefore(boundary, url, proxy);
      if (refusal !== undefined) return { failure: tell(refusal, false) };
      const forwarded = isForwarded ? await forward(provider) : undefined;
      if (forwarded?.failure) return { failure: forwarded.failure };
      const { agent, open } = await wayTo(provider, proxy, forwarded?.port);
      const plain = proxy !== undefined && url.protocol === "http:";
      const request = {
        origin: plain ? proxy.origin : url.origin,
        path: plain ? `${url.origin}${url.pathname}${url.search}` : `${url.pathname}${url.search}`,
        method: outgoing.method,
        headers: plain ? { ...outgoing.headers, host: url.host, ...proxyAuthorization(proxy) } : { ...outgoing.headers },
        body: outgoing.body ?? null,
      };
      const attempt = () => exchange({ agent, request, timeout: provider.timeout, tell, ...(signal === undefined ? {} : { signal }) });
      const opened = open.count;
      const first = await attempt();
      // A kept connection that the server closed in the moment of reuse (RFC 9112 9.3.1): the request never arrived. No connection was
      // opened for it, nothing came back, so it is sent once more.
      const stale = first.failure?.kind === "cut-off" && first.failure.origin === "provider" && open.count === opened;
      return stale && signal?.aborted !== true ? attempt() : first;
    },
    async close() {
      const open = await Promise.all(ways.values());
      ways.clear();
      await Promise.all(open.map(({ agent }) => agent.destroy()));
    },
  };
}

interface Way {
  readonly agent: Agent;
  /** How many connections were opened. */
  readonly open: { count: number };
}

const notForwarded: Forward = async ({ id }) => ({
  failure: { kind: "unreachable", origin: "fcc", provider: id, message: `nothing was started that leads to ${id}.` },
});
