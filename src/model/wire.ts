import type { ReplyEvent } from "./event.ts";
import type { Failure } from "./failure.ts";
import type { Quirks } from "./quirks.ts";
import type { Request } from "./request.ts";
import type { Ids, SseMessage, Stage } from "./stage.ts";

/** HTTP headers with lower-case names. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** The side of a wire that a client talks to: it accepts requests and writes replies. */
export interface ClientWire {
  /** `body` is parsed JSON; anything may be in it. */
  accept(body: unknown, context: AcceptContext): Accepted | { readonly failure: Failure };
  /**
   * A failure as the HTTP response that tells it, for as long as nothing of the reply has been sent; the body is an object, to be written as
   * JSON. An agent gets the status and words that make it act rightly, even where they are not literally true; a program gets what happened.
   */
  writeFailure(failure: Failure, requestId: string, audience?: Audience): Answer;
}

/** `unnamed`: does not identify itself, as most programs do not, and so may be an agent behind a gateway. */
export type Audience = "agent" | "program" | "unnamed";

export interface AcceptContext {
  readonly ids: Ids;
  /** The time, in whole seconds since the epoch, for wires whose replies carry it. */
  readonly now: number;
  /** Who reads the reply. */
  readonly audience?: Audience;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Accepted {
  readonly request: Request;
  /** Writes a reply to this very request, and gives back what the language does not keep of it: Codex's namespaces, its free-text tools. */
  readonly write: ReplyWriter;
}

export interface ReplyWriter {
  /** Stream text. A failure that comes in is told in band, once, and ends the stream. */
  stream(requestId: string): Stage<ReplyEvent, string>;
  /** The whole reply as one object, from a legal list of events without a failure. */
  reply(events: readonly ReplyEvent[]): unknown;
}

/** The side of a wire that a provider listens on: it opens requests and reads replies. */
export interface ProviderWire {
  open(request: Request, context: OpenContext): Opened;
}

export interface OpenContext {
  readonly ids: Ids;
  /** The model's name at the provider. */
  readonly model: string;
  /** `provider/model`, which marks the seals that this reply brings and finds the ones that may go back. */
  readonly maker: string;
  readonly quirks: Quirks;
}

export interface Opened {
  /** To be sent as JSON. */
  readonly body: Record<string, unknown>;
  readonly read: ReplyReader;
}

export interface ReplyReader {
  stream(): Stage<SseMessage, ReplyEvent>;
  /** A whole reply (parsed JSON, or text where it did not parse): a legal list of events, a failure last where it is none. */
  reply(body: unknown): ReplyEvent[];
}
