import { type Failure, isMissing } from "../../model/failure.ts";
import { addedFields } from "../../route/added-fields.ts";
import { nativeHeaders } from "../../route/headers.ts";
import { targetName } from "../../route/target.ts";
import { addFields } from "../../wire/add-fields.ts";
import { askedOutput } from "../../wire/asked-output.ts";
import { attributeFailure } from "../attribute-failure.ts";
import { learnCount } from "../counts/learn-count.ts";
import type { Exchange, Result, WireAttempt } from "../exchange.ts";
import { missingThinking, refusedThinking } from "../refused-thinking.ts";
import type { Session } from "../session.ts";
import { receive } from "../translated/receive.ts";
import { openAttempt, translate } from "../translated/translate.ts";
import { type Answered, askForReply, type Succeeded } from "../upstream.ts";
import { nativeBody } from "./body.ts";
import { passStream } from "./pass-stream.ts";
import { passWhole } from "./pass-whole.ts";
import { refusedToolIds } from "./refused-tool-ids.ts";

/**
 * One attempt byte for byte: in the request only the model's name changes, and what a configuration adds to every request; what comes back
 * with a status of 2xx passes as it is, compressed too. Anything else is read and told as a failure.
 */
export async function relay(session: Session, exchange: Exchange, attempt: WireAttempt): Promise<Result> {
  const { target } = attempt;
  const { wire } = exchange;
  const kinds = [refusedThinking(session, wire, target), missingThinking(wire), refusedToolIds(session, wire, target)];
  const named = nativeBody(exchange.body, attempt.wire, target.model);
  // What is below the endpoint (a count) takes fewer fields.
  const added = exchange.below === undefined ? addedFields(target, attempt.quirks) : undefined;
  let body = kinds.reduce((bytes, kind) => kind.without(bytes), added === undefined ? named : addFields(named, added));
  let answered = await send(session, exchange, attempt, body);
  // The same without what another model signed, or called by an id of its own, once for each.
  for (let tries = 0; answered.failure !== undefined && tries < kinds.length; tries += 1) {
    const { failure } = answered;
    const other = kinds.map((kind) => kind.after(failure, body)).find((bytes) => bytes !== undefined);
    if (other === undefined) break;
    body = other;
    answered = await send(session, exchange, attempt, body);
  }
  if (answered.failure !== undefined) {
    // Few servers of the wire have what is below its endpoint; the model can be asked for it in an ordinary request.
    if (exchange.below !== undefined && isMissing(answered.failure)) return translate(session, exchange, { ...attempt, native: false });
    // Nobody here read the body closely: where the provider refuses it, the client's own fault is told with its place.
    const malformed = isRefusal(answered.failure) ? exchange.body.parse().failure : undefined;
    return { failure: malformed ?? answered.failure, native: true };
  }
  const type = answered.headers["content-type"] ?? "";
  const asked = exchange.stream ? /event-stream/i : /json/i;
  const other = exchange.stream ? /json/i : /event-stream/i;
  if (/text\/html/i.test(type) || (other.test(type) && !asked.test(type))) return readThrough(session, exchange, attempt, answered);
  const { url } = answered;
  const read = () => readThrough(session, exchange, attempt, answered);
  const result = exchange.stream
    ? await passStream(session, exchange, attempt.wire, answered, read)
    : await passWhole(session, exchange, attempt.wire, answered);
  if (result.done !== true) {
    if (result.failure.provider !== undefined) return result;
    return { ...result, failure: attributeFailure(session, result.failure, target, url) };
  }
  const counts = attempt.quirks.countsTokens === true && !session.serverCounts.lacks(`${targetName(target)} messages`);
  // Providers that count are asked.
  if (exchange.wire === "messages" && !counts) learnCount(session, exchange, target, result.usage?.input);
  return result;
}

function send(session: Session, exchange: Exchange, attempt: WireAttempt, body: Buffer): Promise<Answered> {
  return askForReply(session, exchange, attempt, {
    headers: (provider, key) => nativeHeaders(provider, attempt.wire, key, attempt.quirks, exchange.headers),
    body,
    output: askedOutput(exchange.body.fields),
    ...(exchange.below === undefined ? {} : { below: exchange.below }),
  });
}

const isRefusal = ({ status }: Failure) => status === 400 || status === 422 || status === 500;

/** A page, or a whole reply where a stream was asked for, is of no use to the client as it is: it is read and written like any other. */
async function readThrough(session: Session, exchange: Exchange, attempt: WireAttempt, answered: Succeeded): Promise<Result> {
  const accepted = exchange.accepted();
  if ("failure" in accepted) return accepted;
  const tokens = () => session.counts.count(targetName(attempt.target), accepted.request).tokens;
  const opened = openAttempt(session, exchange, { request: accepted.request, tokens, roughly: tokens }, attempt);
  return { ...(await receive(session, exchange, { accepted, attempt, opened, answered })), native: true };
}
