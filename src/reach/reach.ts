import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import type { Environment } from "../model/environment.ts";
import type { Failure } from "../model/failure.ts";
import type { Headers } from "../model/wire.ts";
import type { Boundary, Provider } from "../route/target.ts";
import { namedProxy } from "./http-proxy.ts";

export { type Admission, admits, loopbackAddress, ruleName } from "./boundary.ts";
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
  /** It is fcc's own, and who asks limits the time of the answer by `signal`. */
  readonly question?: true;
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
  readonly boundary?: Boundary | undefined;
  readonly forward?: Forward;
  /** In the place of the system's resolver. */
  readonly lookup?: LookupFunction;
}

/** The port of this machine at which a command has made a provider reachable (`via`), or why it has not. */
export type Forward = (
  provider: Provider,
) => Promise<{ readonly port: number; readonly failure?: undefined } | { readonly failure: Failure }>;

/** A way of which most is loaded with the first request that needs it. */
export interface LateReach extends Reach {
  /** Loads it now. */
  load(): void;
}

/** The client of a launch waits for what is asked before it starts, and for no more of this than that takes. */
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

/** HTTP straight to the server, with nothing in between. */
function isPlain({ url: address, provider }: Outgoing, env: Environment): boolean {
  const url = new URL(address);
  return url.protocol === "http:" && provider.via === undefined && namedProxy(url, env) === undefined;
}
