import type { Quirks } from "../../model/quirks.ts";
import { outputLimits } from "../../wire/asked-output.ts";
import type { Lesson, Refused } from "./lesson.ts";

/** A field of the request that the target does not take, or takes by another name or in another measure. */
export const ofFields: readonly Lesson[] = [{ quirks: withoutField }];

/** Fields that a chat or Responses request can do without. */
export const removable = new Set([
  ...[...outputLimits, "temperature", "top_p", "top_k", "stop", "seed", "user"],
  ...["stream_options", "parallel_tool_calls", "tool_choice", "response_format", "reasoning_effort", "reasoning", "thinking"],
  ...["enable_thinking", "chat_template_kwargs", "think", "store", "metadata", "prompt_cache_key", "include", "text", "service_tier"],
  ...["reasoning_content", "cache_control", "strict", "frequency_penalty", "presence_penalty", "logprobs", "truncation", "phase"],
  ...["client_metadata", "safety_identifier", "prompt_cache_retention", "prompt_cache_options", "verbosity", "prediction", "modalities"],
  ...["web_search_options", "logit_bias", "top_logprobs", "max_tool_calls", "min_p", "repetition_penalty", "include_reasoning"],
]);
/** Left out alone, where of any other path the whole object goes: beside these stand the effort, and the reply's schema. */
const alone = new Set(["reasoning.summary", "text.verbosity"]);
/** Fields that a Messages request can do without. */
const messagesOwn = new Set([
  "context_management",
  "compaction",
  "output_config",
  "output_format",
  "container",
  "mcp_servers",
  "diagnostics",
  "fallbacks",
  "stop_sequences",
  "speed",
]);
/**
 * What newer agents say of tools and cache marks in a Messages request, by its own name, and its path. Bedrock, Vertex and servers that know
 * an older API: "tools.0.custom.defer_loading: Extra inputs are not permitted", "system.1.cache_control.ephemeral.scope: ...".
 */
const withinMessages: ReadonlyMap<string, string> = new Map([
  ["cache_control", "cache_control"],
  ["ttl", "cache_control.ttl"],
  ["scope", "cache_control.scope"],
  ...["allowed_callers", "defer_loading", "eager_input_streaming", "input_examples", "strict"].map(
    (name) => [name, `tools.${name}`] as const,
  ),
]);
/** Fields of the OpenAI wires, whose clients do not leave out by themselves what a capability is refused for. */
const unlikeMessages = new Set(["reasoning", "reasoning_effort", "text", "response_format"]);
/** Fireworks: "Extra inputs are not permitted, field: 'messages[7].tool_calls[0].approxNumTokens'". */
const withinList = /\b(?:messages|input|tools)(?:\[\d+\]|\.\d+)\./;

function withoutField({ message, field, capability, limit, native, quirks }: Refused): Quirks | undefined {
  if (field === undefined) return undefined;
  const within = native ? withinMessages.get(field) : undefined;
  if (within !== undefined) return { refusedMessagesFields: [within], ...(removable.has(field) && { refusedFields: [field] }) };
  const [head = field] = field.split(".");
  // Claude Code itself leaves out what is refused by a capability, and then for the whole session. How much a model may write it could
  // only guess: where the provider names the most, the next attempt keeps to it.
  const named = outputLimits.includes(field) && limit?.max !== undefined && limit.used === undefined;
  if (native && capability !== undefined && !named && !unlikeMessages.has(head)) return undefined;
  if (outputLimits.includes(field)) {
    if (/use\s+['"`]?max_completion_tokens/i.test(message)) return { maxTokensField: "max_completion_tokens" };
    if (limit?.used !== undefined) return undefined;
    if (limit?.max !== undefined) return { maxOutput: limit.max };
    // The Messages wire cannot do without it.
    return { refusedFields: [field] };
  }
  // Bytes no longer pass then: the next attempt goes through the language, which can leave a field out.
  if (messagesOwn.has(head)) return { refusedMessagesFields: [field] };
  // What a row or a configuration adds: one model of a provider may not know it. What stands in messages and tools the language writes itself.
  if (!removable.has(head) && !Object.hasOwn(quirks.extraBody ?? {}, head))
    return native && withinList.test(message) ? { nativeFaults: ["conversation"] } : undefined;
  return { refusedFields: [alone.has(field) ? field : head], refusedMessagesFields: [field] };
}
