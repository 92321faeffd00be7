import { type Failure, isMissing } from "../../model/failure.ts";
import { acceptFor, nativeHeaders } from "../../route/headers.ts";
import { asksForStream } from "../../route/streaming.ts";
import { targetName } from "../../route/target.ts";
import { addFields } from "../../wire/add-fields.ts";
import { attributeFailure } from "../attribute-failure.ts";
import { lacksCount } from "../counts/count-at-server.ts";
import { learnCount } from "../counts/learn-count.ts";
import type { Exchange, Result, WireAttempt } from "../exchange.ts";
import { refusedHistory, refusedInReply, sendWithoutRefused } from "../refused-history.ts";
import { openAttempt } from "../translated/open-attempt.ts";
import { receive } from "../translated/receive.ts";
import { translate } from "../translated/translate.ts";
import { type Answered, askForReply, type Succeeded } from "../upstream.ts";
import { nativeBody } from "./body.ts";
import { type Edited, edited } from "./edited.ts";
import { passStream } from "./pass-stream.ts";
import { passWhole } from "./pass-whole.ts";

/**
 * Makes one attempt by passing bytes. In the request only the model's name changes, what the configuration adds to every request, and single
 * fields that the target does not take as they are (`edited.ts`); a 2xx answer passes as it is, compressed too, but for calls that are told
 * wrong. Any other answer becomes a failure.
 *
 * @param told what the target has answered this attempt with, inside a reply
 */
export async function relay(exchange: Exchange, attempt: WireAttempt, told?: Failure): Promise<Result> {
  const { session } = exchange;
  const { target, quirks, obstacle } = attempt;
  const sent = obstacle === undefined ? "bytes" : "edited";
  const body = await edited(exchange, attempt);
  if ("failure" in body) return body;
  const answered = await send(exchange, attempt, body, told);
  if (answered.failure !== undefined) {
    // Few servers have the endpoints below one that replies; the model can be asked for the same in an ordinary request.
    if (exchange.below !== undefined && isMissing(answered.failure)) return translate(exchange, { ...attempt, native: false });
    // fcc has not checked the body closely. If the provider refuses it, an error of fcc's own names the place of the client's mistake.
    const malformed = isRefusal(answered.failure) ? exchange.body.parse().failure : undefined;
    return { failure: malformed ?? answered.failure, sent };
  }
  const read = (come: Succeeded = answered) => readThrough(exchange, attempt, come);
  const passes = isAsAsked(exchange.stream, answered.headers["content-type"] ?? "");
  const pass = exchange.stream ? passStream : passWhole;
  const come: Result = { sent, ...(passes ? await pass(exchange, answered, read) : await read()) };
  const isAttributed = come.done === true || come.failure.provider !== undefined;
  const result = isAttributed ? come : { ...come, failure: attributeFailure(session, come.failure, target, answered.url) };
  const refused = told === undefined ? refusedInReply(result) : undefined;
  if (refused !== undefined && result.done !== true) return relay(exchange, attempt, refused);
  // The client has the beginning of a reply already, and asks again.
  if (refused !== undefined) await remember(exchange, attempt, refused);
  if (!passes || result.done !== true) return result;
  // A provider that counts is asked for its counts instead.
  const counts = quirks.countsTokens === true && !lacksCount(session, target, "messages");
  if (exchange.wire === "messages" && !counts) learnCount(exchange, target, result.usage?.input);
  return result;
}

/** Sends the client's body, without what the target refuses of its history: what another model signed, or called by an id of its own. */
function send(exchange: Exchange, attempt: WireAttempt, given: Edited, told?: Failure): Promise<Answered> {
  const { wire, quirks, obstacle } = attempt;
  const { session, headers, below } = exchange;
  const form = acceptFor(asksForStream(quirks, exchange.stream));
  const from = obstacle?.edits.includes("stream") ? { ...headers, accept: form } : headers;
  const ask = (body: Buffer) =>
    askForReply(exchange, attempt, { headers: (to) => nativeHeaders(to, quirks, from), body, below, output: given.output });
  return sendWithoutRefused(refusedHistory(session, wire, attempt), bytesOf(exchange, attempt, given), ask, told);
}

function bytesOf({ below }: Exchange, { target, wire, quirks }: WireAttempt, given: Edited): Buffer {
  const named = nativeBody(given, wire, target.model, targetName(target));
  // What is below the endpoint (a count) takes fewer fields.
  const added = below === undefined ? quirks.extraBody : undefined;
  return added === undefined ? named : addFields(named, added);
}

/** The body is made once more, since it would be kept for as long as each reply lasts. */
async function remember(exchange: Exchange, attempt: WireAttempt, refused: Failure): Promise<void> {
  const given = await edited(exchange, attempt);
  if ("failure" in given) return;
  const body = bytesOf(exchange, attempt, given);
  for (const kind of refusedHistory(exchange.session, attempt.wire, attempt)) kind.after(refused, body, false);
}

/** Whether an answer's type may be what was asked for: not a web page, nor a whole reply for a stream, or the reverse. */
function isAsAsked(stream: boolean, type: string): boolean {
  const [asked, other] = stream ? [/event-stream/i, /json/i] : [/json/i, /event-stream/i];
  return !/text\/html/i.test(type) && (asked.test(type) || !other.test(type));
}

const isRefusal = ({ status }: Failure) => status === 400 || status === 422 || status === 500;

/** Reads an answer that is of no use to the client as it is, and writes it as a translated one is written. */
async function readThrough(exchange: Exchange, attempt: WireAttempt, answered: Succeeded): Promise<Result> {
  const accepted = exchange.accepted();
  if ("failure" in accepted) {
    // Nobody reads it: what breaks it off later is no one's error.
    answered.body.on("error", () => {}).destroy();
    return accepted;
  }
  const tokens = () => exchange.session.counts.count(targetName(attempt.target), accepted.request).tokens;
  const opened = openAttempt(exchange, { request: accepted.request, tokens, roughly: tokens }, attempt);
  return receive(exchange, { write: accepted.write, attempt, opened, answered });
}
