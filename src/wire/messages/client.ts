import { pipe, runStage } from "../../model/pipe.ts";
import type { AcceptContext, Accepted, ClientWire, ReplyWriter } from "../../model/wire.ts";
import { objectOf } from "../json.ts";
import { acceptOrRefuse } from "../refuse.ts";
import { acceptRequest } from "./accept.ts";
import { asksForSummary, asSummary } from "./compaction.ts";
import { writeFailure } from "./write-failure.ts";
import { writeReply } from "./write-reply.ts";
import { writeStream } from "./write-stream.ts";

/** Anthropic's Messages as Claude Code and the Anthropic SDKs speak it. */
export const messagesClient: ClientWire = { accept: (body, context) => acceptOrRefuse(() => accept(body, context)), writeFailure };

function accept(body: unknown, { ids }: AcceptContext): Accepted {
  const request = acceptRequest(body);
  const names = {
    model: request.model,
    id: (given: string) => (/^msg_[\w-]+$/.test(given) ? given : ids.next("msg_")),
  };
  const write: ReplyWriter = {
    stream: (requestId) => writeStream(names, requestId),
    reply: (events) => writeReply(names, events),
  };
  const fields = objectOf(body);
  if (!asksForSummary(fields)) return { request, write };
  return {
    request,
    write: {
      stream: (requestId) => pipe(asSummary(fields), write.stream(requestId)),
      reply: (events) => write.reply(runStage(asSummary(fields), events)),
    },
  };
}
