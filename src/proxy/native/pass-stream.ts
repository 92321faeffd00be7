import type { Failure } from "../../model/failure.ts";
import type { WireName } from "../../model/opaque.ts";
import { failureOf } from "../../reach/broken-body.ts";
import { decoded } from "../../reach/decoded.ts";
import { answerHeaders } from "../../route/headers.ts";
import type { Exchange, Result } from "../exchange.ts";
import { isNoStream, isWaiting } from "../reply-form.ts";
import type { Session } from "../session.ts";
import { grace, nothingCame, type Succeeded } from "../upstream.ts";
import { tapAnswer } from "./taps.ts";

/**
 * A provider's stream to the client as it is, compressed too. `read` takes it where its bytes are of no use as they are: where it begins
 * with an error, for then nothing of a reply has come and something else may still be tried, where it is no stream, and where a reply is
 * begun already.
 */
export function passStream(
  session: Session,
  exchange: Exchange,
  wire: WireName,
  answered: Succeeded,
  read: () => Promise<Result>,
): Promise<Result> {
  const { downstream, keepAlive, id } = exchange;
  const { clock, sink } = session.options;
  return new Promise((resolve) => {
    let passed = 0;
    const broken = (error: unknown) => {
      if (passed > 0) return;
      resolve({ failure: failureOf(error), native: true });
    };
    answered.body.on("error", broken);
    // Headers and comments alone are no reply: until its first event another target may still be tried, and a sign of life may be due.
    let begun = false;
    const waited: Buffer[] = [];
    const begin = () => {
      if (begun) return;
      const more = answered.body.read() as Buffer | null;
      if (more !== null) waited.push(more);
      const first = Buffer.concat(waited);
      if (more !== null && isWaiting(answered.headers, first)) return void answered.body.once("readable", begin);
      begun = true;
      if (more === null) return resolve({ failure: nothingCame(answered), native: true });
      answered.body.unshift(first);
      // The sign of life that a Responses client counts begins a reply, and the provider's own would begin another in the same stream.
      const begunHere = downstream.opened && exchange.wire === "responses";
      if (begunHere || isNoStream(answered.headers, first)) return resolve(read());
      keepAlive.end();
      sink({ type: "first-token", id, at: clock() });
      // After a sign of life status and headers are spent, and with them the encoding.
      const spent = downstream.opened;
      const body = spent ? decoded(answered) : answered.body;
      const ended = () => {
        downstream.end();
        finish();
      };
      const tap = tapAnswer(wire, spent ? { ...answered.headers, "content-encoding": undefined } : answered.headers, () => {
        // A client waits for the end of the stream: where the server leaves it open, the reply ends without it.
        const timer = setTimeout(() => {
          tap.end(ended);
          body.destroy();
        }, grace);
        body.once("close", () => clearTimeout(timer));
      });
      if (!spent) downstream.open(answered.status, answerHeaders(answered.headers));
      const finish = (failure?: Failure) => {
        const seen = tap.seen();
        const told = failure ?? seen.failure;
        const usage = seen.usage === undefined ? {} : { usage: seen.usage };
        resolve({ done: true, native: true, ...usage, ...(told === undefined ? {} : { failure: told }) });
      };
      body.on("data", (chunk: Buffer) => {
        passed += chunk.length;
        const room = downstream.write(chunk);
        tap.push(chunk);
        if (room) return;
        body.pause();
        downstream.drained(() => body.resume());
      });
      body.once("end", () => {
        tap.end(() => {
          if (tap.seen().cut !== true) return ended();
          // Where only the connection's end says where a body ends, a server that dies looks like one that is done.
          downstream.destroy();
          finish({ kind: "cut-off", origin: "provider", message: "the reply ended without an end" });
        });
      });
      body.on("error", (error) => {
        // The bytes are the provider's: a sentence of ours among them could end up inside a text. A cut is what happened.
        downstream.destroy();
        finish(failureOf(error));
      });
    };
    answered.body.once("readable", begin);
    // An answer that is over already has nothing to read.
    answered.body.once("end", begin);
  });
}
