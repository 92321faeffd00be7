import type { ProviderWire } from "../../model/wire.ts";
import { createReplyReader } from "./read.ts";
import { writeRequest } from "./write-request.ts";

/** The Responses API as a provider speaks it: OpenAI, and the local servers that offer it beside chat. */
export const responsesProvider: ProviderWire = {
  open(request, context) {
    const body = writeRequest(request, context);
    const maxOutput = typeof body.max_output_tokens === "number" ? body.max_output_tokens : undefined;
    return { body, read: createReplyReader({ ...context, maxOutput }) };
  },
};
