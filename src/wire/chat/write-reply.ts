import type { ReplyEvent, Stop, TokenLogprob } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { append } from "../../model/lists.ts";
import type { Request } from "../../model/request.ts";
import type { Stage } from "../../model/stage.ts";
import type { AcceptContext, ReplyWriter } from "../../model/wire.ts";
import type { JsonObject } from "../json.ts";
import { usageAndOwn } from "../own-fields.ts";
import { spreadOwn } from "./own-of-reply.ts";
import { writeUsage } from "./usage.ts";
import { type CallDelta, type DeltaContext, writeDeltas } from "./write-deltas.ts";
import { errorInReply } from "./write-failure.ts";

interface WriteContext extends AcceptContext, DeltaContext {
  readonly request: Request;
  /** The client asked for a last chunk with usage. */
  readonly includeUsage: boolean;
}

/** Replies to this request: chunks as the events come, or one object. Both are made of the same deltas. */
export function createReplyWriter(context: WriteContext): ReplyWriter {
  return {
    stream: () => writeStream(context),
    reply: (events) => writeWhole(events, context),
  };
}

function writeStream(context: WriteContext): Stage<ReplyEvent, string> {
  const { request, now } = context;
  const deltas = writeDeltas(context);
  let id: string | undefined;
  let over = false;
  const own = spreadOwn();
  const chunk = (fields: JsonObject): string =>
    `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created: now, model: request.model, ...own.next(), ...fields })}\n\n`;
  const choice = (delta: JsonObject, finish: JsonObject = { finish_reason: null }): string =>
    chunk({ choices: [{ index: 0, delta, ...finish }], ...(context.includeUsage ? { usage: null } : {}) });
  const fail = (failure: Failure): string[] => {
    over = true;
    return [`data: ${JSON.stringify({ error: errorInReply(failure) })}\n\n`];
  };

  return {
    push(event) {
      if (over) return [];
      switch (event.type) {
        case "reply-start":
          id = idFrom(event.id, context);
          own.take(usageAndOwn(event, "chat", {})[1]);
          return [choice({ role: "assistant", content: "" })];
        case "logprobs":
          return [choice({}, { logprobs: { content: event.tokens, refusal: null }, finish_reason: null })];
        case "failure":
          return fail(event.failure);
        case "reply-end": {
          over = true;
          const [usage, told] = usageAndOwn(event, "chat", writeUsage(event.usage));
          own.take(told);
          const { refusal, ...finish } = writeFinish(event.stop, context);
          const said = refusal === undefined ? [] : [choice({ refusal })];
          said.push(choice({}, finish));
          if (context.includeUsage) said.push(chunk({ choices: [], usage }));
          return [...said, "data: [DONE]\n\n"];
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

/** `finish_reason`, and beside it the stop string as vLLM names it, which the wire itself cannot say. */
/** An id that a server of this wire gave is kept, as OpenRouter tells by it what a reply cost; programs do not know those of other wires. */
function idFrom(given: string | undefined, { ids }: WriteContext): string {
  return given && !/^(?:msg|resp)_/.test(given) ? given : ids.next("chatcmpl-");
}

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
  const { request, now } = context;
  const deltas = writeDeltas(context);
  const content: string[] = [];
  const reasoning: string[] = [];
  const details: JsonObject[] = [];
  const annotations: unknown[] = [];
  const tokens: TokenLogprob[] = [];
  const calls: { readonly head: CallDelta; readonly pieces: string[] }[] = [];
  let id: string | undefined;
  let finish: JsonObject = { finish_reason: "stop" };
  let own: JsonObject = {};
  let usage: JsonObject = {};
  for (const event of events) {
    if (event.type === "reply-start") {
      id = event.id;
      own = usageAndOwn(event, "chat", {})[1];
    }
    if (event.type === "logprobs") append(tokens, event.tokens);
    if (event.type === "reply-end") {
      finish = writeFinish(event.stop, context);
      const [counted, told] = usageAndOwn(event, "chat", writeUsage(event.usage));
      usage = counted;
      own = { ...own, ...told };
    }
    const delta = deltas(event) ?? {};
    if (delta.content !== undefined) content.push(delta.content);
    if (delta.reasoning_content !== undefined) reasoning.push(delta.reasoning_content);
    append(details, delta.reasoning_details ?? []);
    append(annotations, delta.annotations ?? []);
    const call = delta.function_call === undefined ? delta.tool_calls?.[0] : { index: 0, function: delta.function_call };
    if (call === undefined) continue;
    if (event.type === "tool-start") calls.push({ head: call, pieces: [] });
    else calls.at(-1)?.pieces.push(call.function?.arguments ?? call.custom?.input ?? "");
  }

  const functions = calls.map(({ head: { index: _, ...fields }, pieces }) => {
    const whole = pieces.join("");
    if (fields.custom !== undefined) return { ...fields, custom: { ...fields.custom, input: whole } };
    return { ...fields, function: { ...fields.function, arguments: whole } };
  });
  const { refusal = null, ...finished } = finish;
  const text = content.join("");
  const message = {
    role: "assistant",
    content: text === "" && (functions.length > 0 || refusal !== null) ? null : text,
    refusal,
    ...(reasoning.length === 0 ? {} : { reasoning_content: reasoning.join("") }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(annotations.length === 0 ? {} : { annotations }),
    ...(functions.length === 0 ? {} : context.legacy ? { function_call: functions[0]?.function } : { tool_calls: functions }),
  };
  return {
    id: idFrom(id, context),
    object: "chat.completion",
    created: now,
    model: request.model,
    ...own,
    choices: [{ index: 0, message, logprobs: tokens.length === 0 ? null : { content: tokens, refusal: null }, ...finished }],
    usage,
  };
}
