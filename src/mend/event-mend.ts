import type { ReplyEvent } from "../model/event.ts";
import type { Stage } from "../model/stage.ts";

/** Where a mend puts what follows from an event. */
export interface EventsOut {
  push(...events: ReplyEvent[]): unknown;
}

/**
 * A stage over events from the one function in which mends differ: take an event, push what follows from it. A failure of the input is
 * an event like any other, and after the ending nothing comes out.
 */
export function eventMend(take: (event: ReplyEvent, out: EventsOut) => void): Stage<ReplyEvent, ReplyEvent> {
  let over = false;
  let made = nothing;
  const out: EventsOut = {
    // Nearly every event becomes one event, for each mend of each delta: the list of the arguments is kept, which has no spare room.
    push(...events) {
      if (made.length === 0) made = events;
      else made.push(...events);
    },
  };
  const push = (event: ReplyEvent): readonly ReplyEvent[] => {
    if (over) return nothing;
    over = event.type === "reply-end" || event.type === "failure";
    // Text may be held back, or be no text in the end; its tokens were what they were.
    if (event.type === "logprobs") return [event];
    made = nothing;
    take(event, out);
    return made;
  };
  return { push, idle: () => nothing, fail: (failure) => push({ type: "failure", failure }), end: () => nothing };
}

const nothing: ReplyEvent[] = [];
