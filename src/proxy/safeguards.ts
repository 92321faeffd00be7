import type { Failure } from "../model/failure.ts";
import type { Exchange } from "./exchange.ts";

/**
 * In its auto mode Claude Code lets the server judge what a model is about to do. Where the request goes to a server that knows nothing of
 * it the field would be left out and the client believe that somebody has judged; refused by name, it does so itself.
 */
export function refuseSafeguards({ wire, body }: Exchange): Failure | undefined {
  if (wire !== "messages" || Object.keys(Object(body.fields["safeguards"])).length === 0) return undefined;
  return { kind: "bad-request", origin: "client", message: "safeguards: not supported, nobody at this provider judges actions." };
}
