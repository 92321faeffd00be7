import type { Quirks } from "../../model/quirks.ts";
import { outputLimits } from "../../wire/asked-output.ts";
import { within } from "../obstacles.ts";
import { isAsAsked, type Lesson, type Refused } from "./lesson.ts";

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

/** A field of the request that the target does not take, or takes by another name or in another measure. */
export const ofFields: readonly Lesson[] = [
  { when: ({ field }) => field === undefined, quirks: () => null },
  { when: ({ native, field = "" }) => native && withinMessages.has(field), quirks: withoutWithin },
  { when: isLeftToClient, quirks: () => null },
  // What stands in messages and tools the language writes itself, and a field of that name beside them was not refused.
  {
    says: withinList,
    when: ({ native, field = "" }) => native && !Object.hasOwn(within, field),
    quirks: { nativeFaults: ["conversation"] },
  },
  { when: ({ field = "" }) => outputLimits.includes(field), quirks: otherOutputLimit },
  { when: ({ field = "" }) => messagesOwn.has(headOf(field)), quirks: ({ field = "" }) => ({ refusedMessagesFields: [field] }) },
  { when: isDispensable, quirks: withoutField },
];

const headOf = (field: string): string => field.split(".")[0] ?? field;

function withoutWithin({ field = "" }: Refused): Quirks {
  return { refusedMessagesFields: [withinMessages.get(field) ?? field], ...(removable.has(field) && { refusedFields: [field] }) };
}

/**
 * Claude Code itself leaves out what is refused by a capability, and then for the whole session. How much a model may write it could only
 * guess: where the provider names the most, the next attempt keeps to it.
 */
function isLeftToClient(refused: Refused): boolean {
  const { field = "", capability, limit } = refused;
  const isNamed = outputLimits.includes(field) && limit?.max !== undefined && limit.used === undefined;
  return isAsAsked(refused) && capability !== undefined && !isNamed && !unlikeMessages.has(headOf(field));
}

function otherOutputLimit({ message, field = "", limit }: Refused): Quirks | null {
  if (/use\s+['"`]?max_completion_tokens/i.test(message)) return { maxTokensField: "max_completion_tokens" };
  if (limit?.used !== undefined) return null;
  // The Messages wire cannot do without it.
  return limit?.max === undefined ? { refusedFields: [field] } : { maxOutput: limit.max };
}

/** What a row or a configuration adds is so too: one model of a provider may not know it. */
function isDispensable({ field = "", quirks }: Refused): boolean {
  const added = { ...quirks.chatBody, ...quirks.extraBody };
  return removable.has(headOf(field)) || Object.hasOwn(added, headOf(field));
}

function withoutField({ field = "" }: Refused): Quirks {
  return { refusedFields: [alone.has(field) ? field : headOf(field)], refusedMessagesFields: [field] };
}
