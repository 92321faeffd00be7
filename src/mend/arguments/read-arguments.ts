import type { ReplyEvent } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";

/** Follows the arguments of one call and changes them on the way. */
export interface ArgumentReader {
  /** What may go on now. */
  push(json: string): string;
  /** What still waits. */
  held(): string;
}

/** Changes the arguments of calls while they come; `readerFor` has a reader for a call by the tool's name, where there is something to change. */
export function readArguments(readerFor: (name: string) => ArgumentReader | undefined): Stage<ReplyEvent, ReplyEvent> {
  let reader: ArgumentReader | undefined;
  return eventMend((event, out) => {
    if (event.type === "tool-start") reader = readerFor(event.name);
    if (event.type === "tool-delta" && reader !== undefined) {
      const json = reader.push(event.json);
      if (json !== "") out.push(json === event.json ? event : { type: "tool-delta", json });
      return;
    }
    if (event.type === "tool-end" || event.type === "reply-end" || event.type === "failure") {
      const held = reader?.held() ?? "";
      if (held !== "") out.push({ type: "tool-delta", json: held });
      reader = undefined;
    }
    out.push(event);
  });
}
