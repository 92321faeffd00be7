import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import type { Environment } from "../model/environment.ts";
import type { Failure } from "../model/failure.ts";
import type { Headers } from "../model/wire.ts";
import type { Boundary, Provider } from "../route/target.ts";
import { httpProxyFor } from "./http-proxy.ts";

/** Sends requests to providers. There is one for each launch, so that connections are reused and all end with it. */
export interface Reach {
  /** Sends one request. Whatever the network or the other side does wrong is a failure; nothing is thrown. */
  send(outgoing: Outgoing): Promise<Reached>;
  close(): Promise<void>;
}

export interface Outgoing {
  readonly provider: Provider;
  readonly method: "GET" | "POST" | "HEAD" | "DELETE";
  /** Absolute. */
  readonly url: string;
  /** Lower-case names. Nothing is added but what HTTP needs (host, content-length). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Ends the request in the same tick, at whatever stage it is. */
  readonly signal?: AbortSignal;
  /** A request of fcc's own, whose caller limits its time by `signal`. */
  readonly question?: true;
}

export type Reached =
  | {
      readonly status: number;
      readonly headers: Headers;
      /** Raw bytes. Where they break off, the error has a failure, which `failureOf` reads. */
      readonly body: Readable;
      readonly failure?: undefined;
    }
  | { readonly failure: Failure };

export interface ReachOptions {
  /** HTTPS_PROXY, HTTP_PROXY, NO_PROXY. */
  readonly env: Environment;
  readonly boundary?: Boundary | undefined;
  readonly forward?: Forward;
  /** Instead of the system's resolver. */
  readonly lookup?: LookupFunction;
}

/** The local port that a command forwards to a provider (`via`), or why there is none. */
export type Forward = (
  provider: Provider,
) => Promise<{ readonly port: number; readonly failure?: undefined } | { readonly failure: Failure }>;

/** A reach that loads undici only with the first request that needs it. */
export interface LateReach extends Reach {
  /** Loads it now. */
  load(): void;
}

/** Before a client starts, only plain questions are sent: it should not have to wait until undici is loaded. */
export function createReach(options: ReachOptions): LateReach {
  let sender: Promise<Reach> | undefined;
  const closing = new AbortController();
  const load = () => {
    sender ??= import("./sender.ts").then(({ createSender }) => createSender(options));
    return sender;
  };
  return {
    load,
    async send(outgoing) {
      if (outgoing.question === undefined || !isPlain(outgoing, options.env)) return (await load()).send(outgoing);
      const { sendQuestion } = await import("./question.ts");
      const signal = AbortSignal.any([closing.signal, ...(outgoing.signal === undefined ? [] : [outgoing.signal])]);
      return sendQuestion({ ...outgoing, signal }, options);
    },
    async close() {
      closing.abort();
      await (await sender)?.close();
    },
  };
}

/** Whether a request is plain HTTP straight to the server: no TLS, no port forward, no HTTP proxy. */
function isPlain({ url: address, provider }: Outgoing, env: Environment): boolean {
  const url = new URL(address);
  return url.protocol === "http:" && provider.via === undefined && httpProxyFor(url, env) === undefined;
}
