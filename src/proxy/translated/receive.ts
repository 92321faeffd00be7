import type { Failure } from "../../model/failure.ts";
import type { Accepted } from "../../model/wire.ts";
import { failureOf } from "../../reach/broken-body.ts";
import { decoded } from "../../reach/decoded.ts";
import type { Attempt } from "../../route/memory.ts";
import { blame } from "../blame.ts";
import type { Exchange, Result } from "../exchange.ts";
import type { Session } from "../session.ts";
import { isTooDeep } from "../too-deep.ts";
import { type Answered, grace } from "../upstream.ts";
import { answerWhole, beat, openStream } from "../write-answer.ts";
import { createReplyReader } from "./reply-reader.ts";
import { createReplyTeller } from "./reply-teller.ts";
import type { OpenedAttempt } from "./translate.ts";

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
  const { downstream, keepAlive, id } = exchange;
  const { sink, clock } = session.options;
  const body = decoded(answered);
  return new Promise((resolve) => {
    const writer = exchange.stream ? exchange.writer() : undefined;
    const blamed = (failure: Failure) => blame(session, failure, attempt.target, answered.url);
    const onFirst = () => sink({ type: "first-token", id, at: clock() });
    const teller = createReplyTeller({ writer, generated: opened.generated, blamed, onFirst });
    const { over, whole } = teller;
    const reader = createReplyReader(opened, answered, teller);

    const put = (text: string) => {
      const result = over();
      if (result !== undefined) return finish(result, text);
      if (text === "") return;
      keepAlive.restart();
      openStream(exchange);
      if (downstream.write(text)) return;
      body.pause();
      downstream.drained(() => body.resume());
    };
    const finish = (result: Result, text: string) => {
      if (result.done !== true) {
        body.destroy();
        return resolve(result);
      }
      if (writer === undefined) answerWhole(exchange, accepted.write.reply(whole));
      else {
        openStream(exchange);
        downstream.end(text + writer.end().join(""));
      }
      keepAlive.end();
      // The client has it all; the server may end its stream by itself, and then the connection can be used again.
      const timer = setTimeout(() => body.destroy(), grace);
      body.once("close", () => clearTimeout(timer));
      if (result.failure !== undefined) body.destroy();
      else body.resume();
      resolve(result);
    };

    /**
     * What an event does until the reply is over. An event of a socket or a clock has no caller that could catch: a fault of fcc's own would
     * end the launch with all its sessions.
     */
    const untilOver =
      <Given extends unknown[]>(act: (...given: Given) => void) =>
      (...given: Given) => {
        if (over() !== undefined) return;
        try {
          act(...given);
        } catch (error) {
          settle(isTooDeep(error) ? tooDeep : failureOf(error));
        }
      };
    /** Ends with a failure, and where that cannot be written either, without. */
    const settle = (failure: Failure) => {
      try {
        if (over() === undefined) return put(reader.fail(failure));
      } catch {
        // A writer may repeat in every event what cannot be written.
      }
      body.destroy();
      const result = { failure: blamed(failure) };
      if (writer === undefined || !downstream.opened) return resolve(result);
      downstream.destroy();
      resolve({ done: true, ...result });
    };

    keepAlive.onBeat(untilOver(() => beat(exchange)));
    const usageTimer = setTimeout(
      untilOver(() => {
        // What a slow client holds up has not been read yet.
        if (downstream.full) usageTimer.refresh();
        else put(reader.idle());
      }),
      usageWait,
    );
    body.once("close", () => clearTimeout(usageTimer));
    body.on(
      "data",
      untilOver((chunk: Buffer) => {
        usageTimer.refresh();
        put(reader.push(chunk));
      }),
    );
    body.once(
      "end",
      untilOver(() => put(reader.end())),
    );
    body.on(
      "error",
      untilOver((error: Error) => settle(failureOf(error))),
    );
  });
}
