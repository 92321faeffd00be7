import type { ProviderWire } from "../../model/wire.ts";
import { createReplyReader } from "./read-reply.ts";
import { writeRequest } from "./write-request.ts";

/** Chat Completions as a provider speaks it: OpenAI's `POST /v1/chat/completions` and the many servers that follow it. */
export const chatProvider: ProviderWire = {
  open: (request, context) => ({ body: writeRequest(request, context), read: createReplyReader(request, context) }),
};
