import type { AcceptContext, ClientWire } from "../../model/wire.ts";
import { acceptRequest } from "./accept.ts";
import { tell } from "./tell.ts";
import { writeReply } from "./write-reply.ts";
import { writeStream } from "./write-stream.ts";

/** Anthropic's Messages as Claude Code and the Anthropic SDKs speak it. */
export const messagesClient: ClientWire = {
  accept(body, { ids }: AcceptContext) {
    const request = acceptRequest(body);
    if ("failure" in request) return request;
    const names = {
      model: request.model,
      id: (given: string) => (/^msg_[\w-]+$/.test(given) ? given : ids.next("msg_")),
    };
    return {
      request,
      write: {
        stream: (requestId) => writeStream(names, requestId),
        reply: (events) => writeReply(names, events),
      },
    };
  },
  tell,
};
