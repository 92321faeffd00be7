import { type Failure, transient } from "../model/failure.ts";
import { retryElsewhere, type Tried } from "./memory.ts";
import { targetName } from "./target.ts";

/**
 * Which of several failures the client gets: one that makes it do the right thing. If the prompt is too long for the first choice, it should
 * compact; after a transient failure it should wait; otherwise it gets the first choice's failure.
 */
export function failureToReport(tried: readonly [Tried, ...Tried[]]): Failure {
  // What the same target refused before was answered with another form of the request.
  const { failure: chief } = tried.find(({ failure }) => retryElsewhere.has(failure.kind)) ?? tried[0];
  if (chief.kind === "too-long") return chief;
  const last = (tried.at(-1) as Tried).failure;
  if (!retryElsewhere.has(last.kind)) return last;
  const best = tried.find(({ failure }) => transient.has(failure.kind))?.failure ?? chief;
  const targets = new Set(tried.map((one) => one.attempt.target));
  if (targets.size < 2) return best;
  const others = tried.filter((one) => one.failure !== best).map((one) => `${targetName(one.attempt.target)}: ${one.failure.message}`);
  return { ...best, message: `${best.message} (also tried ${[...new Set(others)].join("; ")})` };
}
