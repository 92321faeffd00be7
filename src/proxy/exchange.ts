import type { IncomingMessage } from "node:http";
import type { ReplyEvent, Usage } from "../model/event.ts";
import type { Happening } from "../model/fact.ts";
import type { Failure } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Request } from "../model/request.ts";
import type { Stage } from "../model/stage.ts";
import type { Accepted, Headers } from "../model/wire.ts";
import type { WireChoice } from "../route/choose-wire.ts";
import type { Attempt, Sent } from "../route/memory.ts";
import type { Plan } from "../route/plan.ts";
import type { Downstream } from "./downstream.ts";
import type { Body } from "./incoming/body.ts";
import type { KeepAlive } from "./keep-alive.ts";
import type { Session } from "./session.ts";

/** One request of a client, with the answer that it waits for. */
export interface Incoming {
  readonly session: Session;
  readonly id: string;
  readonly request: IncomingMessage;
  readonly downstream: Downstream;
  /** Tells whoever watches. */
  readonly report: (happening: Happening) => void;
}

/**
 * A client's body as a request in the language; parsed when first needed, since bytes that pass need not be, and again where it is needed after
 * `release`.
 */
export interface Reading {
  accepted(): Accepted | { readonly failure: Failure };
  /** Lets go of what was parsed: once the request is written for a provider, a conversation would stay in memory for as long as the reply lasts. */
  release(): void;
  /** The request, if it has been parsed by now and not been let go. */
  parsed(): Request | undefined;
  /**
   * Parses it again; undefined where that fails, as when an earlier reply that it refers to has been forgotten. For what outlives the
   * exchange: it keeps only the body's bytes in memory.
   */
  readonly anew: () => Request | undefined;
  /** The writer of the client's stream, one for all beats, attempts and failures; undefined for a whole reply, or a request that is not accepted. */
  writer(): Stage<ReplyEvent, string> | undefined;
}

/** One request of a client, until it is answered. */
export interface Exchange extends Incoming, Reading {
  readonly wire: WireName;
  readonly headers: Headers;
  readonly body: Body;
  readonly stream: boolean;
  /** The path below the wire's own endpoint, where bytes pass: "/compact". */
  readonly below?: string | undefined;
  readonly plan: Plan;
  readonly keepAlive: KeepAlive;
}

/** An attempt and the wire on which it is made. */
export type WireAttempt = Attempt & WireChoice;

/** What an attempt came to. */
export type Result = Written | Unwritten;

/** The answer is written: whole, or broken off after it had started. */
interface Written {
  readonly done: true;
  readonly usage?: Usage | undefined;
  readonly failure?: Failure | undefined;
  readonly sent?: OwnSent | undefined;
}

/** Nothing of a reply was written: another attempt may be made. */
interface Unwritten {
  readonly done?: undefined;
  readonly failure: Failure;
  readonly sent?: OwnSent | undefined;
}

/** Where the provider got more than the language can say: the client's bytes, or parts with fields that only its own wire has. */
type OwnSent = Exclude<Sent, "rewritten" | "translated">;

/** The request of an exchange that has been accepted before. */
export function requestOf({ accepted }: Exchange): Request {
  const read = accepted();
  if ("failure" in read) throw new Error(`a request is not accepted any more: ${read.failure.message}`);
  return read.request;
}

/** The exchange is over, and its answer written. */
export function finishExchange({ downstream, report }: Exchange, usage: Usage | undefined): void {
  report({ type: "answered", status: downstream.status, ...(usage === undefined ? {} : { usage }) });
}
