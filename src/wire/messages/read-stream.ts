import type { ReplyEvent } from "../../model/event.ts";
import { flatMap } from "../../model/lists.ts";
import type { SseMessage, Stage } from "../../model/stage.ts";
import type { OpenContext } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";
import { readData } from "../sse-data.ts";
import { readEvents } from "./read-events.ts";

/** A Messages stream to events. Events that we do not know are passed over; nothing is read after the end. */
export function readStream(context: OpenContext): Stage<SseMessage, ReplyEvent> {
  const reading = readEvents(context);

  const read = (event: JsonObject, name: string | undefined): ReplyEvent[] => {
    if (reading.over()) return [];
    const type = typeof event.type === "string" ? event.type : name;
    switch (type) {
      case "content_block_delta":
        return reading.delta(event.index, objectOf(event.delta));
      case "message_start":
        return reading.message(objectOf(event.message));
      case "content_block_start":
        return reading.start(event.index, objectOf(event.content_block));
      case "content_block_stop":
        return reading.stop(event.index);
      case "message_delta":
        return reading.ending(objectOf(event.delta), objectOf(event.usage));
      case "message_stop": {
        // Some servers give the last figures here.
        const usage = reading.ending({}, objectOf(event.usage));
        return [...usage, ...reading.finish(true)];
      }
      case "error":
        return reading.fail(readErrorInReply(event.error === undefined ? event : { error: event.error }));
      default:
        return isObject(event.error) ? reading.fail(readErrorInReply(event)) : [];
    }
  };

  return {
    push({ event: name, data }) {
      const values = readData(data);
      if (values !== undefined) {
        const only = values.length === 1 ? values[0] : undefined;
        if (isObject(only)) return read(only, name);
        return flatMap(values, (value) => (isObject(value) ? read(value, name) : []));
      }
      if (name === "error") return reading.fail(readErrorInReply(data));
      // Words for people ("[DONE]", "keep-alive") may be passed over; a broken object was part of the reply.
      if (!/^\s*[{[]\s*"/.test(data)) return [];
      return reading.fail({ kind: "upstream", origin: "provider", message: "the stream has an event that is not valid JSON" });
    },
    // The stop reason was told, and what is missing is only formal.
    idle: () => (reading.complete() ? reading.finish(true) : []),
    fail: (failure) => (reading.complete() ? reading.finish(true) : reading.fail(failure)),
    end: () => reading.finish(false),
  };
}
