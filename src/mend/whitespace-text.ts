import type { ReplyEvent } from "../model/event.ts";
import type { Stage } from "../model/stage.ts";
import { eventMend } from "./event-mend.ts";

/**
 * Text of nothing but white space, which templates leave between reasoning and a call, is no part: as a block in the history the
 * Messages API refuses it. It stays only where it is the whole reply.
 */
export function whitespaceText(): Stage<ReplyEvent, ReplyEvent> {
  let blank = false;
  let space: string[] = [];
  let something = false;
  return eventMend((event, out) => {
    switch (event.type) {
      case "text-start":
        blank = true;
        return;
      case "text-delta":
        if (!blank) break;
        if (event.text.trim() === "") {
          space.push(event.text);
          return;
        }
        blank = false;
        something = true;
        out.push({ type: "text-start" });
        if (space.length > 0) out.push({ type: "text-delta", text: space.join("") });
        space = [];
        break;
      case "text-end":
        if (blank) {
          blank = false;
          return;
        }
        break;
      case "reply-start":
        break;
      case "reply-end":
      case "failure":
        if (!something && space.length > 0) {
          out.push({ type: "text-start" }, { type: "text-delta", text: space.join("") });
          if (!blank) out.push({ type: "text-end" });
        }
        break;
      default:
        something = true;
        space = [];
    }
    out.push(event);
  });
}
