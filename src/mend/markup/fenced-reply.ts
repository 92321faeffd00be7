import type { ReplyEvent } from "../../model/event.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";

/** A fence's first line, or what may become one. */
const opening = /^\s*```[a-z]*[ \t]*\r?\n/;
const maybeOpening = /^\s*(?:`{0,2}|```[a-z]{0,10}[ \t]{0,4}\r?)$/;
/** A last line, or what may become one. */
const closing = /\s*(?:`{0,3})\s*$/;
const longestHeld = 64;

/** A client that asked for JSON of a schema parses the whole text; many models put a code fence around it all the same. */
export function unfenceReply(): Stage<ReplyEvent, ReplyEvent> {
  const out = createOutbox<ReplyEvent>();
  let state: "start" | "fenced" | "plain" = "start";
  let held = "";
  const put = (text: string): void => {
    if (text !== "") out.put({ type: "text-delta", text });
  };
  const readFenced = (text: string): void => {
    const all = held + text;
    const tail = all.slice(-longestHeld);
    const at = all.length - tail.length + tail.search(closing);
    put(all.slice(0, at));
    held = all.slice(at);
  };
  return eventMend((event) => {
    if (event.type === "text-delta" && state === "fenced") {
      readFenced(event.text);
      return;
    }
    if (event.type === "text-delta" && state === "start") {
      const all = held + event.text;
      held = "";
      const head = opening.exec(all)?.[0];
      if (head !== undefined) {
        state = "fenced";
        readFenced(all.slice(head.length));
      } else if (maybeOpening.test(all) && all.length <= longestHeld) held = all;
      else {
        state = "plain";
        put(all);
      }
      return;
    }
    if (event.type === "text-end" || event.type === "failure") {
      put(state === "fenced" ? held.trimEnd().replace(/```$/, "").trimEnd() : held);
      held = "";
      state = "start";
    }
    out.put(event);
  }, out);
}
