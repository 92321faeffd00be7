import type { Readable } from "node:stream";
import type { Failure } from "../../model/failure.ts";
import type { ReplyWriter } from "../../model/wire.ts";
import { failureOf } from "../../reach/broken-body.ts";
import { decoded } from "../../reach/decoded.ts";
import { afterSilence } from "../../reach/silence.ts";
import type { Attempt } from "../../route/memory.ts";
import { attributeFailure } from "../attribute-failure.ts";
import type { Exchange, Result } from "../exchange.ts";
import { isTooDeep } from "../too-deep.ts";
import { grace, type Succeeded } from "../upstream.ts";
import { answerWhole, beat, endStream, openStream } from "../write-answer.ts";
import { createAnswerReader } from "./answer-reader.ts";
import type { OpenedAttempt } from "./open-attempt.ts";
import { createReplyOutput } from "./reply-output.ts";

/** Milliseconds to wait for the usage when the server has sent the stop reason and then nothing more. */
const usageWait = 2500;

const tooDeep: Failure = {
  kind: "upstream",
  origin: "provider",
  message: "The answer, or what it repeats of the request, is nested too deep.",
};

export interface Receiving {
  readonly write: ReplyWriter;
  readonly attempt: Attempt;
  readonly opened: OpenedAttempt;
  readonly answered: Succeeded;
}

/** Reads a 2xx answer, in whatever form it comes, and writes it for the client. */
export function receive(exchange: Exchange, { write, attempt, opened, answered }: Receiving): Promise<Result> {
  const { session, downstream, keepAlive, report } = exchange;
  const body = decoded(answered);
  const writer = exchange.writer();
  const attributed = (failure: Failure) => attributeFailure(session, failure, attempt.target, answered.url);
  const onFirst = () => report({ type: "first-token" });
  const output = createReplyOutput({ writer, generated: opened.generated, attributed, onFirst });
  const reader = createAnswerReader(opened, answered, output);

  return new Promise((resolve) => {
    /** Sends what the last input came to, and ends the answer with the reply. */
    const send = (text: string) => {
      const result = output.result();
      if (result === undefined) return writeOn(exchange, body, text);
      if (result.done === true) {
        if (writer === undefined) answerWhole(exchange, write.reply(output.events));
        else endStream(exchange, writer, text);
      }
      letEnd(body, result);
      resolve(result);
    };

    /** Ends the reply with a failure; where even that cannot be written, breaks the answer off. */
    const giveUp = (failure: Failure) => {
      try {
        if (output.result() === undefined) return send(reader.fail(failure));
      } catch {
        // A writer may repeat in each event the very thing that cannot be written.
      }
      body.destroy();
      const told = { failure: attributed(failure) };
      if (writer === undefined || !downstream.opened) return resolve(told);
      downstream.destroy();
      resolve({ done: true, ...told });
    };

    /** A listener that does nothing after the reply's end. An error in it has no caller to catch it, and would end the whole launch. */
    const untilOver =
      <Given extends unknown[]>(act: (...given: Given) => void) =>
      (...given: Given) => {
        if (output.result() !== undefined) return;
        try {
          act(...given);
        } catch (error) {
          giveUp(isTooDeep(error) ? tooDeep : failureOf(error));
        }
      };

    const usageSilence = afterSilence(
      usageWait,
      untilOver(() => {
        // A slow client holds up the reading: what has not been read may have it.
        if (downstream.full) usageSilence.again();
        else send(reader.idle());
      }),
    );
    const onData = (chunk: Buffer) => {
      usageSilence.again();
      send(reader.push(chunk));
    };
    keepAlive.onBeat(untilOver(() => beat(exchange)));
    body.on("data", untilOver(onData));
    body.once(
      "end",
      untilOver(() => send(reader.end())),
    );
    body.on(
      "error",
      untilOver((error: Error) => giveUp(failureOf(error))),
    );
    body.once("close", () => usageSilence.end());
  });
}

function writeOn(exchange: Exchange, body: Readable, text: string): void {
  const { downstream, keepAlive } = exchange;
  if (text === "") return;
  keepAlive.restart();
  openStream(exchange);
  if (downstream.write(text)) return;
  body.pause();
  downstream.drained(() => body.resume());
}

/** A body that ends by itself soon after its reply leaves a connection that can be used again. */
function letEnd(body: Readable, { failure }: Result): void {
  if (failure !== undefined) return void body.destroy();
  const timer = setTimeout(() => body.destroy(), grace);
  body.once("close", () => clearTimeout(timer));
  body.resume();
}
