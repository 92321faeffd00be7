import { defined } from "../../model/defined.ts";
import { efforts, type Reasoning, type Request } from "../../model/request.ts";
import { countOf, isObject, type JsonObject, listOf, objectOf, textOf, wholeOf } from "../json.ts";
import { unacceptableAt } from "../refuse.ts";
import { samplingOf } from "../sampling.ts";
import { serverFields, sharedFields } from "../server-fields.ts";
import { acceptMessages } from "./accept-messages.ts";
import { acceptReplySchema, acceptToolChoice, acceptTools } from "./accept-tools.ts";

/** A body of `POST /v1/chat/completions` as a request. Fields that say nothing to a model are passed over. Throws Unacceptable. */
export function acceptRequest(body: unknown): Request {
  if (!isObject(body)) throw unacceptableAt("body", "must be a JSON object");
  const model = textOf(body.model);
  if (model === undefined) throw unacceptableAt("model", "must be a string");
  if (!Array.isArray(body.messages) || body.messages.length === 0)
    throw unacceptableAt("messages", "must be a list with at least one message");
  if (typeof body.n === "number" && body.n > 1) throw unacceptableAt("n", "only one choice is supported");
  if (listOf(body.modalities).includes("audio")) throw unacceptableAt("modalities", "a reply in sound is not supported");
  if (typeof (body.stream ?? false) !== "boolean") throw unacceptableAt("stream", "must be true or false");
  const turns = acceptMessages(body.messages);
  if (turns.every(({ parts }) => parts.length === 0)) throw unacceptableAt("messages", "must say something");
  const tools = acceptTools(body);
  const maxOutput = limitOf(body);
  const schema = acceptReplySchema(body.response_format);
  const logprobs = body.logprobs === true ? (countOf(body.top_logprobs) ?? 0) : undefined;
  return defined({
    model,
    turns,
    tools,
    toolChoice: acceptToolChoice(body, tools),
    parallelTools: body.parallel_tool_calls !== false,
    reasoning: acceptReasoning(body),
    maxOutput,
    sampling: samplingOf((field) => numberIn(body, field)),
    stop: acceptStop(body.stop),
    schema,
    logprobs,
    stream: body.stream === true,
    user: textOf(body.user) ?? textOf(body.safety_identifier),
    cacheKey: textOf(body.prompt_cache_key),
    cachesUnasked: true,
    chatFields: serverFields(body, ofServer),
  });
}

const ofServer = [
  ...sharedFields,
  ...["seed", "store", "prompt_cache_key", "frequency_penalty", "presence_penalty", "logit_bias", "prediction"],
];

function limitOf(body: JsonObject): number | undefined {
  const field = body.max_completion_tokens === undefined || body.max_completion_tokens === null ? "max_tokens" : "max_completion_tokens";
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  // What llama.cpp and LM Studio call no limit.
  if (value === -1) return undefined;
  const limit = wholeOf(value);
  if (limit === undefined) throw unacceptableAt(field, "must be a whole number");
  return limit;
}

function numberIn(body: JsonObject, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw unacceptableAt(field, "must be a number");
  return value;
}

function acceptStop(stop: unknown): string[] {
  if (stop === undefined || stop === null) return [];
  const list = Array.isArray(stop) ? stop : [stop];
  return list.map((sequence: unknown) => {
    if (typeof sequence !== "string") throw unacceptableAt("stop", "must be a string or a list of strings");
    return sequence;
  });
}

/** `reasoning_effort`, and the dialects in which clients of other servers ask for the same. */
function acceptReasoning(body: JsonObject): Reasoning {
  const nested = objectOf(body.reasoning);
  const thinking = objectOf(body.thinking);
  const template = objectOf(body.chat_template_kwargs);
  const given = body.reasoning_effort ?? nested.effort;
  // Groq's Qwen models take "none" or this, which only switches thinking on.
  const isSwitch = given === "default";
  const asked = isSwitch ? undefined : given;
  const switches = [isSwitch || undefined, nested.enabled, body.enable_thinking, template.enable_thinking, template.thinking];
  if (asked === "none" || thinking.type === "disabled" || switches.includes(false)) return { enabled: false };
  const effort = efforts.find((name) => name === asked);
  if (asked !== undefined && asked !== null && effort === undefined) {
    throw unacceptableAt("reasoning_effort", `must be one of none, ${efforts.join(", ")}`);
  }
  const budget = countOf(nested.max_tokens) ?? countOf(thinking.budget_tokens);
  const on = effort !== undefined || budget !== undefined || thinking.type !== undefined || switches.includes(true);
  return defined({ enabled: on ? true : undefined, effort, budget });
}
