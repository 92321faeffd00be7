import { isEstimated } from "../../mend/estimate.ts";
import { refuseImages } from "../../mend/requests/refuse-images.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Failure } from "../../model/failure.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request } from "../../model/request.ts";
import type { ReplyWriter } from "../../model/wire.ts";
import { betasFor, translatedHeaders } from "../../route/headers.ts";
import { refusedPlaces, withoutRefused } from "../../route/refused-places.ts";
import { asksForStream } from "../../route/streaming.ts";
import { targetName } from "../../route/target.ts";
import { askedOutput } from "../../wire/asked-output.ts";
import { withUncommon } from "../../wire/common-fields.ts";
import { type JsonObject, objectOf, wellFormedEscapes } from "../../wire/json.ts";
import { withReasoningOf } from "../../wire/settings.ts";
import { withoutFields } from "../../wire/without-fields.ts";
import { learnCount } from "../counts/learn-count.ts";
import { goesOn, hasMedia } from "../counts/surely-fits.ts";
import { type Exchange, type Result, requestOf, type WireAttempt } from "../exchange.ts";
import { refusedInReply, refusedThinking, sendWithoutRefused } from "../refused-history.ts";
import { refuseThread } from "../threads.ts";
import { type Answered, askForReply } from "../upstream.ts";
import { answerEvents } from "../write-answer.ts";
import { fitToTarget } from "./fit-to-target.ts";
import { type OpenedAttempt, openAttempt } from "./open-attempt.ts";
import { receive } from "./receive.ts";

/**
 * Makes one attempt through the language: the client's body becomes a request, that the provider's body, and the reply comes back so.
 *
 * @param told what the target has answered this attempt with, inside a reply
 */
export async function translate(exchange: Exchange, attempt: WireAttempt, told?: Failure): Promise<Result> {
  const refused = refuseSafeguards(exchange) ?? refuseThread(exchange);
  if (refused !== undefined) return { failure: refused };
  const asked = await ask(exchange, attempt, told);
  if ("failure" in asked) return asked;
  const { write, opened, answered } = asked;
  if (answered.failure !== undefined) {
    const generated = opened.generated(answered.failure);
    if (generated !== undefined) return answerEvents(exchange, write, generated);
    return { failure: answered.failure, sent: opened.carries ? "own-parts" : undefined };
  }
  const result = await receive(exchange, { write, attempt, opened, answered });
  const again = told === undefined ? refusedInReply(result) : undefined;
  if (again !== undefined && result.done !== true) return translate(exchange, attempt, again);
  const input = result.done === true && result.usage?.estimated !== true ? result.usage?.input : undefined;
  learnCount(exchange, attempt.target, input);
  return result;
}

/**
 * In auto mode, which a launch leaves on only if the user asks for it, Claude Code lets the server judge each action of the model. Without a
 * judgement, from a server that does not know `safeguards`, it denies every action. If the field is refused by name, it asks the model instead.
 */
function refuseSafeguards({ wire, body }: Exchange): Failure | undefined {
  if (wire !== "messages" || Object.keys(Object(body.fields["safeguards"])).length === 0) return undefined;
  return { kind: "bad-request", origin: "client", message: "safeguards: not supported, nobody at this provider judges actions." };
}

interface Written {
  readonly write: ReplyWriter;
  readonly opened: OpenedAttempt;
  readonly body: Buffer;
  readonly betas: string | undefined;
  readonly output: number | undefined;
}

/** Writes the request and asks. A function of its own, since `translate` lasts as long as the reply and would keep the body in memory. */
async function ask(
  exchange: Exchange,
  attempt: WireAttempt,
  told?: Failure,
): Promise<(Pick<Written, "write" | "opened"> & { readonly answered: Answered }) | { readonly failure: Failure }> {
  const written = await writeFor(exchange, attempt);
  if ("failure" in written) return written;
  const { write, opened, body: given, betas, output } = written;
  const stream = asksForStream(attempt.quirks, exchange.stream);
  // A signature whose maker is unknown, since its reply passed as bytes, may be another model's.
  const kinds = refusedThinking(exchange.session, attempt.wire, attempt);
  const send = (body: Buffer) =>
    askForReply(exchange, attempt, { headers: (to) => translatedHeaders(to, stream, exchange.headers, betas), body, output });
  return { write, opened, answered: await sendWithoutRefused(kinds, given, send, told) };
}

/** Again a function of its own: while the server is awaited, which may read a prompt for minutes, only the bytes of the request are kept. */
async function writeFor(exchange: Exchange, attempt: WireAttempt): Promise<Written | { readonly failure: Failure }> {
  const accepted = exchange.accepted();
  if ("failure" in accepted) return accepted;
  const fitted = await fitToTarget(exchange, () => requestOf(exchange), attempt);
  if ("failure" in fitted) return fitted;
  const failure = refuseImages(fitted.request, attempt.quirks, attempt.wire);
  if (failure !== undefined) return { failure: { ...failure, provider: targetName(attempt.target) } };
  const { body: written, quirks, ...opened } = openAttempt(exchange, fitted, attempt);
  const value = withOwnFields(exchange, attempt, quirks, written);
  // Fields of the client's own need them; and a client of another wire has this header only because somebody set it for Anthropic's servers.
  const isForServer = attempt.wire === "messages" && exchange.wire !== "messages";
  const betas = value === written && !isForServer ? undefined : betasFor(attempt.quirks, exchange.headers);
  const body = Buffer.from(wellFormedEscapes(stringifyExactly(value)));
  if (!isNeededAgain(exchange, accepted.request)) exchange.release();
  return { write: accepted.write, opened, body, betas, output: askedOutput(value) };
}

/**
 * Whether a request is kept although it is written: one that was estimated is noted with the count that its reply tells, media are counted when
 * the reply begins, and an earlier reply that it goes on from may be forgotten before it is read again.
 */
function isNeededAgain(exchange: Exchange, request: Request): boolean {
  return isEstimated(request) || hasMedia(request) || goesOn(exchange);
}

/** The body with what else a client of the provider's own wire says in its own. */
function withOwnFields(exchange: Exchange, { wire, target }: WireAttempt, quirks: Quirks, written: JsonObject): JsonObject {
  if (wire !== exchange.wire || exchange.below !== undefined || quirks.nativeFaults?.includes("unknown-fields")) return written;
  const parsed = exchange.body.parse();
  const own = parsed.failure === undefined ? objectOf(parsed.json) : {};
  // Before they are joined: what the client says of a schema goes on where that is the same in both.
  const left = withoutFields(own, refusedPlaces(quirks, wire));
  const joined = withUncommon(wire, written, left);
  const isLeftToClient = target.reasoning === undefined && quirks.reasoningRequest === undefined && quirks.efforts === undefined;
  return withoutRefused(isLeftToClient ? withReasoningOf(wire, joined, left) : joined, own, quirks, wire);
}
