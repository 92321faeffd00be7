import type { Failure } from "../../model/failure.ts";
import type { Exchange } from "../exchange.ts";

/**
 * In auto mode, which a launch leaves on only if the user asks for it, Claude Code lets the server judge each action of the model. Without a
 * judgement, from a server that does not know `safeguards`, it denies every action. If the field is refused by name, it asks the model instead.
 */
export function refuseSafeguards({ wire, body }: Exchange): Failure | undefined {
  if (wire !== "messages" || Object.keys(Object(body.fields["safeguards"])).length === 0) return undefined;
  return { kind: "bad-request", origin: "client", message: "safeguards: not supported, nobody at this provider judges actions." };
}
