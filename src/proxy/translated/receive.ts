import type { ReplyEvent } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import type { SseMessage, Stage } from "../../model/stage.ts";
import type { Accepted } from "../../model/wire.ts";
import { failureOf } from "../../reach/broken-body.ts";
import { decoded } from "../../reach/decoded.ts";
import type { Attempt } from "../../route/memory.ts";
import { readSse } from "../../wire/sse.ts";
import { blame } from "../blame.ts";
import type { Exchange, Result } from "../exchange.ts";
import { formOf, parseReply, type ReplyForm } from "../reply-form.ts";
import type { Session } from "../session.ts";
import { isTooDeep } from "../too-deep.ts";
import { type Answered, grace } from "../upstream.ts";
import { answerWhole, beat, openStream } from "../write-answer.ts";
import { createReplyTeller } from "./reply-teller.ts";
import type { OpenedAttempt } from "./translate.ts";

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
    const blamed = (failure: Failure) => blame(session, failure, attempt.target, answered.url);
    const onFirst = () => sink({ type: "first-token", id, at: clock() });
    const { tell, over, whole } = createReplyTeller({ writer, generated: opened.generated, blamed, onFirst });
    let stage: Stage<SseMessage, ReplyEvent> | undefined;
    const sse = readSse();

    const put = (text: string) => {
      const result = over();
      if (result !== undefined) return finish(result, text);
      if (text === "") return;
      silence.broken();
      openStream(exchange);
      if (outlet.write(text)) return;
      body.pause();
      outlet.drained(() => body.resume());
    };
    const finish = (result: Result, text: string) => {
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
        if (over() === undefined) return stop(failure);
      } catch {
        // A writer may repeat in every event what cannot be written.
      }
      body.destroy();
      const result = { failure: blamed(failure) };
      if (writer === undefined || !outlet.opened) return resolve(result);
      outlet.destroy();
      resolve({ done: true, ...result });
    };

    silence.onBeat(
      guarded(() => {
        if (over() === undefined) beat(exchange);
      }),
    );

    const usageTimer = setTimeout(
      guarded(() => {
        // What a slow client holds up has not been read yet.
        if (outlet.full) usageTimer.refresh();
        else if (over() === undefined) put(tell(stage?.idle() ?? []));
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
      for (const message of messages) text += tell(stage.push(message));
      put(text);
    };
    body.on(
      "data",
      guarded((chunk: Buffer) => {
        if (over() !== undefined) return;
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
        if (over() !== undefined) return;
        if (form === "whole") return put(tell(opened.reply(parseReply(Buffer.concat(pieces).toString("utf8"), answered))));
        stage ??= opened.stream();
        let text = "";
        for (const message of sse.end()) text += tell(stage.push(message));
        text += tell(stage.end());
        if (over() === undefined)
          text += tell([{ type: "failure", failure: { kind: "cut-off", origin: "provider", message: "the reply ended without an end" } }]);
        put(text);
      }),
    );
    body.on("error", (error) => {
      if (over() === undefined) settle(failureOf(error));
    });

    function stop(failure: Failure): void {
      let text = "";
      try {
        stage ??= opened.stream();
        text = tell(stage.fail(failure));
      } catch (error) {
        // The stage that is told of the failure may be the one that failed.
        if (over() !== undefined) throw error;
      }
      if (over() === undefined) text += tell([{ type: "failure", failure }]);
      put(text);
    }
  });
}
