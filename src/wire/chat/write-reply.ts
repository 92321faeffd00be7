import type { ReplyEvent, Stop } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { append } from "../../model/lists.ts";
import type { Seal } from "../../model/opaque.ts";
import type { Request } from "../../model/request.ts";
import type { Stage } from "../../model/stage.ts";
import type { AcceptContext, ReplyWriter } from "../../model/wire.ts";
import { createFreeformReader, type FreeformReader } from "../freeform.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";
import { openSeal, type Sealed, signatureFields, tellSeal } from "./seal.ts";
import { errorObject } from "./tell.ts";
import { writeUsage } from "./usage.ts";

export interface WriteContext extends AcceptContext {
  readonly request: Request;
  /** The client asked for a last chunk with usage. */
  readonly includeUsage: boolean;
  /** It asked with `functions`, and knows one `function_call` instead of `tool_calls`. */
  readonly legacy: boolean;
  /** Names of its tools that take free text. */
  readonly freeform: ReadonlySet<string>;
}

/** Replies to this request: chunks as the events come, or one object. Both are made of the same deltas. */
export function createReplyWriter(context: WriteContext): ReplyWriter {
  return {
    stream: () => writeStream(context),
    reply: (events) => writeWhole(events, context),
  };
}

function writeStream(context: WriteContext): Stage<ReplyEvent, string> {
  const { request, now, ids } = context;
  const deltas = writeDeltas(context);
  let id: string | undefined;
  let over = false;
  const chunk = (fields: JsonObject): string =>
    `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created: now, model: request.model, ...fields })}\n\n`;
  const choice = (delta: JsonObject, finish: JsonObject = { finish_reason: null }): string =>
    chunk({ choices: [{ index: 0, delta, ...finish }], ...(context.includeUsage ? { usage: null } : {}) });
  const fail = (failure: Failure): string[] => {
    over = true;
    return [`data: ${JSON.stringify({ error: errorObject(failure) })}\n\n`];
  };

  return {
    push(event) {
      if (over) return [];
      switch (event.type) {
        case "reply-start":
          id = event.id || ids.next("chatcmpl-");
          return [choice({ role: "assistant", content: "" })];
        case "failure":
          return fail(event.failure);
        case "reply-end": {
          over = true;
          const { refusal, ...finish } = writeFinish(event.stop, context);
          const usage = context.includeUsage ? [chunk({ choices: [], usage: writeUsage(event.usage) })] : [];
          const told = refusal === undefined ? [] : [choice({ refusal })];
          return [...told, choice({}, finish), ...usage, "data: [DONE]\n\n"];
        }
        default: {
          const delta = deltas(event);
          return delta === undefined ? [] : [choice(delta)];
        }
      }
    },
    idle: () => (over ? [] : [": keep-alive\n\n"]),
    fail: (failure) => (over ? [] : fail(failure)),
    end: () => [],
  };
}

/** The delta that says an event, or undefined where it says nothing of its own. */
function writeDeltas({ legacy, freeform }: WriteContext): (event: ReplyEvent) => JsonObject | undefined {
  let index = -1;
  let empty = false;
  let signature: string | undefined;
  /** Of the call that is open, where its tool takes free text. */
  let reader: FreeformReader | undefined;
  const call = (fields: JsonObject): JsonObject | undefined => {
    if (!legacy) return { tool_calls: [{ index, ...fields }] };
    // The old form can say one call.
    return index === 0 && isObject(fields.function) ? { function_call: fields.function } : undefined;
  };
  const written = (input: string) => (input === "" ? undefined : call({ custom: { input } }));
  return (event) => {
    switch (event.type) {
      case "text-delta":
        return { content: event.text };
      case "thinking-delta":
        return { reasoning_content: event.text };
      case "thinking-end": {
        const told = event.seal === undefined ? undefined : sealFields(event.seal);
        if (told !== undefined && "signature" in told) signature = told.signature;
        return told !== undefined && "details" in told ? { reasoning_details: told.details } : undefined;
      }
      case "tool-start": {
        index += 1;
        empty = true;
        const extra = signatureFields(signature);
        signature = undefined;
        reader = freeform.has(event.name) ? createFreeformReader() : undefined;
        if (reader !== undefined) return call({ id: event.id, type: "custom", custom: { name: event.name, input: "" }, ...extra });
        return call({ id: event.id, type: "function", function: { name: event.name, arguments: "" }, ...extra });
      }
      case "tool-delta":
        empty = false;
        return reader === undefined ? call({ function: { arguments: event.json } }) : written(reader.push(event.json));
      case "tool-end":
        if (reader !== undefined) return written(reader.end().text);
        return empty ? call({ function: { arguments: "{}" } }) : undefined;
      case "opaque":
        return event.part.text === undefined || event.part.text === "" ? undefined : { content: event.part.text };
      default:
        return undefined;
    }
  };
}

/**
 * A signature goes onto the call that follows, as Gemini writes it. All else is wrapped into an entry of reasoning details, which says who
 * made it: the client may meet another model next.
 */
function sealFields(seal: Seal): Sealed {
  const own = openSeal(seal, undefined);
  return own !== undefined && "signature" in own ? own : { details: tellSeal(seal) };
}

/** `finish_reason`, and beside it the stop string as vLLM names it, which the wire itself cannot say. */
function writeFinish(stop: Stop, { legacy }: WriteContext): JsonObject {
  switch (stop.reason) {
    case "tool-use":
      return { finish_reason: legacy ? "function_call" : "tool_calls" };
    case "max-output":
    case "window-full":
      return { finish_reason: "length" };
    case "refusal":
      // OpenAI's SDK throws at filtered content, where a program means to read what the model declined with.
      return {
        finish_reason: stop.declined ? "stop" : "content_filter",
        ...(stop.explanation === undefined ? {} : { refusal: stop.explanation }),
      };
    case "stop-sequence":
      return { finish_reason: "stop", ...(stop.sequence === undefined ? {} : { stop_reason: stop.sequence }) };
    default:
      return { finish_reason: "stop" };
  }
}

function writeWhole(events: readonly ReplyEvent[], context: WriteContext): unknown {
  const { request, now, ids } = context;
  const deltas = writeDeltas(context);
  const content: string[] = [];
  const reasoning: string[] = [];
  const details: unknown[] = [];
  const calls: { head: JsonObject; readonly pieces: string[] }[] = [];
  let id: string | undefined;
  let finish: JsonObject = { finish_reason: "stop" };
  let usage: JsonObject = {};
  for (const event of events) {
    if (event.type === "reply-start") id = event.id;
    if (event.type === "reply-end") {
      finish = writeFinish(event.stop, context);
      usage = writeUsage(event.usage);
    }
    const delta = deltas(event) ?? {};
    if (typeof delta.content === "string") content.push(delta.content);
    if (typeof delta.reasoning_content === "string") reasoning.push(delta.reasoning_content);
    if (Array.isArray(delta.reasoning_details)) append(details, delta.reasoning_details);
    const call: unknown = Array.isArray(delta.tool_calls) ? delta.tool_calls[0] : delta.function_call && { function: delta.function_call };
    if (!isObject(call)) continue;
    const piece = objectOf(call.function).arguments ?? objectOf(call.custom).input;
    if (event.type === "tool-start") calls.push({ head: call, pieces: [] });
    else if (typeof piece === "string") calls.at(-1)?.pieces.push(piece);
  }

  const functions = calls.map(({ head, pieces }): JsonObject => {
    const { index: _, ...fields } = head;
    if (isObject(head.custom)) return { ...fields, custom: { ...head.custom, input: pieces.join("") } };
    return { ...fields, function: { ...objectOf(head.function), arguments: pieces.join("") } };
  });
  const { refusal = null, ...finished } = finish;
  const text = content.join("");
  const message = {
    role: "assistant",
    content: text === "" && (functions.length > 0 || refusal !== null) ? null : text,
    refusal,
    ...(reasoning.length === 0 ? {} : { reasoning_content: reasoning.join("") }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(functions.length === 0 ? {} : context.legacy ? { function_call: functions[0]?.function } : { tool_calls: functions }),
  };
  return {
    id: id || ids.next("chatcmpl-"),
    object: "chat.completion",
    created: now,
    model: request.model,
    choices: [{ index: 0, message, logprobs: null, ...finished }],
    usage,
  };
}
