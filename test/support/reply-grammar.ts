import type { ReplyEvent } from "../../src/model/event.ts";

type State = "before" | "between" | "text" | "thinking" | "tool" | "after";

/** Where each event may stand, and where the stream is then. A failure may stand anywhere. */
const moves: Readonly<Record<Exclude<ReplyEvent["type"], "failure" | "logprobs" | "own">, readonly [from: State, to: State]>> = {
  "reply-start": ["before", "between"],
  "text-start": ["between", "text"],
  "text-delta": ["text", "text"],
  "text-end": ["text", "between"],
  "thinking-start": ["between", "thinking"],
  "thinking-delta": ["thinking", "thinking"],
  "thinking-end": ["thinking", "between"],
  "tool-start": ["between", "tool"],
  "tool-delta": ["tool", "tool"],
  "tool-end": ["tool", "between"],
  opaque: ["between", "between"],
  "reply-end": ["between", "after"],
};

/** Holds a stream to the grammar of `ReplyEvent`. Each call takes the next event and answers undefined, or what is wrong with it. */
export function createGrammar(): { next(event: ReplyEvent): string | undefined; over(): string | undefined } {
  let state: State = "before";
  return {
    next({ type }) {
      const was = state;
      if (type === "logprobs" || type === "own") return was === "before" || was === "after" ? `${type} in state ${was}` : undefined;
      const [from, to] = type === "failure" ? [was, "after" as const] : moves[type];
      state = to;
      return was === from && was !== "after" ? undefined : `${type} in state ${was}`;
    },
    over() {
      return state === "after" ? undefined : `the stream ended in state ${state}`;
    },
  };
}
