import { pipe, runStage } from "../../model/pipe.ts";
import type { AcceptContext, Accepted, ClientWire, ReplyWriter } from "../../model/wire.ts";
import { type JsonObject, objectOf } from "../json.ts";
import { acceptOrRefuse } from "../refuse.ts";
import { acceptRequest } from "./accept.ts";
import { asksForSummary, asSummary } from "./compaction.ts";
import { writeFailure } from "./write-failure.ts";
import { writeStream } from "./write-stream.ts";
import { writeWhole } from "./write-whole.ts";

/** Anthropic's Messages as Claude Code and the Anthropic SDKs speak it. */
export const messagesClient: ClientWire = { accept: (body, context) => acceptOrRefuse(() => accept(body, context)), writeFailure };

function accept(body: unknown, context: AcceptContext): Accepted {
  const request = acceptRequest(body, context.audience);
  return { request, write: createReplyWriter(objectOf(body), request.model, context) };
}

/** Replies to the request in this body, under the name by which it asked for the `model`. */
function createReplyWriter(body: JsonObject, model: string, context: AcceptContext): ReplyWriter {
  const write = writing(model, context);
  return asksForSummary(body) ? summarizing(body, write) : write;
}

/** Outside `createReplyWriter`, since a closure there would keep the body in memory. */
function writing(model: string, { ids, audience }: AcceptContext): ReplyWriter {
  const names = { model, id: (given: string) => (/^msg_[\w-]+$/.test(given) ? given : ids.next("msg_")) };
  return { stream: (requestId) => writeStream(names, requestId, audience), reply: (events) => writeWhole(names, events) };
}

function summarizing(body: JsonObject, write: ReplyWriter): ReplyWriter {
  return {
    stream: (requestId) => pipe(asSummary(body), write.stream(requestId)),
    reply: (events) => write.reply(runStage(asSummary(body), events)),
  };
}
