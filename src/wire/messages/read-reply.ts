import type { OpenContext, ReplyReader } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "../json.ts";
import { readObjects } from "../sse-data.ts";
import { readEvents } from "./read-events.ts";

/** Reads replies, streamed or whole: a whole reply is read as the stream that it would have been. */
export function createReplyReader(context: OpenContext): ReplyReader {
  return {
    stream() {
      const events = readEvents(context);
      // Where the stop reason was told, what is missing is only formal.
      const idle = () => (events.finished() ? events.over() : []);
      return readObjects(events, "the stream ended before the reply was complete", idle);
    },
    reply(body) {
      const message = objectOf(body);
      const isError = message.type === "error" || message.error !== undefined || message.detail !== undefined;
      // Ollama's empty reply has null for content.
      if (isError || !(Array.isArray(message.content) || message.content === null || typeof message.content === "string")) {
        return [{ type: "failure", failure: readErrorInReply(body) }];
      }
      const events = readEvents(context);
      return streamOf(message).flatMap((event) => events.take(event));
    },
  };
}

function streamOf(message: JsonObject): JsonObject[] {
  const { content, stop_reason, stop_sequence, stop_details } = message;
  const text = textOf(content);
  const blocks = text === undefined ? listOf(content).filter(isObject) : [{ type: "text", text }];
  return [
    { type: "message_start", message },
    ...blocks.flatMap((content_block, index) => [
      { type: "content_block_start", index, content_block },
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: { stop_reason, stop_sequence, stop_details } },
    { type: "message_stop" },
  ];
}
