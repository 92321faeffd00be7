import type { Failure } from "./failure.ts";

/**
 * One step of a stream, pure: what goes in comes out changed, at once where it can. Nothing in it waits, reads a clock or draws a
 * random number. After `fail` or `end` nothing more is pushed.
 */
export interface Stage<In, Out> {
  push(input: In): readonly Out[];
  /** What may be sent now to show that the stream lives; often nothing. */
  idle(): readonly Out[];
  /** The input broke. */
  fail(failure: Failure): readonly Out[];
  /** The input is over, cleanly as far as the transport can tell. */
  end(): readonly Out[];
}

/** One dispatch of a server-sent event stream (WHATWG HTML 9.2): `data` lines joined by newlines. */
export interface SseMessage {
  readonly event?: string;
  readonly data: string;
}

/** Ids and time are passed in, so that translation stays pure and tests repeat. */
export interface Ids {
  /** A fresh id with this prefix: `next("msg_")`. Letters and digits after the prefix. */
  next(prefix: string): string;
}
