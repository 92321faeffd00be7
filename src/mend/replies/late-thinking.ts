import type { ReplyEvent } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";

/** Characters of reasoning that are held back; more is dropped, so that memory stays bounded. */
const longest = 64 * 1024;

/**
 * Holds back reasoning that comes after text until more text or a call follows, and drops it at the end of the reply: `claude -p` takes the
 * last block for the answer, and prints nothing if that is reasoning.
 */
export function lateThinking(): Stage<ReplyEvent, ReplyEvent> {
  let afterText = false;
  let waiting: ReplyEvent[] = [];
  let length = 0;
  return eventMend((event, out) => {
    switch (event.type) {
      case "thinking-start":
      case "thinking-delta":
      case "thinking-end":
        if (!afterText) break;
        if (event.type === "thinking-delta") length += event.text.length;
        if (length > longest) waiting = [];
        else waiting.push(event);
        return;
      case "reply-start":
        break;
      case "reply-end":
      case "failure":
        waiting = [];
        break;
      default:
        for (const late of waiting) out.put(late);
        waiting = [];
        length = 0;
        afterText = event.type === "text-delta" || (afterText && (event.type === "text-end" || event.type === "text-start"));
    }
    out.put(event);
  });
}
