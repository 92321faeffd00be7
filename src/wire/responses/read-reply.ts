import type { OpenContext, ReplyReader } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject } from "../json.ts";
import { readObjects } from "../sse-data.ts";
import { readEvents } from "./read-events.ts";

/** Reads replies, streamed or whole: a whole reply is what the last event of a stream brings. `maxOutput`: the limit that was sent. */
export function createReplyReader(context: OpenContext, maxOutput: number | undefined): ReplyReader {
  return {
    stream: () => readObjects(readEvents(context, maxOutput), "The provider's reply broke off before it was complete."),
    reply(body) {
      const events = readEvents(context, maxOutput);
      const response = isObject(body) && isObject(body.response) ? body.response : body;
      if (isObject(response) && (Array.isArray(response.output) || response.status === "failed")) return events.over(response);
      return events.fail(readErrorInReply(isObject(body) || typeof body === "string" ? body : JSON.stringify(body ?? "")));
    },
  };
}
