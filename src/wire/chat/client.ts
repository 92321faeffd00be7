import type { AcceptContext, Accepted, ClientWire } from "../../model/wire.ts";
import { objectOf } from "../json.ts";
import { acceptOrRefuse } from "../refuse.ts";
import { acceptRequest } from "./accept.ts";
import { freeformTools } from "./accept-tools.ts";
import { writeFailure } from "./write-failure.ts";
import { createReplyWriter } from "./write-reply.ts";

/** Chat Completions as a client speaks it: OpenAI's SDKs and whatever takes an `OPENAI_BASE_URL`. */
export const chatClient: ClientWire = { accept: (body, context) => acceptOrRefuse(() => accept(body, context)), writeFailure };

function accept(body: unknown, context: AcceptContext): Accepted {
  const request = acceptRequest(body);
  const fields = objectOf(body);
  const options = objectOf(fields.stream_options);
  const legacy = Array.isArray(fields.functions) && !Array.isArray(fields.tools);
  const freeform = freeformTools(fields.tools);
  const { model } = request;
  return { request, write: createReplyWriter({ ...context, model, includeUsage: options.include_usage === true, legacy, freeform }) };
}
