import type { Failure } from "../model/failure.ts";
import { decoded } from "../reach/decoded.ts";
import { failureOf } from "../reach/exchange.ts";
import { answerHeaders, nativeHeaders } from "../route/headers.ts";
import type { Attempt } from "../route/memory.ts";
import { type Target, targetName } from "../route/target.ts";
import type { Way } from "../route/way.ts";
import { findModel, replaceModel } from "../wire/messages/pass.ts";
import type { Exchange, Result } from "./exchange.ts";
import type { Session } from "./session.ts";
import { tapAnswer } from "./taps.ts";
import { beat, openAttempt, receive } from "./translate.ts";
import { type Answered, ask } from "./upstream.ts";

/**
 * One attempt byte for byte: in the request only the bytes of the model's name change, and what comes back with a status of 2xx passes as
 * it is, compressed too. Anything else is read and told as a failure.
 */
export async function relay(session: Session, exchange: Exchange, attempt: Attempt, way: Way): Promise<Result> {
  const { clock, sink } = session.options;
  const { target, quirks } = attempt;
  exchange.silence.onBeat(() => beat(exchange, () => idleText(exchange)));
  const span = findModel(exchange.bytes);
  const body = span === undefined ? exchange.bytes : replaceModel(exchange.bytes, span, target.model);
  const answered = await ask(session, {
    attempt,
    wire: way.wire,
    headers: (key) => nativeHeaders(exchange.headers, target.provider, way.wire, key, quirks),
    body,
    signal: exchange.outlet.gone,
    onSend: (url) =>
      sink({
        type: "attempt",
        id: exchange.id,
        at: clock(),
        target: targetName(target),
        url,
        wire: way.wire,
        native: true,
        ...(session.options.traceBodies === true ? { body: () => body.toString("utf8") } : {}),
      }),
  });
  if (answered.failure !== undefined) return { failure: answered.failure, native: true };
  const type = answered.headers["content-type"] ?? "";
  if (/text\/html/i.test(type) || (exchange.stream && /json/i.test(type))) return readThrough(session, exchange, attempt, way, answered);
  const result = await passBytes(session, exchange, way, answered, `${target.provider.id} at ${new URL(answered.url).origin}`);
  if (exchange.wire === "messages" && quirks.countsTokens !== true && result.done === true)
    learnCount(session, exchange, target, result.usage?.input);
  return result;
}

/** A page, or a whole reply where a stream was asked for, is of no use to the client as it is: it is read and written like any other. */
async function readThrough(
  session: Session,
  exchange: Exchange,
  attempt: Attempt,
  way: Way,
  answered: Answered & { readonly failure?: undefined },
): Promise<Result> {
  const accepted = exchange.accepted();
  if ("failure" in accepted) return accepted;
  const { tokens } = session.counts.count(targetName(attempt.target), accepted.request);
  const opened = openAttempt(session, exchange, { request: accepted.request, tokens }, attempt, way);
  return { ...(await receive(session, exchange, accepted, attempt, opened, answered)), native: true };
}

/** Only for providers that cannot be asked for a count is the request read for one. */
function learnCount(session: Session, exchange: Exchange, target: Target, input: number | undefined): void {
  const accepted = input === undefined ? undefined : exchange.accepted();
  if (input !== undefined && accepted !== undefined && !("failure" in accepted))
    session.counts.learn(targetName(target), accepted.request, input);
}

/** What shows the client of this exchange that the stream lives, while the provider says nothing. */
function idleText(exchange: Exchange): string {
  const accepted = exchange.accepted();
  return "failure" in accepted ? "" : accepted.write.stream(exchange.id).idle().join("");
}

function passBytes(
  session: Session,
  exchange: Exchange,
  way: Way,
  answered: Answered & { readonly failure?: undefined },
  provider: string,
): Promise<Result> {
  const { outlet, silence, id } = exchange;
  const { clock, sink } = session.options;
  return new Promise((resolve) => {
    let passed = 0;
    const broken = (error: unknown) => {
      if (passed > 0) return;
      resolve({ failure: failureOf(error), native: true });
    };
    answered.body.on("error", broken);
    // Headers alone are no reply: until its first byte another target may still be tried, and a sign of life may be due.
    let begun = false;
    const begin = () => {
      if (begun) return;
      begun = true;
      if (answered.body.readableLength === 0) {
        const message = `${answered.url} answered ${answered.status} with nothing.`;
        return resolve({ failure: { kind: "cut-off", origin: "provider", message, provider }, native: true });
      }
      silence.end();
      sink({ type: "first-token", id, at: clock() });
      // After a sign of life status and headers are spent, and with them the encoding.
      const spent = outlet.opened;
      const body = spent ? decoded(answered) : answered.body;
      const tap = tapAnswer(way.wire, spent ? { ...answered.headers, "content-encoding": undefined } : answered.headers);
      if (!spent) outlet.open(answered.status, answerHeaders(answered.headers));
      const finish = (failure?: Failure) => {
        const seen = tap.seen();
        const told = failure ?? seen.failure;
        const usage = seen.usage === undefined ? {} : { usage: seen.usage };
        resolve({ done: true, native: true, ...usage, ...(told === undefined ? {} : { failure: told }) });
      };
      body.on("data", (chunk: Buffer) => {
        passed += chunk.length;
        const room = outlet.write(chunk);
        tap.push(chunk);
        if (room) return;
        body.pause();
        outlet.drained(() => body.resume());
      });
      body.once("end", () => {
        outlet.end();
        tap.end(() => finish());
      });
      body.on("error", (error) => {
        // The bytes are the provider's: a sentence of ours among them could end up inside a text. A cut is what happened.
        outlet.destroy();
        finish(failureOf(error));
      });
    };
    answered.body.once("readable", begin);
    // An answer that is over already has nothing to read.
    answered.body.once("end", begin);
  });
}
