import { defined } from "../../model/defined.ts";
import { flatMap } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { withFields } from "../add-fields.ts";
import { thinks } from "../common-fields.ts";
import { splitInstructions } from "../instructions.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";
import { withoutFields } from "../without-fields.ts";
import { placeCacheMarks, placesOf } from "./cache-marks.ts";
import { writeText } from "./write-content.ts";
import { effortFields, thinkingFields } from "./write-reasoning.ts";
import { hostedFields, toolFields } from "./write-tools.ts";
import { writeTurns } from "./write-turns.ts";

/** The API demands a limit. Most models accept this one; others have theirs in their row, or say so when they refuse it. */
const defaultMaxOutput = 32_000;

/** A request as the body of `POST /v1/messages`. */
export function writeRequest(request: Request, context: OpenContext): Record<string, unknown> {
  const { model, quirks } = context;
  const { instructions, rest } = splitInstructions(request.turns);
  const system = flatMap(instructions, writeText);
  const messages = writeTurns(rest, context, request.reasoning.enabled !== false);
  const offered = toolFields(request, quirks);
  // A conversation that has begun will be sent again with its next turn, so that caching it pays.
  const goesOn = request.cachesUnasked === true && messages.some(({ role }) => role === "assistant");
  placeCacheMarks({ tools: offered.tools ?? [], system, messages }, request.cacheKey !== undefined || goesOn);

  const maxTokens = Math.min(request.maxOutput ?? defaultMaxOutput, quirks.maxOutput ?? Number.POSITIVE_INFINITY);
  const reasoning = thinkingFields(request, messages, maxTokens, quirks);
  // A program of OpenAI's wires that also asks Claude puts Claude's own name for it among the metadata.
  const user = request.user ?? textOf(objectOf(request.chatFields?.metadata).user_id);
  const body = {
    model,
    max_tokens: maxTokens,
    ...(system.length === 0 ? {} : { system }),
    messages,
    ...offered,
    ...hostedFields(request),
    ...reasoning,
    ...outputConfig(request, quirks),
    // Refused together with reasoning.
    ...(thinks(reasoning) ? {} : sampling(request)),
    ...(request.stop.length === 0 ? {} : { stop_sequences: request.stop }),
    ...(user === undefined ? {} : { metadata: { user_id: user } }),
    stream: request.stream,
  };
  return withoutFields(withFields(body, quirks.extraBody), quirks.refusedMessagesFields?.flatMap(placesOf));
}

function outputConfig({ reasoning, schema }: Request, quirks: Quirks): JsonObject {
  const config = { ...effortFields(reasoning, quirks), ...(schema && { format: { type: "json_schema", schema: schema.schema } }) };
  return Object.keys(config).length === 0 ? {} : { output_config: config };
}

/** The highest temperature is 1 here, and 2 on OpenAI's wires. */
function sampling({ sampling: { temperature, topP, topK } }: Request): JsonObject {
  const allowed = temperature === undefined ? undefined : Math.min(1, Math.max(0, temperature));
  return defined({ temperature: allowed, top_p: topP, top_k: topK });
}
