import type { Failure } from "./failure.ts";

/**
 * One step of a stream: takes inputs and gives outputs, as early as it can. It is pure: it does not wait, read a clock or use random numbers.
 * Nothing is pushed after `fail` or `end`.
 */
export interface Stage<In, Out> {
  push(input: In): readonly Out[];
  /** Called in a pause of the input. What may be sent meanwhile, such as a sign of life; often nothing. */
  idle(): readonly Out[];
  /** The input broke off. */
  fail(failure: Failure): readonly Out[];
  /** The input has ended, cleanly as far as the transport can tell. */
  end(): readonly Out[];
}

/** One dispatch of a server-sent event stream (WHATWG HTML 9.2): `data` lines joined by newlines. */
export interface SseMessage {
  readonly event?: string;
  readonly data: string;
}

/** Where ids come from. They are passed in, as time is, so that translation stays pure and tests can be repeated. */
export interface Ids {
  /** A fresh id with this prefix: `next("msg_")`. Letters and digits after the prefix. */
  next(prefix: string): string;
}
