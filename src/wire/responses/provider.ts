import type { ProviderWire } from "../../model/wire.ts";
import { askedOutput } from "../asked-output.ts";
import { createReplyReader } from "./read-reply.ts";
import { writeRequest } from "./write-request.ts";

/** The Responses API as a provider speaks it: OpenAI, and the local servers that offer it beside chat. */
export const responsesProvider: ProviderWire = {
  open(request, context) {
    const body = writeRequest(request, context);
    return { body, read: createReplyReader(context, askedOutput(body)) };
  },
};
