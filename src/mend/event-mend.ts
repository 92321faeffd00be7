import type { ReplyEvent } from "../model/event.ts";
import type { Stage } from "../model/stage.ts";

/** Where a mend puts the events that it makes of one. */
export interface EventsOut {
  push(...events: ReplyEvent[]): unknown;
}

/**
 * Makes a stage of the one function in which mends differ, which takes an event and pushes the events that it becomes. A failure of the input
 * is an event like any other. After the end of the reply nothing comes out.
 */
export function eventMend(take: (event: ReplyEvent, out: EventsOut) => void): Stage<ReplyEvent, ReplyEvent> {
  let over = false;
  let made = nothing;
  const out: EventsOut = {
    // Hot: run for each delta in each mend, and nearly always with one event. The list of arguments is used as it is, without a copy.
    push(...events) {
      if (made.length === 0) made = events;
      else made.push(...events);
    },
  };
  const push = (event: ReplyEvent): readonly ReplyEvent[] => {
    if (over) return nothing;
    over = event.type === "reply-end" || event.type === "failure";
    // Not held back with its text, which may turn out to be a call: the tokens are the same.
    if (event.type === "logprobs" || event.type === "own") return [event];
    made = nothing;
    take(event, out);
    return made;
  };
  return { push, idle: () => nothing, fail: (failure) => push({ type: "failure", failure }), end: () => nothing };
}

const nothing: ReplyEvent[] = [];
