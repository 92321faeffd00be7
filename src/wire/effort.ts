import { type Effort, efforts, type Reasoning } from "../model/request.ts";

/**
 * The effort to ask for: of those that are taken the nearest, of two that are as near the higher, unless that is "max". Never "none": a
 * model that is asked to think shall not stop thinking.
 */
export function nearestEffort({ effort, budget }: Reasoning, taken: readonly (Effort | "none")[]): Effort | undefined {
  const wanted = effort ?? (budget === undefined ? undefined : effortOfBudget(budget));
  if (wanted === undefined) return undefined;
  let best: Effort | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const candidate of taken) {
    if (candidate === "none") continue;
    const away = Math.abs(efforts.indexOf(candidate) - efforts.indexOf(wanted));
    if (away < distance || (away === distance && candidate !== "max")) {
      best = candidate;
      distance = away;
    }
  }
  return best;
}

/** Claude Code asks for 31,999 tokens at its highest, 10,000 in the middle and 4,000 at its lowest. */
function effortOfBudget(budget: number): Effort {
  return budget < 8192 ? "low" : budget < 24_576 ? "medium" : "high";
}
