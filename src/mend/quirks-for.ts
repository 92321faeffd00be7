import type { Quirks } from "../model/quirks.ts";
import { isThinkingOff, type Reasoning } from "../model/request.ts";

/** The quirks for one request: while a model thinks, it may refuse fields that it otherwise takes. */
export function quirksFor(reasoning: Reasoning, quirks: Quirks): Quirks {
  if (quirks.refusedWhileThinking === undefined) return quirks;
  const canStop = quirks.reasoningRequest !== "none" && quirks.efforts?.includes("none") !== false;
  if (isThinkingOff(reasoning) && canStop) return quirks;
  return { ...quirks, refusedFields: [...(quirks.refusedFields ?? []), ...quirks.refusedWhileThinking] };
}
