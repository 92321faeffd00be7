import type { ReplyEvent } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";
import { type EventsOut, eventMend } from "../event-mend.ts";
import { anyOf } from "./any-of.ts";
import { createCodeSpans } from "./code-spans.ts";
import { createPartWriter } from "./part-writer.ts";
import { partialMarker } from "./partial-marker.ts";
import { closers, families, firstTag, longestSpoken, markers, spoken, strays, unopened } from "./think-marks.ts";

/**
 * Reasoning between tags in the text becomes thinking. Tags count only where the text begins with one (or, "preopened", where the
 * template has opened it already); further on they are prose. Never holds back more than a tag's beginning and white space, so what
 * was text before a closing tag that nobody opened stays text, and only the tag goes; it is thinking where both come at once and nothing
 * of the reply has gone out.
 */
export function thinkTags(mode: "start" | "preopened"): Stage<ReplyEvent, ReplyEvent> {
  const parts = createPartWriter();
  let state: "start" | "preopened" | "inside" | "text" = mode;
  /** The beginning of a tag, perhaps. */
  let held = "";
  /** White space of which it is not known yet whether it stands between two words. */
  let space = "";
  let closing: readonly string[] = closers;
  let anyClosing = anyOf(closers);
  let began = false;
  /** Reasoning was seen or cannot come any more, so a closing tag further on is prose. */
  let thought = false;
  /** White space after a tag belongs to the tag. */
  let trim = false;
  /** Nothing of the reply has gone out. */
  let untold = true;
  let code = createCodeSpans();
  /** The last characters of the text, where an opening tag may have begun. */
  let recent = "";

  const think = (text: string, out: EventsOut): void => {
    const body = text.trimEnd();
    if (body !== "") {
      parts.thinking(began ? space + body : body.trimStart(), out);
      began = true;
      space = "";
    }
    space += text.slice(body.length);
  };

  const enter = (ends: readonly string[]): void => {
    state = "inside";
    closing = ends;
    anyClosing = anyOf(ends);
    began = false;
    thought = true;
    trim = true;
    space = "";
  };

  /** Each reader takes the text and gives back what the next state is to read: nothing when it took all. */
  const readStart = (text: string, out: EventsOut): string => {
    const all = held + text;
    const body = all.trimStart();
    space += all.slice(0, all.length - body.length);
    held = "";
    if (body === "") return "";
    if (markers.some((marker) => marker !== body && marker.startsWith(body))) {
      held = body;
      return "";
    }
    const opened = families.find(([open]) => body.startsWith(open));
    if (opened !== undefined) {
      const [open, close] = opened;
      enter([close]);
      return body.slice(open.length);
    }
    const stray = closers.find((close) => body.startsWith(close));
    if (stray !== undefined) {
      state = "start";
      thought = true;
      trim = true;
      space = "";
      return body.slice(stray.length);
    }
    // JSON is a call or the answer.
    thought ||= body.startsWith("{");
    const closer = untold && !thought ? unopened(body) : undefined;
    untold = false;
    if (state === "preopened" || closer !== undefined) {
      enter(closer === undefined ? closers : [closer]);
      return body;
    }
    state = "text";
    if (!trim) parts.text(space, out);
    trim = false;
    space = "";
    return body;
  };

  const readInside = (text: string, out: EventsOut): string => {
    const all = held + text;
    held = "";
    const match = anyClosing.exec(all);
    if (match !== null) {
      think(all.slice(0, match.index), out);
      parts.close(out);
      space = "";
      state = "start";
      return all.slice(match.index + match[0].length);
    }
    const keep = partialMarker(all, closing);
    think(all.slice(0, all.length - keep), out);
    held = all.slice(all.length - keep);
    return "";
  };

  const readText = (text: string, out: EventsOut): string => {
    if (thought) {
      parts.text(held + text, out);
      held = "";
      return "";
    }
    const all = held + text;
    // A stray that has begun is held; an opening tag that has begun was text already.
    const window = (recent.length > held.length ? recent : held) + text;
    const match = firstTag(window);
    const tag = match?.[0] ?? "";
    recent = (recent + text).slice(-longestSpoken);
    held = "";
    if (spoken.includes(tag)) {
      thought = true;
      parts.text(all, out);
      return "";
    }
    const at = match === null ? all.length - partialMarker(all, strays) : match.index - (window.length - all.length);
    const before = all.slice(0, at);
    const after = all.slice(at + tag.length);
    code.feed(before);
    parts.text(before, out);
    // What follows a tag decides.
    if (match === null || after === "" || after === " ") {
      held = tag + after;
      return "";
    }
    // Between words it is a word of the sentence.
    if (!code.inside() && !(code.afterWord() && /^ \S/.test(after))) {
      thought = true;
      return after;
    }
    code.feed(tag);
    parts.text(tag, out);
    recent = "";
    return after;
  };

  const readers = { start: readStart, preopened: readStart, inside: readInside, text: readText };
  const read = (text: string, out: EventsOut): void => {
    for (let rest = text; rest !== ""; ) rest = readers[state](rest, out);
  };

  const endText = (out: EventsOut): void => {
    if (state === "inside") {
      think(held, out);
      state = "start";
    } else if (state === "text") {
      if (thought || !strays.includes(held.trimEnd()) || code.inside()) parts.text(held, out);
    } else parts.text(trim ? held : space + held, out);
    held = "";
    space = "";
    recent = "";
    parts.close(out);
    code = createCodeSpans();
  };

  return eventMend((event, out) => {
    switch (event.type) {
      case "text-start":
        return;
      case "text-delta":
        read(event.text, out);
        return;
      case "text-end":
        endText(out);
        return;
      case "thinking-start":
        // The server tells reasoning apart by itself: nothing was left open in the text.
        if (state === "preopened") state = "start";
        thought = true;
        break;
      case "tool-end":
        untold = false;
        state = "start";
        break;
      case "failure":
        endText(out);
        break;
      default:
    }
    out.push(event);
  });
}
