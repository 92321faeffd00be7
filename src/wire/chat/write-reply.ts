import type { ReplyEvent, Stop, TokenLogprob } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { append } from "../../model/lists.ts";
import type { Stage } from "../../model/stage.ts";
import type { AcceptContext, ReplyWriter } from "../../model/wire.ts";
import type { JsonObject } from "../json.ts";
import { usageAndOwn } from "../own-fields.ts";
import { joinDeltas } from "./join-deltas.ts";
import { spreadOwn } from "./own-of-reply.ts";
import { writeUsage } from "./usage.ts";
import { type Delta, type DeltaContext, writeDeltas } from "./write-deltas.ts";
import { errorInReply } from "./write-failure.ts";

interface WriteContext extends AcceptContext, DeltaContext {
  /** By what name the client asked for the model. */
  readonly model: string;
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
  const { model, now } = context;
  const deltas = writeDeltas(context);
  let id: string | undefined;
  let over = false;
  const own = spreadOwn();
  const chunk = (fields: JsonObject): string =>
    `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created: now, model, ...own.next(), ...fields })}\n\n`;
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

/** An id that a server of this wire gave is kept, as OpenRouter tells by it what a reply cost; programs do not know those of other wires. */
function idFrom(given: string | undefined, { ids }: WriteContext): string {
  return given && !/^(?:msg|resp)_/.test(given) ? given : ids.next("chatcmpl-");
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
  const { model, now } = context;
  const deltas = writeDeltas(context);
  const said: Delta[] = [];
  const tokens: TokenLogprob[] = [];
  let id: string | undefined;
  let finish: JsonObject = { finish_reason: "stop" };
  let own: JsonObject = {};
  let usage: JsonObject = {};
  for (const event of events) {
    switch (event.type) {
      case "reply-start":
        id = event.id;
        own = usageAndOwn(event, "chat", {})[1];
        break;
      case "logprobs":
        append(tokens, event.tokens);
        break;
      case "reply-end": {
        finish = writeFinish(event.stop, context);
        const [counted, told] = usageAndOwn(event, "chat", writeUsage(event.usage));
        usage = counted;
        own = { ...own, ...told };
        break;
      }
      default: {
        const delta = deltas(event);
        if (delta !== undefined) said.push(delta);
      }
    }
  }
  const { refusal = null, ...finished } = finish;
  const { content, ...more } = joinDeltas(said);
  const isElsewhere = refusal !== null || "tool_calls" in more || "function_call" in more;
  const message = { role: "assistant", content: content === "" && isElsewhere ? null : content, refusal, ...more };
  return {
    id: idFrom(id, context),
    object: "chat.completion",
    created: now,
    model,
    ...own,
    choices: [{ index: 0, message, logprobs: tokens.length === 0 ? null : { content: tokens, refusal: null }, ...finished }],
    usage,
  };
}
