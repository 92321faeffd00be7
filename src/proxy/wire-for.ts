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
  const { wire, native } = chooseWire(target, attempt.quirks, exchange.wire, exchange.body.fields);
  return { wire, native: native && !mustChange(session, exchange, attempt) };
}

function mustChange(session: Session, exchange: Exchange, attempt: Attempt): boolean {
  const { wire, body, stream } = exchange;
  const { fields } = body;
  // The request goes on from a reply that fcc wrote, which no provider knows: its history has to be put in.
  if (wire === "responses" && session.responses.knows(fields)) return true;
  // The client will fetch the reply by its id, and asks fcc for it: no such question goes to a provider.
  if (wire === "responses" && fields["background"] === true && !stream) return true;
  if (attempt.quirks.keepsThreads !== true && refuseThread(exchange) !== undefined) return true;
  // Less output than the client asks for.
  if (attempt.maxOutput !== undefined) return true;
  return mayOverflow(session, exchange, attempt);
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
