import type { Failure } from "../model/failure.ts";
import type { Exchange } from "./exchange.ts";

/**
 * Refuses `thread`, by which a client of the Messages wire lets the server keep the conversation and sends only what is new; the tool runners
 * of Anthropic's SDKs do so by default. If the server does not keep it, the model would get neither history nor instructions nor tools. After
 * this `error_code` the clients send the whole conversation again, and no thread from then on.
 */
export function refuseThread({ wire, body }: Exchange): Failure | undefined {
  if (wire !== "messages" || ["absent", "null"].includes(body.kindOf("thread"))) return undefined;
  return {
    kind: "bad-request",
    origin: "client",
    message: "thread: not supported, no conversations are kept at this provider. Send the full conversation without `thread`.",
    details: { error_code: "thread_unsupported_request" },
  };
}
