import type { Failure } from "../../model/failure.ts";
import type { Exchange } from "../exchange.ts";

/**
 * In its auto mode, which a launch leaves on only where the user names it, Claude Code lets the server judge what a model is about to do.
 * A server that knows nothing of it leaves the client without a word, and it denies every action; refused by name, it asks the model itself.
 */
export function refuseSafeguards({ wire, body }: Exchange): Failure | undefined {
  if (wire !== "messages" || Object.keys(Object(body.fields["safeguards"])).length === 0) return undefined;
  return { kind: "bad-request", origin: "client", message: "safeguards: not supported, nobody at this provider judges actions." };
}
