import type { ReplyEvent } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";

/**
 * Text of nothing but white space, which templates leave between reasoning and a call, is no part: as a block in the history the
 * Messages API refuses it. Where it is the whole reply, the reply is empty, and Claude Code asks again. Between two texts, which Anthropic
 * parts where a citation begins, it is what keeps their words apart, and goes with the second.
 */
export function whitespaceText(): Stage<ReplyEvent, ReplyEvent> {
  let blank = false;
  /** What came last was text. */
  let afterText = false;
  const space: string[] = [];
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
        out.put({ type: "text-start" });
        if (space.length > 0) out.put({ type: "text-delta", text: space.join("") });
        space.length = 0;
        break;
      case "text-end":
        afterText ||= !blank;
        if (!blank) break;
        if (!afterText) space.length = 0;
        return;
      default:
        afterText = false;
        space.length = 0;
    }
    out.put(event);
  });
}
