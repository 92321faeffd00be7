import { byWord } from "../../model/by-word.ts";
import type { Stop } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";

/** Why a reply ended, except that whether tools are to run is only known from the calls. */
export interface Ending {
  readonly stop: Stop["reason"];
  readonly sequence?: string;
}

/** How a reply ended, or that it did not end well. */
interface Finish {
  readonly ending?: Ending;
  readonly failure?: Failure;
}

/**
 * `finish_reason` of a choice, and what stands beside it: OpenRouter's `native_finish_reason`, the stop string that vLLM, SGLang and
 * llama.cpp name. `stops` are the request's own, since servers also put token ids and words of their own there. Unknown words are an end.
 */
export function readFinish(choice: JsonObject, chunk: JsonObject, stops: readonly string[]): Finish {
  const reason = textOf(choice.finish_reason);
  if (reason === undefined || reason === "null") return none;
  // Gemini's OpenAI endpoint says which filter, and what it found: "function_call_filter: MALFORMED_FUNCTION_CALL".
  const [word = "", found = ""] = reason.toLowerCase().split(": ");
  const native = textOf(choice.native_finish_reason);
  const kind = [word, found, native?.toLowerCase() ?? ""].map((said) => failures.get(said)).find((known) => known !== undefined);
  if (kind !== undefined)
    return { failure: { kind, origin: "provider", message: `the provider broke the reply off: finish_reason ${native ?? reason}` } };
  const stop = reasons.get(word) ?? "end";
  if (stop !== "end" && stop !== "stop-sequence") return { ending: { stop } };
  // llama.cpp says it only in its verbose part.
  const verbose = objectOf(chunk.__verbose).stopping_word;
  const said = [choice.stop_reason, choice.matched_stop, choice.stopping_word, chunk.stopping_word, verbose];
  // Where only one string was asked for, it is the one.
  const sequence = stops.find((asked) => said.includes(asked)) ?? (stop === "stop-sequence" && stops.length === 1 ? stops[0] : undefined);
  return { ending: sequence === undefined ? { stop } : { stop: "stop-sequence", sequence } };
}

const none: Finish = {};

const reasons = byWord<Stop["reason"]>({
  end: ["stop", "eos", "end", "end_turn"],
  "stop-sequence": ["stop_sequence"],
  "tool-use": ["tool_calls", "tool_call", "tool_use", "function_call"],
  // The last is Mistral's.
  "max-output": ["length", "max_tokens", "max_output_tokens", "max_completion_tokens", "model_length"],
  "window-full": ["model_context_window_exceeded", "context_window_exceeded"],
  refusal: [
    ...["content_filter", "content_filtered", "refusal"],
    // Z.ai.
    "sensitive",
    // Gemini's own words, which its OpenAI endpoint lets through.
    ...["safety", "recitation", "blocklist", "prohibited_content", "spii"],
  ],
});

const failures = byWord<Failure["kind"]>({
  upstream: ["error", "network_error", "server_error", "malformed_function_call", "unexpected_tool_call", "function_call_filter"],
  // DeepSeek.
  overloaded: ["insufficient_system_resource"],
  "cut-off": ["abort", "aborted", "cancelled"],
});

/** Why a reply ends for the client. `refusal`: in what words the model declined; `called`: the reply has a call. */
export function stopOf({ stop, sequence }: Ending, refusal: string, called: boolean): Stop {
  if (stop === "max-output" || stop === "window-full") return { reason: stop };
  if (stop === "refusal") return { reason: stop, ...(refusal === "" ? {} : { explanation: refusal }) };
  if (refusal !== "") return { reason: "refusal", explanation: refusal, declined: true };
  // Servers say "stop" although there are calls, and "tool_calls" although there are none; clients act on what they see.
  if (called) return { reason: "tool-use" };
  if (stop === "stop-sequence") return { reason: stop, ...(sequence === undefined ? {} : { sequence }) };
  return { reason: "end" };
}
