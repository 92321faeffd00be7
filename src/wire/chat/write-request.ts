import type { Quirks } from "../../model/quirks.ts";
import type { Request } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { withFields } from "../add-fields.ts";
import type { JsonObject } from "../json.ts";
import { askedLogprobs } from "../logprobs.ts";
import { serverFields } from "../server-fields.ts";
import { withoutFields } from "../without-fields.ts";
import { nameResults } from "./name-results.ts";
import { reasoningFields } from "./write-reasoning.ts";
import { hostedFields, replySchemaFields, toolFields } from "./write-tools.ts";
import { writeTurns } from "./write-turns.ts";

/**
 * A request as a chat body. Only fields that every server of this wire knows, or that a quirk names, are written: strict servers refuse what
 * they do not know, so nothing that a client sent is handed on by itself.
 */
export function writeRequest(request: Request, context: OpenContext): Record<string, unknown> {
  const { model, quirks } = context;
  const turns = writeTurns(request.turns, context);
  const messages = quirks.namedResults ? nameResults(turns) : turns;
  const fields = {
    model,
    messages,
    ...toolFields(request, quirks),
    ...hostedFields(request),
    ...outputLimit(request, quirks),
    ...sampling(request, quirks),
    ...(request.stop.length === 0 ? {} : { stop: request.stop }),
    ...replySchemaFields(request, quirks),
    ...reasoningFields(request.reasoning, quirks),
    ...prefill(messages, quirks),
    ...logprobs(request, quirks),
    ...cacheKey(request, quirks),
    ...serverFields(request.chatFields, quirks.knownFields),
    stream: request.stream,
    ...(request.stream ? { stream_options: { include_usage: true } } : {}),
  };
  const body = withoutFields(withFields(withFields(fields, quirks.chatBody), quirks.extraBody), quirks.refusedFields);
  return quirks.effortBesideTools === false && body.tools !== undefined ? { ...body, reasoning_effort: "none" } : body;
}

function outputLimit(request: Request, quirks: Quirks): JsonObject {
  const maxOutput = request.maxOutput ?? quirks.defaultOutput;
  if (maxOutput === undefined) return {};
  // Zero only warms a cache; this wire cannot say it.
  const limit = Math.max(1, Math.min(maxOutput, quirks.maxOutput ?? maxOutput));
  return { [quirks.maxTokensField ?? "max_tokens"]: limit };
}

function sampling({ sampling: { temperature, topP, topK } }: Request, quirks: Quirks): JsonObject {
  return {
    ...(temperature === undefined ? {} : { temperature: Math.min(2, Math.max(0, temperature)) }),
    ...(topP === undefined ? {} : { top_p: Math.min(1, Math.max(0, topP)) }),
    ...(topK === undefined || !quirks.topK ? {} : { top_k: topK }),
  };
}

function logprobs(request: Request, quirks: Quirks): JsonObject {
  const others = askedLogprobs(request, quirks);
  return others === undefined ? {} : { logprobs: true, ...(others === 0 ? {} : { top_logprobs: others }) };
}

/** Requests of one session go to where its prefix is cached, for a client of any wire. OpenAI takes 64 characters. */
function cacheKey({ cacheKey: key }: Request, { knownFields }: Quirks): JsonObject {
  return key !== undefined && key.length <= 64 && knownFields?.includes("prompt_cache_key") ? { prompt_cache_key: key } : {};
}

/** An assistant turn at the end is the beginning of the reply, where the server is told so. */
function prefill(messages: JsonObject[], quirks: Quirks): JsonObject {
  const last = messages.at(-1);
  if (last?.role !== "assistant" || last.tool_calls !== undefined) return {};
  if (quirks.prefill === "prefix") messages[messages.length - 1] = { ...last, prefix: true };
  return quirks.prefill === "continue_final_message" ? { continue_final_message: true, add_generation_prompt: false } : {};
}
