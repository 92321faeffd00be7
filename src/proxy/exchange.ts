import type { ReplyEvent, Usage } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Request } from "../model/request.ts";
import type { Stage } from "../model/stage.ts";
import type { Accepted, Headers } from "../model/wire.ts";
import type { WireChoice } from "../route/choose-wire.ts";
import type { Attempt } from "../route/memory.ts";
import type { Plan } from "../route/plan.ts";
import type { Downstream } from "./downstream.ts";
import type { Body } from "./incoming/body.ts";
import type { KeepAlive } from "./keep-alive.ts";
import type { Session } from "./session.ts";

/** One request of a client on its way through. */
export interface Exchange {
  readonly id: string;
  readonly wire: WireName;
  readonly headers: Headers;
  readonly body: Body;
  readonly stream: boolean;
  /** A path under the endpoint that was asked, for bytes that pass: "/compact". */
  readonly below?: string;
  readonly plan: Plan;
  readonly downstream: Downstream;
  readonly keepAlive: KeepAlive;
  /** The request in the language; read when first needed, since bytes that pass need not be understood. */
  accepted(): Accepted | { readonly failure: Failure };
  /** The request, where it has been read by now. */
  readonly read: Request | undefined;
  /**
   * Reads it once more; undefined where it cannot be read. What outlives the exchange holds on to this, which is no more than the body's
   * bytes; what the body refers to of earlier replies may be forgotten by then.
   */
  readonly anew: () => Request | undefined;
  /** The one writer of this exchange's stream, so that signs of life, attempts and failures are one story; undefined where the request is not accepted. */
  writer(): Stage<ReplyEvent, string> | undefined;
}

/** An attempt and the wire on which it is made. */
export type WireAttempt = Attempt & WireChoice;

/** What became of one attempt. */
export type Result =
  /** The answer is written, whole, or broken off after it had started. */
  | { readonly done: true; readonly usage?: Usage; readonly failure?: Failure; readonly native?: boolean }
  /** Nothing of a reply was written: something else may be tried. */
  | { readonly done?: undefined; readonly failure: Failure; readonly native?: boolean };

/** The exchange is over, and its answer written. */
export function finishExchange(session: Session, { id, downstream, keepAlive }: Exchange, usage: Usage | undefined): void {
  keepAlive.end();
  const { sink, clock } = session.options;
  sink({ type: "answered", id, at: clock(), status: downstream.status, ...(usage === undefined ? {} : { usage }) });
}
