import type { ReplyEvent } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";

/**
 * Reasoning after the last text or call is left out: Claude Code takes the last block for the answer, and `claude -p` prints nothing. It
 * is held until something follows it, and then told.
 */
export function dropTrailingThinking(): Stage<ReplyEvent, ReplyEvent> {
  let said = false;
  let thinking = false;
  let held: ReplyEvent[] = [];
  return {
    push(event) {
      if (event.type === "thinking-start") {
        thinking = said;
      } else if (event.type === "text-start" || event.type === "tool-start" || event.type === "opaque") {
        const out = [...held, event];
        said = true;
        thinking = false;
        held = [];
        return out;
      } else if (event.type === "reply-end" || event.type === "failure") {
        held = [];
        return [event];
      }
      if (!thinking) return [event];
      held.push(event);
      return [];
    },
    idle: () => [],
    fail: (failure) => [{ type: "failure", failure }],
    end: () => [],
  };
}
