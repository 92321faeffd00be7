import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import type { Failure } from "../model/failure.ts";
import type { Headers } from "../model/wire.ts";
import type { Boundary, Provider } from "../route/target.ts";
import type { Environment } from "./http-proxy.ts";

export { type Admission, admits, loopbackAddress } from "./boundary.ts";
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

/** What sends is loaded with the first request: the client of a launch does not wait for it where nothing is asked before. */
export function createReach(options: ReachOptions): Reach {
  let sender: Promise<Reach> | undefined;
  return {
    async send(outgoing) {
      sender ??= import("./sender.ts").then(({ createSender }) => createSender(options));
      return (await sender).send(outgoing);
    },
    async close() {
      await (await sender)?.close();
    },
  };
}
