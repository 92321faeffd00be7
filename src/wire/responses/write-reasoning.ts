import type { Quirks } from "../../model/quirks.ts";
import { type Effort, isThinkingOff, type Reasoning } from "../../model/request.ts";
import { nearestEffort } from "../effort.ts";
import type { JsonObject } from "../json.ts";

const usualEfforts: readonly (Effort | "none")[] = ["minimal", "low", "medium", "high"];

/** What is asked of the model's reasoning, and that a summary of it is told, unless the client says how. Where nothing is said, the model decides. */
export function reasoningFields(reasoning: Reasoning, { reasoningRequest, efforts }: Quirks): JsonObject {
  const { enabled, effort, budget, summary = "auto" } = reasoning;
  if (reasoningRequest === "none" || (enabled === undefined && effort === undefined && budget === undefined)) return {};
  if (isThinkingOff(reasoning)) {
    // Where it cannot be switched off, the lowest effort, as on chat: with none the model takes its default.
    const least = efforts?.includes("none") ? "none" : efforts?.[0];
    return least === undefined ? {} : { reasoning: { effort: least } };
  }
  const nearest = nearestEffort(reasoning, efforts ?? usualEfforts);
  return { reasoning: { ...(nearest === undefined ? {} : { effort: nearest }), ...(summary === null ? {} : { summary }) } };
}
