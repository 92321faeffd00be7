import type { ReplyEvent } from "../../model/event.ts";
import { pipe, runStage } from "../../model/pipe.ts";
import type { OpenContext } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, objectOf } from "../json.ts";
import { readSse } from "../sse.ts";
import { readEvents } from "./read-events.ts";
import { readStream } from "./read-stream.ts";

/** A whole reply to the events that its stream would have given. A server that streams unasked is read as a stream. */
export function readReply(body: unknown, context: OpenContext): ReplyEvent[] {
  if (typeof body === "string") {
    if (/^\s*(?:event|data|:)/.test(body)) return runStage(pipe(readSse(), readStream(context)), [Buffer.from(body, "utf8")]);
    return [{ type: "failure", failure: readErrorInReply(body) }];
  }
  const message = objectOf(body);
  if (message.type === "error" || message.error !== undefined || message.detail !== undefined) {
    return [{ type: "failure", failure: readErrorInReply(body) }];
  }
  // Ollama's empty reply has null for content.
  if (!Array.isArray(message.content) && message.content !== null) {
    return [{ type: "failure", failure: readErrorInReply(body) }];
  }
  const reading = readEvents(context);
  const blocks = (message.content ?? []).filter(isObject);
  return [
    ...reading.message(message),
    ...blocks.flatMap((block, index) => [...reading.start(index, block), ...reading.stop(index)]),
    ...reading.ending({ stop_reason: message.stop_reason, stop_sequence: message.stop_sequence, stop_details: message.stop_details }, {}),
    ...reading.finish(true),
  ];
}
