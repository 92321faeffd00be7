import type { ReplyEvent } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import type { SseMessage, Stage } from "../../model/stage.ts";
import type { Headers } from "../../model/wire.ts";
import { readSse } from "../../wire/sse.ts";
import { formOf, parseReply, type ReplyForm } from "../reply-form.ts";
import type { ReplyTeller } from "./reply-teller.ts";
import type { OpenedAttempt } from "./translate.ts";

const noEnd: Failure = { kind: "cut-off", origin: "provider", message: "the reply ended without an end" };
/** A reply that comes at once may be as large as this. */
const largestReply = 64 * 1024 * 1024;

/** An answer's bytes, in whatever form they come, to the client's text for them. What cannot be read is thrown. */
export interface ReplyReader {
  push(chunk: Buffer): string;
  /** The answer has ended. */
  end(): string;
  /** The server has been silent for long enough that nothing more is to be waited for, where the reply may end here. */
  idle(): string;
  /** The answer will not go on. */
  fail(failure: Failure): string;
}

export function createReplyReader(
  opened: OpenedAttempt,
  answered: { readonly url: string; readonly headers: Headers },
  { tell, over }: ReplyTeller,
): ReplyReader {
  // Until the first character tells which form the answer has, whatever its content-type says.
  let form: ReplyForm = "unknown";
  const pieces: Buffer[] = [];
  let size = 0;
  const sse = readSse();
  let opening: Stage<SseMessage, ReplyEvent> | undefined;
  const stage = () => {
    opening ??= opened.stream();
    return opening;
  };
  const tellMessages = (messages: readonly SseMessage[]) => {
    let text = "";
    for (const message of messages) text += tell(stage().push(message));
    return text;
  };

  return {
    push(chunk) {
      if (form === "unknown") form = formOf(answered.headers["content-type"], chunk);
      if (form === "events") return tellMessages(sse.push(chunk));
      size += chunk.length;
      pieces.push(chunk);
      if (size > largestReply) throw new Error("the reply is larger than 64 MiB");
      return "";
    },
    end() {
      if (form === "whole") return tell(opened.reply(parseReply(Buffer.concat(pieces).toString("utf8"), answered)));
      const text = tellMessages(sse.end()) + tell(stage().end());
      return over() === undefined ? text + tell([{ type: "failure", failure: noEnd }]) : text;
    },
    idle: () => tell(opening?.idle() ?? []),
    fail(failure) {
      let text = "";
      try {
        text = tell(stage().fail(failure));
      } catch (error) {
        // The stage that is told of the failure may be the one that failed.
        if (over() !== undefined) throw error;
      }
      return over() === undefined ? text + tell([{ type: "failure", failure }]) : text;
    },
  };
}
