import { defined } from "../../model/defined.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { ReplySchema, Request } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { withFields } from "../add-fields.ts";
import { promptText, splitInstructions } from "../instructions.ts";
import type { JsonObject } from "../json.ts";
import { askedLogprobs, includedLogprobs } from "../logprobs.ts";
import { schemaFields } from "../reply-schema.ts";
import { serverFields, sharedFields } from "../server-fields.ts";
import { withoutFields } from "../without-fields.ts";
import { reasoningFields } from "./write-reasoning.ts";
import { toolFields } from "./write-tools.ts";
import { writeTurns } from "./write-turns.ts";

/** A request as the body of `POST /responses`. Nothing is stored, and the whole history is sent. */
export function writeRequest(request: Request, context: OpenContext): Record<string, unknown> {
  const { model, quirks } = context;
  const { instructions, rest } = splitInstructions(request.turns);
  const prompt = promptText(instructions) || (quirks.needsInstructions ? "You are a helpful assistant." : "");
  const { verbosity, ...fields } = serverFields(serverFields(request.chatFields, sharedFields), quirks.knownFields) ?? {};
  const text = { ...replyFormat(request.schema, quirks), ...(verbosity === undefined ? {} : { verbosity }) };
  const logprobs = askedLogprobs(request, quirks);
  const searches = request.tools.some((tool) => tool.type === "hosted" && tool.wire !== "responses");
  const body = {
    model,
    ...(prompt === "" ? {} : { instructions: prompt }),
    input: writeTurns(rest, context),
    ...toolFields(request, quirks),
    ...reasoningFields(request.reasoning, quirks),
    ...outputLimit(request, quirks),
    ...sampling(request, quirks),
    ...(Object.keys(text).length === 0 ? {} : { text }),
    ...fields,
    // OpenAI refuses keys beyond 64 characters.
    ...(request.cacheKey !== undefined && request.cacheKey.length <= 64 ? { prompt_cache_key: request.cacheKey } : {}),
    include: ["reasoning.encrypted_content", ...(logprobs === undefined ? [] : [includedLogprobs]), ...(searches ? [includedSources] : [])],
    ...(logprobs ? { top_logprobs: logprobs } : {}),
    store: false,
    stream: request.stream,
  };
  return withoutFields(withFields(body, quirks.extraBody), quirks.refusedFields);
}

/** The pages that a search found, which a client of another wire is shown. */
const includedSources = "web_search_call.action.sources";

function outputLimit({ maxOutput }: Request, quirks: Quirks): JsonObject {
  // Zero only warms a cache; this wire cannot say it.
  const limit = Math.min(Math.max(maxOutput ?? Infinity, quirks.minOutput ?? 1), quirks.maxOutput ?? Infinity);
  return limit === Infinity ? {} : { max_output_tokens: limit };
}

function sampling({ sampling: { temperature, topP, topK } }: Request, quirks: Quirks): JsonObject {
  return defined({ temperature, top_p: topP, top_k: quirks.topK ? topK : undefined });
}

/** A server that takes less than a schema is told it in words before this. */
function replyFormat(schema: ReplySchema | undefined, { replySchema = "json_schema" }: Quirks): JsonObject {
  if (schema === undefined || replySchema === "none") return {};
  if (replySchema === "json_object" || schema.open) return { format: { type: "json_object" } };
  return { format: { type: "json_schema", ...schemaFields(schema) } };
}
