import { defined } from "../../model/defined.ts";
import { efforts, type Reasoning, type ReplySchema, type Request, type Turn } from "../../model/request.ts";
import { countOf, inWords, isObject, type JsonObject, listOf, objectOf, textOf, wholeOf } from "../json.ts";
import { includedLogprobs } from "../logprobs.ts";
import { Unacceptable } from "../refuse.ts";
import { schemaNames } from "../reply-schema.ts";
import { samplingOf } from "../sampling.ts";
import { serverFields, sharedFields } from "../server-fields.ts";
import { acceptItems } from "./accept-items.ts";
import { acceptToolChoice, acceptTools, type ToolSpelling } from "./accept-tools.ts";
import { inputItems, toolsInItems } from "./input-items.ts";
import { expandedFrom, unknownResponse } from "./memory.ts";

interface AcceptedRequest {
  readonly request: Request;
  /** How its tools are spelled, by the names that the model knows. */
  readonly spelling: ReadonlyMap<string, ToolSpelling>;
}

/** A body of `POST /responses` as a request. Fields that no model is told (store, metadata, truncation ...) are passed over. Throws Unacceptable. */
export function acceptRequest(body: unknown): AcceptedRequest {
  if (!isObject(body)) throw new Unacceptable("The body must be a JSON object.");
  const model = textOf(body.model);
  if (model === undefined) throw new Unacceptable("Missing required parameter: 'model'.", "model");
  const before = textOf(body.previous_response_id);
  if (before !== undefined && expandedFrom(body) === undefined) throw new Unacceptable(...unknownResponse(before));
  const stored = elsewhere.find(([name]) => Boolean(body[name]));
  if (stored !== undefined) throw new Unacceptable(`'${stored[0]}' is not supported: ${stored[1]}`, stored[0]);
  const odd = kinds.find(([name, is]) => body[name] !== undefined && body[name] !== null && !is(body[name]));
  if (odd !== undefined) throw new Unacceptable(`Invalid type for '${odd[0]}'.`, odd[0]);
  const items = inputItems(body.input);
  if (items === undefined) throw new Unacceptable("Missing required parameter: 'input'.", "input");

  const tools = acceptTools(body.tools, toolsInItems(items));
  const choice = acceptToolChoice(body.tool_choice, tools);
  const turns = [...acceptInstructions(body.instructions), ...acceptItems(items, tools)];
  if (turns.length === 0) throw new Unacceptable("'input' has nothing to answer.", "input");

  const logprobs = listOf(body.include).includes(includedLogprobs) ? (countOf(body.top_logprobs) ?? 0) : undefined;
  const request: Request = defined({
    model,
    turns,
    tools: choice.tools,
    toolChoice: choice.choice,
    parallelTools: body.parallel_tool_calls !== false,
    reasoning: acceptReasoningRequest(body.reasoning, items),
    maxOutput: wholeOf(body.max_output_tokens) || undefined,
    sampling: samplingOf((field) => (isNumber(body[field]) ? body[field] : undefined)),
    stop: [],
    schema: acceptFormat(lastUpdate(items, "text", "format") ?? objectOf(body.text).format),
    logprobs,
    stream: body.stream === true,
    user: textOf(body.safety_identifier) ?? textOf(body.user),
    cacheKey: textOf(body.prompt_cache_key),
    cachesUnasked: true,
    chatFields: serverFields({ ...body, verbosity: objectOf(body.text).verbosity }, sharedFields),
  });
  return { request, spelling: tools.spelling };
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const kinds: readonly (readonly [name: string, is: (value: unknown) => boolean])[] = [
  ["stream", (value) => typeof value === "boolean"],
  ["tools", Array.isArray],
  ["temperature", isNumber],
  ["top_p", isNumber],
  ["max_output_tokens", (value) => wholeOf(value) !== undefined],
];

/** What is kept at OpenAI. Left out without a word, the model would read another request than the client wrote. */
const elsewhere: readonly (readonly [name: string, why: string])[] = [
  ["background", "a reply lives as long as its connection."],
  ["conversation", "no conversations are kept here; previous_response_id goes on from a reply of this launch."],
  ["prompt", "no prompts are kept here; send its text in 'instructions' or 'input'."],
];

/** A string; OpenAI's newer form is a list of items, of which system and developer messages can be instructions. */
function acceptInstructions(instructions: unknown): Turn[] {
  const list = typeof instructions === "string" ? [instructions] : listOf(instructions);
  const texts = list.flatMap((item): unknown[] => {
    if (!isObject(item)) return [item];
    return Array.isArray(item.content) ? item.content.map((part) => (isObject(part) ? part.text : part)) : [item.content ?? item.text];
  });
  const parts = texts.flatMap((text) => (typeof text === "string" && text !== "" ? [{ type: "text" as const, text }] : []));
  return parts.length === 0 ? [] : [{ role: "system", parts }];
}

/** What the conversation has asked for last since the request's own (`configuration_update`): each says only what it changes. */
function lastUpdate(items: readonly JsonObject[], field: "reasoning" | "text", name: string): unknown {
  const updates = items.filter(({ type }) => type === "configuration_update").map((item) => objectOf(item[field])[name]);
  return updates.findLast((asked) => asked !== undefined && asked !== null);
}

function acceptReasoningRequest(reasoning: unknown, items: readonly JsonObject[]): Reasoning {
  const asked = lastUpdate(items, "reasoning", "effort") ?? objectOf(reasoning).effort;
  if (asked === "none") return { enabled: false };
  const effort = efforts.find((name) => name === asked);
  return effort === undefined ? {} : { enabled: true, effort, summary: textOf(objectOf(reasoning).summary) ?? null };
}

function acceptFormat(asked: unknown): ReplySchema | undefined {
  const format = objectOf(asked);
  if (format.type === undefined || format.type === "text") return undefined;
  if (format.type === "json_object") return { name: "reply", schema: { type: "object" }, open: true };
  if (format.type !== "json_schema") {
    const message = `Invalid value: '${inWords(format.type)}'. Supported values are: 'json_object', 'json_schema', and 'text'.`;
    throw new Unacceptable(message, "text.format.type");
  }
  const given = isObject(format.json_schema) ? format.json_schema : format;
  if (!isObject(given.schema)) throw new Unacceptable("Missing required parameter: 'text.format.schema'.", "text.format.schema");
  return { ...schemaNames(given), schema: given.schema };
}
