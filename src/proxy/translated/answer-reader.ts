import type { ReplyEvent } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import type { SseMessage, Stage } from "../../model/stage.ts";
import type { Headers } from "../../model/wire.ts";
import { readSse } from "../../wire/sse.ts";
import { formOf, parseReply, type ReplyForm } from "../reply-form.ts";
import type { OpenedAttempt } from "./open-attempt.ts";
import type { ReplyOutput } from "./reply-output.ts";

const noEnd: Failure = { kind: "cut-off", origin: "provider", message: "the reply ended without an end" };
const megabyte = 1024 * 1024;
/** Of a reply that comes whole. */
const largestWhole = 64 * megabyte;
/**
 * In a stream each token has some hundred bytes around it, at most a thousand. What is kept of one without an end, for its last events or for
 * a client that wants it whole, would fill the memory.
 */
const largestStream = 128 * megabyte;

/** Turns the bytes of a provider's answer, in whatever form they come, into the client's text. Throws what it cannot read. */
export interface AnswerReader {
  push(chunk: Buffer): string;
  /** The answer has ended. */
  end(): string;
  /** The server has been silent for a while: ends the reply where it is complete but for its usage. */
  idle(): string;
  /** The answer broke off. */
  fail(failure: Failure): string;
}

export function createAnswerReader(
  opened: OpenedAttempt,
  answered: { readonly url: string; readonly headers: Headers },
  { write, beat, result }: ReplyOutput,
): AnswerReader {
  // Known from the first character, whatever the content-type says.
  let form: ReplyForm = "unknown";
  const pieces: Buffer[] = [];
  let size = 0;
  /** The server has shown a sign of life that the client has not been shown. */
  let isAlive = false;
  let hasBegun = false;
  const sse = readSse(() => {
    isAlive = true;
  });
  let opening: Stage<SseMessage, ReplyEvent> | undefined;
  const stage = () => {
    opening ??= opened.stream();
    return opening;
  };
  const passSign = () => {
    const sign = isAlive ? beat() : "";
    if (sign !== "") isAlive = false;
    return sign;
  };
  const writeMessages = (messages: readonly SseMessage[]) => {
    let text = "";
    for (const message of messages) {
      const written = write(stage().push(message));
      if (written === "") continue;
      // What is written is a sign of life itself; one from before the reply could not be passed on until now.
      if (hasBegun) isAlive = false;
      hasBegun = true;
      text += written + passSign();
    }
    return text;
  };

  return {
    push(chunk) {
      if (form === "unknown") form = formOf(answered.headers["content-type"], chunk);
      size += chunk.length;
      const most = form === "events" ? largestStream : largestWhole;
      if (size > most) throw new Error(`the reply is larger than ${most / megabyte} MiB`);
      if (form === "events") return writeMessages(sse.push(chunk)) + passSign();
      pieces.push(chunk);
      return "";
    },
    end() {
      if (form === "whole") return write(opened.reply(parseReply(Buffer.concat(pieces).toString("utf8"), answered)));
      const text = writeMessages(sse.end()) + write(stage().end());
      return result() === undefined ? text + write([{ type: "failure", failure: noEnd }]) : text;
    },
    idle: () => write(opening?.idle() ?? []),
    fail(failure) {
      let text = "";
      try {
        text = write(stage().fail(failure));
      } catch (error) {
        // The stage may itself be what failed.
        if (result() !== undefined) throw error;
      }
      return result() === undefined ? text + write([{ type: "failure", failure }]) : text;
    },
  };
}
