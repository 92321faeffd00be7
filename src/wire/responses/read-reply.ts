import type { ReplyEvent } from "../../model/event.ts";
import type { SseMessage, Stage } from "../../model/stage.ts";
import type { OpenContext, ReplyReader } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject } from "../json.ts";
import { readObjects } from "../sse-data.ts";
import { type Events, readEvents } from "./read-events.ts";

/** Reads replies, streamed or whole: a whole reply is what the last event of a stream brings. `maxOutput`: the limit that was sent. */
export function createReplyReader(context: OpenContext, maxOutput: number | undefined): ReplyReader {
  return {
    stream: () => readStream(readEvents(context, maxOutput)),
    reply(body) {
      const events = readEvents(context, maxOutput);
      const response = isObject(body) && isObject(body.response) ? body.response : body;
      if (isObject(response) && (Array.isArray(response.output) || response.status === "failed")) return events.over(response);
      return events.fail(readErrorInReply(isObject(body) || typeof body === "string" ? body : JSON.stringify(body ?? "")));
    },
  };
}

function readStream(events: Events): Stage<SseMessage, ReplyEvent> {
  return {
    push: (message) => readObjects(message, events),
    idle: () => [],
    fail: events.fail,
    end: () => events.fail({ kind: "cut-off", origin: "provider", message: "The provider's reply broke off before it was complete." }),
  };
}
