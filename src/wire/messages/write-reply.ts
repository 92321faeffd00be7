import { pipe, runStage } from "../../model/pipe.ts";
import type { AcceptContext, ReplyWriter } from "../../model/wire.ts";
import type { JsonObject } from "../json.ts";
import { asksForSummary, asSummary } from "./compaction.ts";
import { writeStream } from "./write-stream.ts";
import { writeWhole } from "./write-whole.ts";

/** Replies to the request in this body, under the name by which it asked for the `model`. */
export function createReplyWriter(body: JsonObject, model: string, { ids, audience }: AcceptContext): ReplyWriter {
  const names = { model, id: (given: string) => (/^msg_[\w-]+$/.test(given) ? given : ids.next("msg_")) };
  const stream = (requestId: string) => writeStream(names, requestId, audience);
  if (!asksForSummary(body)) return { stream, reply: (events) => writeWhole(names, events) };
  return {
    stream: (requestId) => pipe(asSummary(body), stream(requestId)),
    reply: (events) => writeWhole(names, runStage(asSummary(body), events)),
  };
}
