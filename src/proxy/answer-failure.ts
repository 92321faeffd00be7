import { audienceOf } from "../clients/audience.ts";
import { type Failure, transient } from "../model/failure.ts";
import { type Exchange, finishExchange } from "./exchange.ts";
import { endStream } from "./write-answer.ts";

/**
 * Ends an exchange with a failure. Where the status is still to be sent, it says so. Where a keep-alive has spent it, a stream gets the
 * failure in band, and a whole reply the failure's body: but a program gets a connection that breaks off, since SDKs make an empty reply of
 * an error whose status is 200, and ask again after a cut.
 *
 * @param native the answer's own limit headers are for this client
 */
export function answerFailure(exchange: Exchange, failure: Failure, native = false): void {
  const { session, downstream, id } = exchange;
  const audience = audienceOf(exchange.headers);
  const answer = session.options.wires.clients[exchange.wire].writeFailure(inItsStatus(failure), id, audience);
  if (!downstream.opened) {
    downstream.answer(native ? { ...answer, headers: { ...answer.headers, ...failure.limitHeaders } } : answer);
    finishExchange(exchange, undefined);
    return;
  }
  if (!transient.has(failure.kind)) session.told.remember(exchange.body.fields, failure);
  const writer = exchange.writer();
  if (writer !== undefined) {
    const shown: Failure = transient.has(failure.kind) ? { ...failure, kind: "overloaded" } : failure;
    endStream(exchange, writer, writer.push({ type: "failure", failure: shown }).join(""));
  } else if (audience === "program") downstream.destroy();
  else downstream.end(JSON.stringify(answer.body));
  finishExchange(exchange, undefined);
}

/** A refused key is a 401 in each wire's words; a provider that answers it with 403 is told so, by which SDKs make another class of error. */
const inItsStatus = (failure: Failure): Failure =>
  failure.kind === "unauthorized" && failure.status === 403 ? { ...failure, kind: "forbidden" } : failure;
