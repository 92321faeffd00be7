import { chooseWire, type WireChoice } from "../route/choose-wire.ts";
import type { Attempt } from "../route/memory.ts";
import { type Target, targetName } from "../route/target.ts";
import { askedOutput } from "../wire/asked-output.ts";
import { mostTokens } from "./counts/surely-fits.ts";
import type { Exchange } from "./exchange.ts";
import { type Session, windowOf } from "./session.ts";
import { refuseThread } from "./threads.ts";

/**
 * The wire for an attempt: the one that its target is asked by, translated also where it is the client's own but more has to change in the
 * request than the model's name.
 *
 * @param target the attempt's, with only those wires that its provider is not known to lack
 */
export function wireFor(session: Session, exchange: Exchange, attempt: Attempt, target: Target): WireChoice {
  const choice = chooseWire(target, attempt.quirks, exchange.wire, exchange.body.fields);
  const obstacle = choice.native ? obstacleHere(session, exchange, attempt) : undefined;
  return obstacle === undefined ? choice : { wire: choice.wire, native: false, obstacle };
}

/** Why a request cannot be sent as it is that could be, for all that its target is known by. */
function obstacleHere(session: Session, exchange: Exchange, attempt: Attempt): string | undefined {
  const { wire, body, stream } = exchange;
  const { fields } = body;
  // No provider knows that reply: its history has to be put in.
  if (wire === "responses" && session.responses.knows(fields)) return "it goes on from a reply that fcc wrote";
  // No such question goes to a provider.
  if (wire === "responses" && fields["background"] === true && !stream) return "the client will fetch the reply from fcc";
  if (attempt.quirks.keepsThreads !== true && refuseThread(exchange) !== undefined) return "the server keeps no threads";
  if (attempt.maxOutput !== undefined) return "less output is asked for than the client wants";
  return mayOverflow(session, exchange, attempt) ? "prompt and output may not fit the window" : undefined;
}

/** Whether prompt and output together may not fit the window: local servers refuse such a request instead of giving less output (vLLM). */
function mayOverflow(session: Session, exchange: Exchange, { target }: Attempt): boolean {
  const window = target.provider.row.kind === "local" ? windowOf(session, target) : undefined;
  if (window === undefined) return false;
  const { fields, bytes } = exchange.body;
  const output = askedOutput(fields) ?? 0;
  // Decided by size alone for most requests, which then need not be parsed.
  if (mostTokens(bytes) + output <= window) return false;
  const accepted = exchange.accepted();
  return !("failure" in accepted) && session.counts.count(targetName(target), accepted.request).tokens + output > window;
}
