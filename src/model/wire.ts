import type { ReplyEvent } from "./event.ts";
import type { Failure } from "./failure.ts";
import type { Quirks } from "./quirks.ts";
import type { Request } from "./request.ts";
import type { Ids, SseMessage, Stage } from "./stage.ts";

/** HTTP headers with lower-case names. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** A wire as its clients use it: accepts their requests and writes the replies. */
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
  readonly audience?: Audience | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Accepted {
  readonly request: Request;
  /** Writes a reply to this request, with what the client needs back and the language does not keep: Codex's namespaces, its free-text tools. */
  readonly write: ReplyWriter;
}

export interface ReplyWriter {
  /** Writes the text of a stream. A failure is written in band, once, and ends the stream. */
  stream(requestId: string): Stage<ReplyEvent, string>;
  /** The whole reply as one object, from a legal list of events without a failure. */
  reply(events: readonly ReplyEvent[]): unknown;
}

/** A wire as providers speak it: writes the requests to them and reads their replies. */
export interface ProviderWire {
  open(request: Request, context: OpenContext): Opened;
}

export interface OpenContext {
  readonly ids: Ids;
  /** The model's name at the provider. */
  readonly model: string;
  /** `provider/model`: marks the seals in this reply, and decides which seals in the history may be sent back. */
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
  /** The events of a whole reply (parsed JSON, or text that did not parse). They end with a failure where it is not a reply. */
  reply(body: unknown): ReplyEvent[];
}
