import { chooseWire, onOwnWire, type WireChoice } from "../route/choose-wire.ts";
import type { Attempt } from "../route/memory.ts";
import { joined, type Obstacle } from "../route/obstacles.ts";
import { type Target, targetName } from "../route/target.ts";
import { askedOutput } from "../wire/asked-output.ts";
import { mostTokens } from "./counts/surely-fits.ts";
import type { Exchange } from "./exchange.ts";
import { windowOf } from "./session.ts";
import { refuseThread } from "./threads.ts";

/**
 * The wire for an attempt: the one that its target is asked by, translated also where it is the client's own but more has to change in the
 * request than single fields.
 *
 * @param target the attempt's, with only those wires that its provider is not known to lack
 */
export function wireFor(exchange: Exchange, attempt: Attempt, target: Target): WireChoice {
  const choice = chooseWire({ ...attempt, target }, exchange.wire, exchange.body.fields);
  if (!choice.native && !passesUnread(exchange, attempt, choice)) return choice;
  const { obstacle: known } = choice;
  const passing = known && { ...known, edits: known.edits.filter((edit) => edit !== "conversation") };
  const obstacle = joined([passing, obstacleHere(exchange, attempt, passing)].filter((one) => one !== undefined));
  // What is below an endpoint (a summary) takes fewer fields than are written for a reply.
  return onOwnWire(
    choice.wire,
    obstacle === undefined || exchange.below === undefined ? obstacle : { ...obstacle, edits: ["conversation"] },
  );
}

/**
 * Whether the language has no word for what the client says to a server of its own wire (audio, a new kind of block): that may take it. Where it
 * would cut off the beginning of a prompt without a word, only what was counted goes.
 */
function passesUnread({ wire, below, accepted }: Exchange, { quirks }: Attempt, choice: WireChoice): boolean {
  if (choice.wire !== wire || below !== undefined || quirks.nativeFaults?.includes("silent-truncation")) return false;
  return "failure" in accepted();
}

/** Why a request cannot be sent as it is that could be, for all that its target is known by (`known`: but for single fields). */
function obstacleHere(exchange: Exchange, attempt: Attempt, known: Obstacle | undefined): Obstacle | undefined {
  const { session, wire, body, stream } = exchange;
  const { fields } = body;
  // No provider knows that reply: its history has to be put in.
  if (wire === "responses" && session.responses.knows(fields))
    return { why: "it goes on from a reply that fcc wrote", edits: ["conversation"] };
  // No such question goes to a provider.
  if (wire === "responses" && fields["background"] === true && !stream)
    return { why: "the client will fetch the reply from fcc", edits: ["conversation"] };
  if (attempt.quirks.keepsThreads !== true && refuseThread(exchange) !== undefined)
    return { why: "the server keeps no threads", edits: ["conversation"] };
  if (attempt.maxOutput !== undefined) return { why: "less output is asked for than the client wants", edits: ["limit"] };
  return mayOverflow(exchange, attempt, known) ? { why: "prompt and output may not fit the window", edits: ["room"] } : undefined;
}

/**
 * Whether prompt and output together may not fit the window: local servers refuse such a request instead of giving less output (vLLM). A limit that
 * is changed anyway is one that fits at any server.
 */
function mayOverflow({ session, body, accepted }: Exchange, { target }: Attempt, known: Obstacle | undefined): boolean {
  const window = known?.edits.includes("limit") || target.provider.row.kind === "local" ? windowOf(session, target) : undefined;
  if (window === undefined) return false;
  const { fields, bytes } = body;
  const output = askedOutput(fields) ?? (known && target.maxOutput) ?? 0;
  // Decided by size alone for most requests, which then need not be parsed.
  if (mostTokens(bytes) + output <= window) return false;
  const read = accepted();
  return !("failure" in read) && session.counts.count(targetName(target), read.request).tokens + output > window;
}
