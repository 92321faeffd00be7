import type { ReplyEvent } from "../model/event.ts";
import type { Stage } from "../model/stage.ts";
import { eventMend } from "./event-mend.ts";

/**
 * Text of nothing but white space, which templates leave between reasoning and a call, is no part: as a block in the history the
 * Messages API refuses it. Where it is the whole reply, the reply is empty, and Claude Code asks again.
 */
export function whitespaceText(): Stage<ReplyEvent, ReplyEvent> {
  let blank = false;
  let space: string[] = [];
  return eventMend((event, out) => {
    switch (event.type) {
      case "text-start":
        blank = true;
        space = [];
        return;
      case "text-delta":
        if (!blank) break;
        if (event.text.trim() === "") {
          space.push(event.text);
          return;
        }
        blank = false;
        out.push({ type: "text-start" });
        if (space.length > 0) out.push({ type: "text-delta", text: space.join("") });
        break;
      case "text-end":
        if (blank) return;
        break;
      default:
    }
    out.push(event);
  });
}
