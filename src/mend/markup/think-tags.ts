import type { ReplyEvent } from "../../model/event.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";
import { createPartWriter } from "./part-writer.ts";
import { splitAt } from "./split-at.ts";
import { createStrayCloser, unopened } from "./stray-closer.ts";
import { closers, families, markers } from "./think-marks.ts";

const atAnyCloser = splitAt(closers);

/**
 * Reasoning between tags in the text becomes thinking. Tags count only where the text begins with one (or, "preopened", where the
 * template has opened it already); further on they are prose. Never holds back more than a tag's beginning and white space, so what
 * was text before a closing tag that nobody opened stays text, and only the tag goes; it is thinking where both come at once and nothing
 * of the reply has gone out.
 */
export function thinkTags(mode: "start" | "preopened"): Stage<ReplyEvent, ReplyEvent> {
  const out = createOutbox<ReplyEvent>();
  const parts = createPartWriter(out);
  let state: "start" | "preopened" | "inside" | "text" = mode;
  /** The beginning of a tag, perhaps. */
  let held = "";
  /** White space of which it is not known yet whether it stands between two words; undefined where it belongs to the tag before it. */
  let space: string | undefined = "";
  let atCloser = atAnyCloser;
  /** Undefined once reasoning was seen or cannot come any more: a closing tag further on is prose. */
  let stray: ReturnType<typeof createStrayCloser> | undefined = createStrayCloser();
  /** Nothing of the reply has gone out. */
  let untold = true;

  /** A tag has come, or the template wrote it. */
  const pass = (next: "start" | "inside"): void => {
    state = next;
    stray = undefined;
    space = undefined;
  };
  const wait = (white: string): void => {
    if (space !== undefined) space += white;
  };
  const think = (text: string): void => {
    const body = text.trimEnd();
    if (body !== "") {
      parts.thinking(space === undefined ? body.trimStart() : space + body);
      space = "";
    }
    wait(text.slice(body.length));
  };

  /** Each reader takes the text and gives back what the next state is to read: nothing when it took all. */
  const readStart = (text: string): string => {
    const all = held + text;
    const body = all.trimStart();
    wait(all.slice(0, all.length - body.length));
    held = "";
    if (body === "") return "";
    if (markers.some((marker) => marker !== body && marker.startsWith(body))) {
      held = body;
      return "";
    }
    const opened = families.find(([open]) => body.startsWith(open));
    if (opened !== undefined) {
      const [open, close] = opened;
      pass("inside");
      atCloser = splitAt([close]);
      return body.slice(open.length);
    }
    const closer = closers.find((close) => body.startsWith(close));
    if (closer !== undefined) {
      pass("start");
      return body.slice(closer.length);
    }
    // JSON is a call or the answer.
    if (body.startsWith("{")) stray = undefined;
    const end = untold && stray !== undefined ? unopened(body) : undefined;
    untold = false;
    if (state === "preopened" || end !== undefined) {
      pass("inside");
      atCloser = end === undefined ? atAnyCloser : splitAt([end]);
      return body;
    }
    state = "text";
    parts.text(space ?? "");
    space = "";
    return body;
  };
  const readInside = (text: string): string => {
    const { before, marker, rest } = atCloser(held + text);
    think(before);
    held = marker === undefined ? rest : "";
    if (marker === undefined) return "";
    parts.close();
    pass("start");
    return rest;
  };
  const readText = (text: string): string => {
    parts.text(stray === undefined ? text : stray.push(text));
    return "";
  };
  const readers = { start: readStart, preopened: readStart, inside: readInside, text: readText };
  const read = (text: string): void => {
    for (let rest = text; rest !== ""; ) rest = readers[state](rest);
  };

  const release = (): void => {
    if (state === "inside") {
      think(held);
      pass("start");
    } else if (state === "text") parts.text(stray?.end() ?? "");
    else parts.text((space ?? "") + held);
    held = "";
    space &&= "";
  };

  return eventMend((event) => {
    switch (event.type) {
      case "text-start":
        return;
      case "text-delta":
        read(event.text);
        return;
      case "text-end":
        release();
        parts.close();
        return;
      case "thinking-start":
        // The server tells reasoning apart by itself: nothing was left open in the text.
        if (state === "preopened") state = "start";
        stray = undefined;
        break;
      case "tool-end":
        untold = false;
        state = "start";
        break;
      case "failure":
        // Without an end, by which clients would take the part for whole.
        release();
        break;
      default:
    }
    out.put(event);
  }, out);
}
