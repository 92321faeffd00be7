import { mend } from "../mend/mend.ts";
import { refuseImages } from "../mend/refuse-images.ts";
import type { ReplyEvent, Usage } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import { pipe } from "../model/pipe.ts";
import type { SseMessage, Stage } from "../model/stage.ts";
import type { Accepted, Opened } from "../model/wire.ts";
import { decoded } from "../reach/decoded.ts";
import { failureOf } from "../reach/exchange.ts";
import { translatedHeaders } from "../route/headers.ts";
import type { Attempt } from "../route/memory.ts";
import { targetName } from "../route/target.ts";
import type { Way } from "../route/way.ts";
import { readSse } from "../wire/sse.ts";
import { blame } from "./blame.ts";
import { countIfNear } from "./count-if-near.ts";
import type { Exchange, Result } from "./exchange.ts";
import { readFailedGeneration } from "./failed-generation.ts";
import { type Fitted, fitToTarget } from "./fit-to-target.ts";
import { formOf, parseReply, type ReplyForm } from "./reply-form.ts";
import type { Session } from "./session.ts";
import { type Answered, ask } from "./upstream.ts";

/** A reply that comes at once may be as large as this. */
const largestReply = 64 * 1024 * 1024;
/** Milliseconds in which a server may still end a reply that is complete, so that its connection is kept. */
const grace = 1000;

/** One attempt through the language: the client's words to a request, the request to the provider's words, and the reply back. */
export async function translate(session: Session, exchange: Exchange, attempt: Attempt, way: Way): Promise<Result> {
  const accepted = exchange.accepted();
  if ("failure" in accepted) return accepted;
  const counted = await countIfNear(session, exchange, accepted.request, attempt);
  const fitted = fitToTarget(session, exchange, accepted.request, attempt, counted);
  if ("failure" in fitted) return fitted;
  const failure = refuseImages(fitted.request, attempt.quirks, way.wire);
  if (failure !== undefined) return { failure: { ...failure, provider: targetName(attempt.target) } };
  const opened = openAttempt(session, exchange, fitted, attempt, way);
  const { clock, sink } = session.options;
  const body = JSON.stringify(opened.body);
  const asked = ask(session, {
    attempt,
    wire: way.wire,
    headers: (key) => translatedHeaders(attempt.target.provider, way.wire, key, exchange.stream, exchange.headers),
    body,
    signal: exchange.outlet.gone,
    onSend: (url) =>
      sink({
        type: "attempt",
        id: exchange.id,
        at: clock(),
        target: targetName(attempt.target),
        url,
        wire: way.wire,
        native: false,
        ...(session.options.traceBodies === true ? { body: () => body } : {}),
      }),
  });
  // The request is on its way: what its prompt counts is found out while the provider works on it.
  setImmediate(fitted.tokens);
  const answered = await asked;
  if (answered.failure !== undefined) {
    const generated = opened.generated(answered.failure);
    return generated === undefined ? { failure: answered.failure } : answerEvents(exchange, accepted, generated);
  }
  const result = await receive(session, exchange, accepted, attempt, opened, answered);
  const input = result.done === true && result.usage?.estimated !== true ? result.usage?.input : undefined;
  if (input !== undefined) session.counts.learn(targetName(attempt.target), accepted.request, input);
  return result;
}

/** What is sent to a provider, and how its reply is read: its own reader and the mends. */
export interface OpenedAttempt {
  readonly body: Opened["body"];
  readonly stream: () => Stage<SseMessage, ReplyEvent>;
  readonly reply: (body: unknown) => ReplyEvent[];
  /** The reply that is inside a failure, where there is one. */
  readonly generated: (failure: Failure) => ReplyEvent[] | undefined;
}

export function openAttempt(session: Session, exchange: Exchange, { request, tokens }: Fitted, attempt: Attempt, way: Way): OpenedAttempt {
  const { wires, ids, sink, clock } = session.options;
  const { target, quirks } = attempt;
  const mended = mend(request, { quirks, ids, wire: way.wire, inputEstimate: tokens });
  for (const text of mended.notices) sink({ type: "notice", id: exchange.id, at: clock(), text });
  const opened = wires.providers[way.wire].open(mended.request, { ids, model: target.model, maker: targetName(target), quirks });
  return {
    body: opened.body,
    stream: () => pipe(opened.read.stream(), mended.events()),
    reply: (body) => {
      const stage = mended.events();
      return [...opened.read.reply(body).flatMap((event) => stage.push(event)), ...stage.end()];
    },
    generated: (failure) => readFailedGeneration(failure, mended.events, ids, request.model),
  };
}

/** Reads a 2xx answer, whatever form it came in, and writes it for the client. */
export function receive(
  session: Session,
  exchange: Exchange,
  accepted: Accepted,
  attempt: Attempt,
  opened: OpenedAttempt,
  answered: Answered & { readonly failure?: undefined },
): Promise<Result> {
  const { outlet, silence, id } = exchange;
  const { provider } = attempt.target;
  const { sink, clock } = session.options;
  const body = decoded(answered);
  return new Promise((resolve) => {
    const writer = exchange.stream ? exchange.writer() : undefined;
    const whole: ReplyEvent[] = [];
    let stage: Stage<SseMessage, ReplyEvent> | undefined;
    const sse = readSse();
    let started = false;
    let told = false;
    let over: Result | undefined;
    let usage: Usage | undefined;

    const take = (event: ReplyEvent): string => {
      if (over !== undefined) return "";
      if (event.type === "failure") {
        const generated = told ? undefined : opened.generated(event.failure);
        if (generated !== undefined) return takeAll(generated.filter(({ type }) => !started || type !== "reply-start"));
        const failure = blame(event.failure, provider, answered.url, session.keys.get(provider.id) ?? provider.keys);
        // A reply that is not streamed is only begun when it is written.
        over = started && writer !== undefined ? { done: true, failure, ...(usage === undefined ? {} : { usage }) } : { failure };
        return over.done === true ? (writer?.push({ type: "failure", failure }) ?? []).join("") : "";
      }
      if (event.type === "reply-start") {
        started = true;
        usage = event.usage;
      } else if (!told && event.type !== "reply-end") {
        told = true;
        sink({ type: "first-token", id, at: clock() });
      }
      if (event.type === "reply-end") {
        // What was guessed at the start gives way to what is known at the end.
        usage = event.usage.input === undefined ? { ...usage, ...event.usage } : event.usage;
        over = { done: true, usage };
      }
      if (writer === undefined) {
        whole.push(event);
        return "";
      }
      return writer.push(event).join("");
    };
    const takeAll = (events: readonly ReplyEvent[]): string => {
      if (events.length === 1) return take(events[0] as ReplyEvent);
      let text = "";
      for (const event of events) text += take(event);
      return text;
    };

    const put = (text: string) => {
      if (over !== undefined) return finish(text);
      if (text === "") return;
      silence.broken();
      openStream(exchange);
      if (outlet.write(text)) return;
      body.pause();
      outlet.drained(() => body.resume());
    };
    const finish = (text: string) => {
      const result = over as Result;
      if (result.done !== true) {
        body.destroy();
        return resolve(result);
      }
      silence.end();
      if (writer === undefined) answerWhole(exchange, accepted.write.reply(whole));
      else {
        openStream(exchange);
        outlet.end(text + writer.end().join(""));
      }
      // The client has it all; the server may end its stream by itself, and then the connection can be used again.
      const timer = setTimeout(() => body.destroy(), grace);
      body.once("close", () => clearTimeout(timer));
      if (result.failure !== undefined) body.destroy();
      else body.resume();
      resolve(result);
    };

    silence.onBeat(() => {
      if (outlet.gone.aborted || outlet.full || over !== undefined) return;
      const text = takeAll(stage?.idle() ?? []);
      // A server that says why it stopped, and then neither [DONE] nor good-bye, has said all.
      if (over !== undefined) return finish(text);
      beat(exchange, () => (writer === undefined ? "" : text + writer.idle().join("")));
    });

    // Until the first character tells which form the answer has, whatever its content-type says.
    let form: ReplyForm = "unknown";
    const pieces: Buffer[] = [];
    let size = 0;
    const feed = (chunk: Uint8Array) => {
      stage ??= opened.stream();
      const messages = sse.push(chunk);
      let text = "";
      for (const message of messages) text += takeAll(stage.push(message));
      put(text);
    };
    body.on("data", (chunk: Buffer) => {
      if (over !== undefined) return;
      try {
        if (form === "unknown") form = formOf(answered.headers["content-type"], chunk);
        if (form === "events") return feed(chunk);
        size += chunk.length;
        pieces.push(chunk);
        if (size > largestReply) throw new Error("the reply is larger than 64 MiB");
      } catch (error) {
        stop(failureOf(error));
      }
    });
    body.once("end", () => {
      if (over !== undefined) return;
      if (form === "whole") return put(takeAll(opened.reply(parseReply(Buffer.concat(pieces).toString("utf8"), answered))));
      stage ??= opened.stream();
      let text = "";
      for (const message of sse.end()) text += takeAll(stage.push(message));
      text += takeAll(stage.end());
      if (over === undefined)
        text += take({ type: "failure", failure: { kind: "cut-off", origin: "provider", message: "the reply ended without an end" } });
      put(text);
    });
    body.on("error", (error) => stop(failureOf(error)));

    function stop(failure: Failure): void {
      if (over !== undefined) return;
      stage ??= opened.stream();
      let text = takeAll(stage.fail(failure));
      if (over === undefined) text += take({ type: "failure", failure });
      put(text);
    }
  });
}

/** Spends the status on a stream. */
export function openStream({ outlet }: Exchange): void {
  if (!outlet.opened) outlet.open(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
}

/** A reply that is there already. */
function answerEvents(exchange: Exchange, accepted: Accepted, events: readonly ReplyEvent[]): Result {
  const { outlet, silence } = exchange;
  silence.end();
  const end = events.at(-1);
  const writer = exchange.stream ? exchange.writer() : undefined;
  if (writer !== undefined) {
    openStream(exchange);
    outlet.end([...events.flatMap((event) => writer.push(event)), ...writer.end()].join(""));
  } else answerWhole(exchange, accepted.write.reply(events));
  return { done: true, ...(end?.type === "reply-end" ? { usage: end.usage } : {}) };
}

export function answerWhole({ outlet }: Exchange, body: unknown): void {
  // After white space the status is spent and the JSON follows.
  if (outlet.opened) outlet.end(JSON.stringify(body));
  else outlet.answer({ status: 200, headers: {}, body });
}

/** What shows the client of this exchange that the stream lives, while nothing was said in it. */
export function idleText(exchange: Exchange): string {
  return exchange.writer()?.idle().join("") ?? "";
}

/** One sign of life: events that this client counts as such, or white space before JSON. */
export function beat(exchange: Exchange, idle: () => string): void {
  const { outlet } = exchange;
  if (outlet.gone.aborted || outlet.full) return;
  if (exchange.stream) {
    const text = idle();
    if (text === "") return;
    openStream(exchange);
    outlet.write(text);
    return;
  }
  if (!outlet.opened) outlet.open(200, { "content-type": "application/json" });
  outlet.write(" ");
}
