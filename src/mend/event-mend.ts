import type { ReplyEvent } from "../model/event.ts";
import { createOutbox, type Outbox } from "../model/outbox.ts";
import type { Stage } from "../model/stage.ts";

/**
 * Makes a stage of the one function in which mends differ, which takes an event and puts out the events that it becomes. A failure of the input
 * is an event like any other. After the end of the reply nothing comes out.
 */
export function eventMend(
  take: (event: ReplyEvent, out: Outbox<ReplyEvent>) => void,
  out = createOutbox<ReplyEvent>(),
): Stage<ReplyEvent, ReplyEvent> {
  let over = false;
  const push = (event: ReplyEvent): readonly ReplyEvent[] => {
    if (over) return nothing;
    over = event.type === "reply-end" || event.type === "failure";
    // Not held back with its text, which may turn out to be a call: the tokens are the same.
    if (event.type === "logprobs" || event.type === "own") return [event];
    take(event, out);
    return out.take();
  };
  return { push, idle: sayNothing, fail: (failure) => push({ type: "failure", failure }), end: sayNothing };
}

const nothing: readonly ReplyEvent[] = [];
const sayNothing = () => nothing;
