import { mend } from "../../mend/mend.ts";
import { quirksFor } from "../../mend/quirks-for.ts";
import { refuseImages } from "../../mend/requests/refuse-images.ts";
import type { ReplyEvent } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Failure } from "../../model/failure.ts";
import type { WireName } from "../../model/opaque.ts";
import { pipe, runStage } from "../../model/pipe.ts";
import type { Request } from "../../model/request.ts";
import type { Ids, SseMessage, Stage } from "../../model/stage.ts";
import type { Opened } from "../../model/wire.ts";
import { betasFor, translatedHeaders } from "../../route/headers.ts";
import { refusedPlaces, withoutRefused } from "../../route/refused-places.ts";
import { asksForStream } from "../../route/streaming.ts";
import { targetName } from "../../route/target.ts";
import { askedOutput } from "../../wire/asked-output.ts";
import { withUncommon } from "../../wire/common-fields.ts";
import { type JsonObject, objectOf, wellFormedEscapes } from "../../wire/json.ts";
import { carriesOwn } from "../../wire/own-fields.ts";
import { withoutFields } from "../../wire/without-fields.ts";
import { learnCount } from "../counts/learn-count.ts";
import type { Exchange, Result, WireAttempt } from "../exchange.ts";
import { refusedInReply, refusedThinking, sendWithoutRefused } from "../refused-history.ts";
import { refuseThread } from "../threads.ts";
import { type Answered, askForReply } from "../upstream.ts";
import { answerEvents } from "../write-answer.ts";
import { readFailedGeneration } from "./failed-generation.ts";
import { type Fitted, fitToTarget } from "./fit-to-target.ts";
import { receive } from "./receive.ts";

/**
 * Makes one attempt through the language: the client's body becomes a request, that the provider's body, and the reply comes back so.
 *
 * @param told what the target has answered this attempt with, inside a reply
 */
export async function translate(exchange: Exchange, attempt: WireAttempt, told?: Failure): Promise<Result> {
  const refused = refuseSafeguards(exchange) ?? refuseThread(exchange);
  if (refused !== undefined) return { failure: refused };
  const accepted = exchange.accepted();
  if ("failure" in accepted) return accepted;
  const fitted = await fitToTarget(exchange, accepted.request, attempt);
  if ("failure" in fitted) return fitted;
  const failure = refuseImages(fitted.request, attempt.quirks, attempt.wire);
  if (failure !== undefined) return { failure: { ...failure, provider: targetName(attempt.target) } };
  const { opened, answered } = await send(exchange, fitted, attempt, told);
  if (answered.failure !== undefined) {
    const generated = opened.generated(answered.failure);
    if (generated !== undefined) return answerEvents(exchange, accepted, generated);
    return { failure: answered.failure, carries: opened.carries };
  }
  const result = await receive(exchange, { accepted, attempt, opened, answered });
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

/** A function of its own, since `translate` lasts as long as the reply and would keep the body in memory. */
async function send(
  exchange: Exchange,
  fitted: Fitted,
  attempt: WireAttempt,
  told?: Failure,
): Promise<{ readonly opened: OpenedAttempt; readonly answered: Answered }> {
  const { body: written, ...opened } = openAttempt(exchange, fitted, attempt);
  const value = withOwnFields(exchange, attempt, fitted.request, written);
  const stream = asksForStream(attempt.quirks, exchange.stream);
  // Fields of the client's own need them.
  const betas = value === written ? undefined : betasFor(attempt.quirks, exchange.headers);
  // Asked for less already: a sum that still does not fit is the prompt's alone.
  const output = attempt.maxOutput === undefined ? askedOutput(value) : undefined;
  // A signature whose maker is unknown, since its reply passed as bytes, may be another model's.
  const kinds = [refusedThinking(exchange.session, attempt.wire, attempt)];
  const ask = (body: Buffer) =>
    askForReply(exchange, attempt, { headers: (to) => translatedHeaders(to, stream, exchange.headers, betas), body, output });
  const answered = await sendWithoutRefused(kinds, Buffer.from(wellFormedEscapes(stringifyExactly(value))), ask, told);
  return { opened, answered };
}

/** The body with what else a client of the provider's own wire says in its own. */
function withOwnFields(exchange: Exchange, { wire, quirks }: WireAttempt, { reasoning }: Request, written: JsonObject): JsonObject {
  if (wire !== exchange.wire || exchange.below !== undefined || quirks.nativeFaults?.includes("unknown-fields")) return written;
  const parsed = exchange.body.parse();
  const own = parsed.failure === undefined ? objectOf(parsed.json) : {};
  const holding = quirksFor(reasoning, quirks);
  // Before they are joined: what the client says of a schema goes on where that is the same in both.
  const left = withoutFields(own, refusedPlaces(holding, wire));
  return withoutRefused(withUncommon(wire, written, left), own, holding, wire);
}

/** How a provider's reply is read: by its wire's reader, then the mends. */
export interface OpenedAttempt {
  readonly stream: () => Stage<SseMessage, ReplyEvent>;
  readonly reply: (body: unknown) => ReplyEvent[];
  /** The reply that a failure contains, if it does. */
  readonly generated: (failure: Failure) => ReplyEvent[] | undefined;
  /** The request said what only its wire can say. */
  readonly carries: boolean;
}

export function openAttempt(
  { session, wire, report }: Exchange,
  { request, tokens, roughly }: Fitted,
  attempt: WireAttempt,
): OpenedAttempt & { readonly body: Opened["body"] } {
  const { wires } = session.options;
  const { target } = attempt;
  const quirks = quirksFor(request.reasoning, attempt.quirks);
  const ids = idsFor(wire, session.options.ids);
  const maker = targetName(target);
  const mending = { quirks, ids, wire: attempt.wire, inputEstimate: tokens, startEstimate: roughly, longIds: session.longIds(maker) };
  const { request: mended, events, notices } = mend(request, mending);
  for (const text of notices) report({ type: "notice", text });
  const sent = { ...mended, stream: asksForStream(quirks, mended.stream) };
  const { body, read } = wires.providers[attempt.wire].open(sent, { ids, model: target.model, maker, quirks });
  return {
    body,
    stream: () => pipe(read.stream(), events()),
    reply: (whole) => runStage(events(), read.reply(whole)),
    generated: (failure) => readFailedGeneration(failure, events, ids),
    carries: carriesOwn(sent, attempt.wire),
  };
}

/** A call to which the provider gave no id gets one in the form that the client's wire has. */
function idsFor(wire: WireName, ids: Ids): Ids {
  return wire === "messages" ? { next: (prefix) => ids.next(prefix === "call_" ? "toolu_" : prefix) } : ids;
}
