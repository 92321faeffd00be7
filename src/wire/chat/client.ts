import type { ClientWire } from "../../model/wire.ts";
import { objectOf } from "../json.ts";
import { refuse } from "../refuse.ts";
import { acceptRequest } from "./accept.ts";
import { freeformTools } from "./accept-tools.ts";
import { tell } from "./tell.ts";
import { Unacceptable } from "./unacceptable.ts";
import { createReplyWriter } from "./write-reply.ts";

/** Chat Completions as a client speaks it: OpenAI's SDKs and whatever takes an `OPENAI_BASE_URL`. */
export const chatClient: ClientWire = {
  accept(body, context) {
    try {
      const request = acceptRequest(body, context);
      const fields = objectOf(body);
      const options = objectOf(fields.stream_options);
      const legacy = Array.isArray(fields.functions) && !Array.isArray(fields.tools);
      const freeform = freeformTools(fields.tools);
      return { request, write: createReplyWriter({ ...context, request, includeUsage: options.include_usage === true, legacy, freeform }) };
    } catch (error) {
      if (error instanceof Unacceptable) return refuse(error.message, error.field);
      throw error;
    }
  },
  tell,
};
