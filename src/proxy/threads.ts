import type { Failure } from "../model/failure.ts";
import type { Exchange } from "./exchange.ts";

/**
 * A client of the Messages wire may leave its conversation with the server and send only what is new: the tool runners of Anthropic's SDKs
 * do by themselves. Where nobody keeps it, the model would be asked without the history, the instructions and the tools. At this
 * `error_code` the clients send the whole conversation again, and no thread from then on.
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
