import type { Failure } from "../model/failure.ts";
import type { Tried } from "../route/next.ts";
import { targetName } from "../route/target.ts";
import type { Exchange } from "./exchange.ts";
import { type Session, windowOf } from "./session.ts";

/** What does not fit, with the figures that the client needs to make it fit. */
export function withFigures(session: Session, exchange: Exchange, tried: readonly Tried[], failure: Failure): Failure {
  const output = exchange.body.fields["max_tokens"];
  if (failure.refused?.capability === "max_tokens_context_overflow" && typeof output === "number")
    return { ...failure, limit: { ...failure.limit, output } };
  return tooLongFor(session, exchange, tried, failure);
}

/**
 * A prompt that is too long, with both figures as far as they are known here: clients read them out of the sentence, and most servers
 * name one or none. What the server said goes before what is known of it, and that before an estimate.
 */
function tooLongFor(session: Session, exchange: Exchange, tried: readonly Tried[], failure: Failure): Failure {
  const { used, max } = failure.limit ?? {};
  const target = tried.find((one) => one.failure.kind === "too-long")?.attempt.target;
  if (failure.kind !== "too-long" || target === undefined || (used !== undefined && max !== undefined)) return failure;
  const most = max ?? windowOf(session, target);
  const accepted = exchange.accepted();
  if (most === undefined || "failure" in accepted) return failure;
  const tokens = used ?? session.counts.count(targetName(target), accepted.request).tokens;
  // The server has said so; an estimate below its limit is only too low. A window that we merely believe in proves nothing.
  if (tokens <= most && max === undefined) return failure;
  return { ...failure, limit: { used: Math.max(tokens, most + 1), max: most } };
}
