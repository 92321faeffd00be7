import type { ReplyEvent } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";

/** The client switched thinking off and has no place for it: reasoning that a model does all the same is left out, not leaked as text. */
export function noThinking(): Stage<ReplyEvent, ReplyEvent> {
  return eventMend((event, out) => {
    if (event.type !== "thinking-start" && event.type !== "thinking-delta" && event.type !== "thinking-end") out.put(event);
  });
}
