import type { Readable } from "node:stream";
import type { Failure } from "../model/failure.ts";
import type { Headers } from "../model/wire.ts";
import type { Provider } from "../route/target.ts";

/** The way to providers. One for each launch, so that connections are kept and everything ends with it. */
export interface Reach {
  /** Sends one request. Never throws for what the network or the other side does: that is a failure. */
  send(outgoing: Outgoing): Promise<Reached>;
  close(): Promise<void>;
}

export interface Outgoing {
  readonly provider: Provider;
  readonly method: "GET" | "POST" | "HEAD";
  /** Absolute. */
  readonly url: string;
  /** Lower-case names; nothing is added but what HTTP needs (host, content-length). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export type Reached =
  | { readonly status: number; readonly headers: Headers; readonly body: Readable; readonly failure?: undefined }
  | { readonly failure: Failure };
