import type { AcceptContext, Accepted, ClientWire } from "../../model/wire.ts";
import { objectOf } from "../json.ts";
import { acceptOrRefuse } from "../refuse.ts";
import { acceptRequest } from "./accept.ts";
import { writeFailure } from "./write-failure.ts";
import { createReplyWriter } from "./write-reply.ts";

/** Anthropic's Messages as Claude Code and the Anthropic SDKs speak it. */
export const messagesClient: ClientWire = { accept: (body, context) => acceptOrRefuse(() => accept(body, context)), writeFailure };

function accept(body: unknown, context: AcceptContext): Accepted {
  const request = acceptRequest(body, context.audience);
  return { request, write: createReplyWriter(objectOf(body), request.model, context) };
}
