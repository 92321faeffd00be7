import type { ReplyEvent, Usage } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import type { SseMessage, Stage } from "../model/stage.ts";
import type { Accepted } from "../model/wire.ts";
import { failureOf } from "../reach/broken-body.ts";
import { decoded } from "../reach/decoded.ts";
import type { Attempt } from "../route/memory.ts";
import { readSse } from "../wire/sse.ts";
import { blame } from "./blame.ts";
import type { Exchange, Result } from "./exchange.ts";
import { formOf, parseReply, type ReplyForm } from "./reply-form.ts";
import type { Session } from "./session.ts";
import { isTooDeep } from "./too-deep.ts";
import type { OpenedAttempt } from "./translate.ts";
import { type Answered, grace } from "./upstream.ts";
import { answerWhole, beat, openStream } from "./write-answer.ts";

/** A reply that comes at once may be as large as this. */
const largestReply = 64 * 1024 * 1024;
/** Milliseconds for which what was used is waited for, once the server has said why it stopped and then nothing more. */
const usageWait = 2500;

const tooDeep: Failure = {
  kind: "upstream",
  origin: "provider",
  message: "The answer, or what it repeats of the request, is nested too deep.",
};

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
  const { sink, clock } = session.options;
  const body = decoded(answered);
  return new Promise((resolve) => {
    const writer = exchange.stream ? exchange.writer() : undefined;
    const whole: ReplyEvent[] = [];
    let stage: Stage<SseMessage, ReplyEvent> | undefined;
    const sse = readSse();
    let started = false;
    let told = false;
    let called = false;
    /** The part that is open, by its beginning. */
    let part: "text-start" | "thinking-start" | undefined;
    let over: Result | undefined;
    let usage: Usage | undefined;

    const take = (event: ReplyEvent): string => {
      if (over !== undefined) return "";
      if (event.type === "failure") {
        const generated = called ? undefined : opened.generated(event.failure);
        if (generated !== undefined) return takeAll(told ? continued(generated, part) : generated.filter(isNew));
        const failure = blame(session, event.failure, attempt.target, answered.url);
        // A reply that is not streamed is only begun when it is written.
        over = started && writer !== undefined ? { done: true, failure, ...(usage === undefined ? {} : { usage }) } : { failure };
        return over.done === true ? (writer?.push({ type: "failure", failure }) ?? []).join("") : "";
      }
      called ||= event.type === "tool-start";
      if (event.type === "text-start" || event.type === "thinking-start") part = event.type;
      else if (event.type === "text-end" || event.type === "thinking-end") part = undefined;
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
    const isNew = ({ type }: ReplyEvent) => !started || type !== "reply-start";
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
      if (writer === undefined) answerWhole(exchange, accepted.write.reply(whole));
      else {
        openStream(exchange);
        outlet.end(text + writer.end().join(""));
      }
      silence.end();
      // The client has it all; the server may end its stream by itself, and then the connection can be used again.
      const timer = setTimeout(() => body.destroy(), grace);
      body.once("close", () => clearTimeout(timer));
      if (result.failure !== undefined) body.destroy();
      else body.resume();
      resolve(result);
    };

    /** An event of a socket or a clock has no caller that could catch: a fault of fcc's own would end the launch with all its sessions. */
    const guarded =
      <Given extends unknown[]>(act: (...given: Given) => void) =>
      (...given: Given) => {
        try {
          act(...given);
        } catch (error) {
          settle(isTooDeep(error) ? tooDeep : failureOf(error));
        }
      };
    /** Ends with a failure, and where that cannot be written either, without. */
    const settle = (failure: Failure) => {
      try {
        if (over === undefined) return stop(failure);
      } catch {
        // A writer may repeat in every event what cannot be written.
      }
      body.destroy();
      const blamed = { failure: blame(session, failure, attempt.target, answered.url) };
      if (writer === undefined || !outlet.opened) return resolve(blamed);
      outlet.destroy();
      resolve({ done: true, ...blamed });
    };

    silence.onBeat(
      guarded(() => {
        if (over === undefined) beat(exchange);
      }),
    );

    const usageTimer = setTimeout(
      guarded(() => {
        // What a slow client holds up has not been read yet.
        if (outlet.full) usageTimer.refresh();
        else if (over === undefined) put(takeAll(stage?.idle() ?? []));
      }),
      usageWait,
    );
    body.once("close", () => clearTimeout(usageTimer));

    // Until the first character tells which form the answer has, whatever its content-type says.
    let form: ReplyForm = "unknown";
    const pieces: Buffer[] = [];
    let size = 0;
    const feed = (chunk: Uint8Array) => {
      stage ??= opened.stream();
      usageTimer.refresh();
      const messages = sse.push(chunk);
      let text = "";
      for (const message of messages) text += takeAll(stage.push(message));
      put(text);
    };
    body.on(
      "data",
      guarded((chunk: Buffer) => {
        if (over !== undefined) return;
        if (form === "unknown") form = formOf(answered.headers["content-type"], chunk);
        if (form === "events") return feed(chunk);
        size += chunk.length;
        pieces.push(chunk);
        if (size > largestReply) throw new Error("the reply is larger than 64 MiB");
      }),
    );
    body.once(
      "end",
      guarded(() => {
        if (over !== undefined) return;
        if (form === "whole") return put(takeAll(opened.reply(parseReply(Buffer.concat(pieces).toString("utf8"), answered))));
        stage ??= opened.stream();
        let text = "";
        for (const message of sse.end()) text += takeAll(stage.push(message));
        text += takeAll(stage.end());
        if (over === undefined)
          text += take({ type: "failure", failure: { kind: "cut-off", origin: "provider", message: "the reply ended without an end" } });
        put(text);
      }),
    );
    body.on("error", (error) => {
      if (over === undefined) settle(failureOf(error));
    });

    function stop(failure: Failure): void {
      let text = "";
      try {
        stage ??= opened.stream();
        text = takeAll(stage.fail(failure));
      } catch (error) {
        // The stage that is told of the failure may be the one that failed.
        if (over !== undefined) throw error;
      }
      if (over === undefined) text += take({ type: "failure", failure });
      put(text);
    }
  });
}

/** The calls of a reply whose beginning was told already, behind what was told. */
function continued(events: readonly ReplyEvent[], part: "text-start" | "thinking-start" | undefined): readonly ReplyEvent[] {
  const calls = events.slice(events.findIndex(({ type }) => type === "tool-start"));
  if (part === undefined) return calls;
  return [{ type: part === "text-start" ? "text-end" : "thinking-end" }, ...calls];
}
