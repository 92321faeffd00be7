import type { Quirks } from "../../model/quirks.ts";
import { outputLimits } from "../../wire/asked-output.ts";
import { within } from "../refused-places.ts";
import { isAsAsked, isOnOwnWire, type Lesson, type Refused } from "./lesson.ts";

/** Fields that a chat or Responses request can do without. */
export const removable = new Set([
  ...[...outputLimits, "temperature", "top_p", "top_k", "stop", "seed", "user"],
  ...["stream_options", "parallel_tool_calls", "tool_choice", "response_format", "reasoning_effort", "reasoning", "thinking"],
  ...["enable_thinking", "chat_template_kwargs", "think", "store", "metadata", "prompt_cache_key", "include", "text", "service_tier"],
  ...["reasoning_content", "cache_control", "strict", "frequency_penalty", "presence_penalty", "logprobs", "truncation", "phase"],
  ...["client_metadata", "safety_identifier", "prompt_cache_retention", "prompt_cache_options", "verbosity", "prediction", "modalities"],
  ...["web_search_options", "search_parameters", "logit_bias", "top_logprobs", "max_tool_calls", "min_p", "repetition_penalty"],
  "include_reasoning",
]);
/** Left out alone, where of any other path the whole object goes: beside these stand the effort, and the reply's schema. */
const alone = new Set(["reasoning.summary", "text.verbosity"]);
/** Fields that a Messages request can do without. */
const messagesOwn = new Set([
  ...["context_management", "compaction", "output_config", "output_format", "container"],
  ...["mcp_servers", "diagnostics", "fallbacks", "stop_sequences", "speed"],
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
/**
 * Fireworks: "Extra inputs are not permitted, field: 'messages[7].tool_calls[0].approxNumTokens'"; Serde, which says the place and then the field:
 * "messages[1].content[0]: unknown field `citations`, expected `type` or `text`".
 */
const withinList = /\b(?:messages|input|tools|system)(?:\[\d+\]|\.\d+)(?:[\w.[\]]*: unknown field [`'"]\w+|\.[\w.[\]]+)/;
/** Without these a message or a tool says nothing: where one is refused, something else is wrong. */
const essential =
  /^(?:role|content|type|text|id|name|input|arguments|function|parameters|input_schema|source|data|tool_use_id|tool_call_id|call_id|tool_calls|thinking|signature|output)$/;

/** A field of the request that the target does not take, or takes by another name or in another measure. */
export const ofFields: readonly Lesson[] = [
  { when: ({ field }) => field === undefined, quirks: () => null },
  { when: (refused) => isOnOwnWire(refused) && withinMessages.has(refused.field ?? ""), quirks: withoutWithin },
  { when: isLeftToClient, quirks: () => null },
  { says: withinList, when: (refused) => isOnOwnWire(refused) && !Object.hasOwn(within, refused.field ?? ""), quirks: withoutNested },
  { when: ({ field = "" }) => outputLimits.includes(field), quirks: otherOutputLimit },
  // Bedrock's name for it, whichever wire it is asked on.
  { when: ({ field, wire }) => field === "stop_sequences" && wire !== "messages", quirks: { refusedFields: ["stop"] } },
  { when: ({ field = "" }) => messagesOwn.has(headOf(field)), quirks: ({ field = "" }) => ({ refusedMessagesFields: [field] }) },
  { when: isDispensable, quirks: withoutField },
];

const headOf = (field: string): string => field.split(".")[0] ?? field;

function withoutWithin({ field = "" }: Refused): Quirks {
  return { refusedMessagesFields: [withinMessages.get(field) ?? field], ...(removable.has(field) && { refusedFields: [field] }) };
}

/**
 * What stands in messages and tools is left out where it stands, since a field of that name beside them was not refused. Else the language
 * writes them itself.
 */
function withoutNested({ message, field = "", quirks, native }: Refused): Quirks {
  const places = essential.test(field) ? [] : placesWithin(message, field);
  const isNew = places.some((place) => quirks.refusedFields?.includes(place) !== true);
  return isNew ? { refusedFields: places, refusedMessagesFields: places } : { nativeFaults: [native ? "conversation" : "unknown-fields"] };
}

/** Where a field stands that is refused inside a list: without indices, and without the kinds of blocks, tools and messages that Pydantic names. */
function placesWithin(message: string, field: string): readonly string[] {
  const steps = (withinList.exec(message)?.[0] ?? "").split(/: unknown field [`'"]|[.[\]]+/).filter((step) => step !== "");
  if (steps.slice(1).some((step) => named.test(step))) return [];
  if (steps.at(-1)?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) !== field) return [];
  const isIndex = (step = "") => /^\d+$/.test(step);
  const isKind = (step: string, at: number) =>
    isIndex(steps[at - 1]) && (/^(?:content|tools|system)$/.test(steps[at - 2] ?? "") || roles.test(step));
  const ways = [steps, steps.filter((step, at) => at === steps.length - 1 || !isKind(step, at))];
  return [...new Set(ways.map((way) => way.filter((step) => !isIndex(step)).join(".")))];
}

/** What the user has named. */
const named = /^(?:parameters|input_schema|input|arguments|schema)$/;
const roles = /^(?:assistant|user|system|developer|tool|function)$/;

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
