import type { ReplyEvent } from "../../model/event.ts";
import type { OpenContext } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, listOf, objectOf } from "../json.ts";
import { readEvents } from "./read-events.ts";

/** A whole reply to the events that its stream would have given. */
export function readReply(body: unknown, context: OpenContext): ReplyEvent[] {
  const message = objectOf(body);
  const isError = message.type === "error" || message.error !== undefined || message.detail !== undefined;
  // Ollama's empty reply has null for content.
  if (isError || !(Array.isArray(message.content) || message.content === null)) {
    return [{ type: "failure", failure: readErrorInReply(body) }];
  }
  const reading = readEvents(context);
  reading.message(message);
  for (const [index, block] of listOf(message.content).filter(isObject).entries()) {
    reading.start(index, block);
    reading.stop(index);
  }
  reading.ending({ stop_reason: message.stop_reason, stop_sequence: message.stop_sequence, stop_details: message.stop_details }, {});
  reading.finish();
  return reading.take();
}
