import type { ProviderWire } from "../../model/wire.ts";
import { createReplyReader } from "./read-reply.ts";
import { writeRequest } from "./write-request.ts";

/** Anthropic's Messages as a provider's server speaks it: Anthropic itself and the many servers that follow it more or less. */
export const messagesProvider: ProviderWire = {
  open: (request, context) => ({ body: writeRequest(request, context), read: createReplyReader(context) }),
};
