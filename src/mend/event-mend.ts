import type { ReplyEvent } from "../model/event.ts";
import type { Stage } from "../model/stage.ts";

/**
 * A stage over events from the one function in which mends differ: take an event, push what follows from it. A failure of the input is
 * an event like any other, and after the ending nothing comes out.
 */
export function eventMend(take: (event: ReplyEvent, out: ReplyEvent[]) => void): Stage<ReplyEvent, ReplyEvent> {
  let over = false;
  const push = (event: ReplyEvent): ReplyEvent[] => {
    if (over) return [];
    over = event.type === "reply-end" || event.type === "failure";
    const out: ReplyEvent[] = [];
    take(event, out);
    return out;
  };
  return { push, idle: () => [], fail: (failure) => push({ type: "failure", failure }), end: () => [] };
}
