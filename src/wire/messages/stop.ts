import { byWord } from "../../model/by-word.ts";
import { defined } from "../../model/defined.ts";
import type { Stop } from "../../model/event.ts";
import { type JsonObject, objectOf, stringOf } from "../json.ts";

export interface WireStop {
  readonly stop_reason: string;
  readonly stop_sequence: string | null;
  readonly stop_details?: { readonly type: "refusal"; readonly category: string | null; readonly explanation: string | null };
}

/**
 * `called`: the reply has a tool call. Claude Code asks again for the call it was promised, and SDKs do not run one that was not. `last`: the
 * type of its last block: behind a summary of the conversation nothing was said because the client wanted no more.
 */
export function writeStop(stop: Stop, called: boolean, last: unknown): WireStop {
  if (stop.reason === "refusal") {
    const details = { type: "refusal", category: stop.category ?? null, explanation: stop.explanation ?? null } as const;
    return { stop_reason: "refusal", stop_sequence: null, stop_details: details };
  }
  if (stop.reason === "stop-sequence") return { stop_reason: "stop_sequence", stop_sequence: stop.sequence ?? null };
  if (stop.reason === "end" && last === "compaction") return { stop_reason: "compaction", stop_sequence: null };
  if (stop.reason === "end" || stop.reason === "tool-use") return { stop_reason: called ? "tool_use" : "end_turn", stop_sequence: null };
  return { stop_reason: reasons[stop.reason], stop_sequence: null };
}

const reasons = { "max-output": "max_tokens", "window-full": "model_context_window_exceeded", pause: "pause_turn" } as const;

/** Chat's words too, from servers that translate by halves. */
const read = byWord<Exclude<Stop["reason"], "stop-sequence" | "refusal">>({
  end: ["end_turn", "stop"],
  "tool-use": ["tool_use", "tool_calls"],
  "max-output": ["max_tokens", "length"],
  "window-full": ["model_context_window_exceeded"],
  pause: ["pause_turn"],
});

/** `called`: the reply has a tool call, which counts more than what the server says of it. */
export function readStop(delta: JsonObject, called: boolean): Stop {
  const said = stringOf(delta.stop_reason);
  const sequence = stringOf(delta.stop_sequence);
  if (said === "refusal" || said === "content_filter") {
    const { explanation, category } = objectOf(delta.stop_details);
    return defined({ reason: "refusal", explanation: stringOf(explanation), category: stringOf(category) });
  }
  // llama.cpp says "end_turn" and names the sequence.
  if (said === "stop_sequence" || (said === "end_turn" && sequence !== undefined && sequence !== "")) {
    if (!called) return { reason: "stop-sequence", ...(sequence === undefined || sequence === "" ? {} : { sequence }) };
  }
  const reason = read.get(said ?? "") ?? "end";
  if (reason === "end" || reason === "tool-use") return { reason: called ? "tool-use" : "end" };
  return { reason };
}
