import type { ReplyEvent } from "../../model/event.ts";
import type { SseMessage, Stage } from "../../model/stage.ts";
import type { OpenContext } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";
import { lostIn, readData } from "../sse-data.ts";
import { readEvents } from "./read-events.ts";

/** A Messages stream to events. Events that we do not know are passed over; nothing is read after the end. */
export function readStream(context: OpenContext): Stage<SseMessage, ReplyEvent> {
  const reading = readEvents(context);

  const read = (event: JsonObject, name: string | undefined) => {
    if (reading.over()) return;
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
      case "message_stop":
        // Some servers give the last figures here.
        reading.ending({}, objectOf(event.usage));
        return reading.finish();
      case "error":
        return reading.fail(readErrorInReply(event.error === undefined ? event : { error: event.error }));
      default:
        if (isObject(event.error)) reading.fail(readErrorInReply(event));
    }
  };

  const readText = (text: string, name: string | undefined) => {
    if (name === "error") return reading.fail(readErrorInReply(text));
    const lost = lostIn(text);
    if (lost !== undefined) reading.fail(lost);
  };

  return {
    push({ event: name, data }) {
      const values = readData(data);
      if (values === undefined) readText(data, name);
      else for (const value of values) if (isObject(value)) read(value, name);
      return reading.take();
    },
    // The stop reason was told, and what is missing is only formal.
    idle() {
      if (reading.complete()) reading.finish();
      return reading.take();
    },
    fail(failure) {
      reading.fail(failure);
      return reading.take();
    },
    end() {
      reading.fail({ kind: "cut-off", origin: "provider", message: "the stream ended before the reply was complete" });
      return reading.take();
    },
  };
}
