import type { Own } from "../../model/opaque.ts";
import type { JsonObject } from "../json.ts";
import { ownOf } from "../own-fields.ts";

/** What every response object has, and is told by fcc: from the events, or as the client asked for it. */
const known = new Set([
  ...["id", "object", "created_at", "completed_at", "status", "error", "incomplete_details", "model", "output", "output_text"],
  ...["previous_response_id", "conversation", "prompt", "instructions", "tools", "tool_choice", "parallel_tool_calls", "truncation"],
  ...["text", "reasoning", "temperature", "top_p", "top_k", "presence_penalty", "frequency_penalty", "top_logprobs", "max_output_tokens"],
  ...["max_tool_calls", "store", "background", "metadata", "safety_identifier", "prompt_cache_key", "user", "include", "client_metadata"],
  ...["usage.", "usage.input_tokens", "usage.output_tokens", "usage.total_tokens"],
  ...["usage.input_tokens_details.", "usage.input_tokens_details.cached_tokens", "usage.input_tokens_details.cache_write_tokens"],
  ...["usage.output_tokens_details.", "usage.output_tokens_details.reasoning_tokens"],
]);

/** What a response says of itself beside that: by which tier it was served, and at what price. */
export const ownOfResponse = (response: JsonObject): { own?: Own } => ownOf("responses", response, known);
