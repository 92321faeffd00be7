import type { Failure } from "../model/failure.ts";
import type { Tried } from "../route/memory.ts";
import { targetName } from "../route/target.ts";
import type { Exchange } from "./exchange.ts";
import { windowOf } from "./session.ts";

/** A failure for want of room, with the figures by which the client can make its request fit. */
export function withFigures(exchange: Exchange, tried: readonly Tried[], failure: Failure): Failure {
  const output = exchange.body.fields["max_tokens"];
  if (failure.refused?.capability === "max_tokens_context_overflow" && typeof output === "number")
    return { ...failure, limit: { ...failure.limit, output } };
  return tooLongFor(exchange, tried, failure);
}

/**
 * Adds to a prompt that is too long its length and the limit, which clients read from the message; most servers give one of them or none.
 * The server's own figures come first, then what is known of the server, then an estimate.
 */
function tooLongFor({ session, accepted }: Exchange, tried: readonly Tried[], failure: Failure): Failure {
  const { used, max } = failure.limit ?? {};
  const target = tried.find((one) => one.failure.kind === "too-long")?.attempt.target;
  if (failure.kind !== "too-long" || target === undefined || (used !== undefined && max !== undefined)) return failure;
  const most = max ?? windowOf(session, target);
  const read = accepted();
  if (most === undefined || "failure" in read) return failure;
  const tokens = used ?? session.counts.count(targetName(target), read.request).tokens;
  // An estimate below a limit that the server gave is merely too low. Below a window that is only assumed, either may be wrong.
  if (tokens <= most && max === undefined) return failure;
  return { ...failure, limit: { used: Math.max(tokens, most + 1), max: most } };
}
