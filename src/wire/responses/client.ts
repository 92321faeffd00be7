import type { AcceptContext, Accepted, ClientWire } from "../../model/wire.ts";
import { objectOf } from "../json.ts";
import { acceptOrRefuse } from "../refuse.ts";
import { acceptRequest } from "./accept.ts";
import { createEcho } from "./response-object.ts";
import { writeFailure } from "./write-failure.ts";
import { createReplyWriter } from "./write-reply.ts";

/** The Responses API as a client speaks it: Codex, the OpenAI SDKs, anything built to Open Responses. */
export const responsesClient: ClientWire = { accept: (body, context) => acceptOrRefuse(() => accept(body, context)), writeFailure };

function accept(body: unknown, context: AcceptContext): Accepted {
  const { request, spelling } = acceptRequest(body);
  return { request, write: createReplyWriter(createEcho(objectOf(body), context), spelling, context) };
}
