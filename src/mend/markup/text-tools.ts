import { isCut, type ReplyEvent } from "../../model/event.ts";
import { append } from "../../model/lists.ts";
import type { Ids, Stage } from "../../model/stage.ts";
import { type EventsOut, eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";
import { type Capture, createCapture } from "../written/capture.ts";
import { bare, bareMaybe, bareName, bareStart, byOpener, inText, inThinking, late, stray } from "../written/markers.ts";
import { type ReadyCall, resolveCalls } from "../written/resolve-calls.ts";
import { createCodeSpans } from "./code-spans.ts";
import { createPartWriter } from "./part-writer.ts";
import { partialMarker } from "./partial-marker.ts";

/**
 * Calls that a model wrote as text, because its server has no parser for them, become calls. Markup counts only outside code, when it
 * reads as calls of tools that were offered and the reply has no structured call; anything else stays text, as it was. Held back are the
 * beginning of a marker, the markup itself, and white space before it. `wasRead`: this stands in what the model was given to read, and is
 * repeated.
 */
export function textTools(tools: KnownTools, ids: Ids, wasRead: (markup: string) => boolean): Stage<ReplyEvent, ReplyEvent> {
  const parts = createPartWriter();
  let structured = false;
  let part: "text" | "thinking" = "text";
  let beginning = true;
  let held = "";
  let space = "";
  /** Nothing but white space has come since a closer that closed nothing. */
  let strayed = false;
  let capture: Capture | undefined;
  let ready: ReadyCall[] = [];
  /** What the ready calls look like as text, in case they turn out to be none. */
  let raw = "";
  let code = createCodeSpans();

  const commit = (out: EventsOut): void => {
    if (ready.length === 0) return;
    parts.close(out);
    for (const call of ready) {
      parts.call(call.id, call.name, out);
      parts.json(call.json, out);
    }
    parts.close(out);
    ready = [];
    raw = "";
    space = "";
  };
  const write = (text: string, out: EventsOut): void => {
    if (part === "thinking") {
      parts.thinking(text, out);
      return;
    }
    const body = text.trimEnd();
    if (body !== "") {
      beginning = false;
      strayed = false;
      const after = ready.length > 0;
      commit(out);
      parts.text(after ? body.trimStart() : space + body, out);
      space = "";
    }
    space += text.slice(body.length);
  };
  /** Markup that is none. */
  const speak = (text: string, out: EventsOut): void => {
    if (part === "text") code.feed(text);
    write(text, out);
  };
  /** The capture is over: calls, or the text that it was. */
  const finish = (closer: string, whole: boolean, out: EventsOut): string => {
    if (capture === undefined) return "";
    const { family, opener } = capture;
    const body = capture.body();
    capture = undefined;
    const written = whole ? family.read(body, opener) : undefined;
    const rest = written?.rest ?? "";
    const markup = opener + body.slice(0, body.length - rest.length) + closer;
    const calls = written === undefined ? undefined : resolveCalls(written.calls, tools, ids);
    if (calls === undefined || wasRead(markup.trim())) {
      speak(opener + body + closer, out);
      return "";
    }
    raw += space + markup;
    space = "";
    append(ready, calls);
    beginning = false;
    return rest;
  };

  /** Both readers give back what is to be read next: nothing when they took all. */
  const readCapture = (open: Capture, text: string, out: EventsOut): string => {
    const closed = open.push(text);
    if (open.isNone()) {
      capture = undefined;
      speak(open.opener, out);
      return open.body();
    }
    return closed === undefined ? "" : finish(closed.closer, true, out) + closed.after;
  };

  const readPlain = (text: string, out: EventsOut): string => {
    let all = held + text;
    held = "";
    if (part === "text" && beginning) {
      const body = all.trimStart();
      space += all.slice(0, all.length - body.length);
      all = body;
      const name = bareName.exec(body)?.[1];
      if (bareStart.test(body) || (name !== undefined && tools.find(name) !== undefined)) {
        capture = createCapture(bare, "");
        return body;
      }
      if (bareMaybe.test(body)) {
        held = body;
        return "";
      }
    }
    const { markers, pattern, maybe } = part === "text" ? inText : inThinking;
    if (!maybe.test(all)) {
      if (part === "text") code.feed(all);
      write(all, out);
      return "";
    }
    pattern.lastIndex = 0;
    const ink = all.search(/\S/);
    let fed = 0;
    for (let match = pattern.exec(all); match !== null; match = pattern.exec(all)) {
      const marker = match[0];
      const family = byOpener.get(marker);
      if (part === "text") code.feed(all.slice(fed, match.index));
      fed = match.index;
      if (part === "text" && (code.inside() || (family?.fence === true && !code.atLineStart()))) continue;
      if (late.has(marker) && (ready.length === 0 || ink < match.index)) continue;
      write(all.slice(0, match.index), out);
      strayed = stray.has(marker);
      const rest = all.slice(match.index + marker.length);
      if (family !== undefined) capture = createCapture(family, marker);
      return rest;
    }
    const keep = partialMarker(all, markers);
    const now = all.slice(0, all.length - keep);
    if (part === "text") code.feed(now.slice(fed));
    write(now, out);
    held = all.slice(all.length - keep);
    return "";
  };

  const read = (text: string, out: EventsOut): void => {
    for (let rest = text; rest !== ""; ) rest = capture === undefined ? readPlain(rest, out) : readCapture(capture, rest, out);
  };

  /** What comes after a part decides about what it held. */
  const settle = (next: ReplyEvent, out: EventsOut): void => {
    const cut = next.type === "failure" || (next.type === "reply-end" && isCut(next.stop.reason));
    const literal = next.type === "tool-start" || next.type === "failure";
    write(held, out);
    held = "";
    const rest = finish("", !cut && !literal, out);
    write(rest, out);
    if (literal && ready.length > 0) {
      parts[part](raw + space, out);
      ready = [];
      raw = "";
      space = "";
    }
    commit(out);
    if (part === "text" && space !== "" && !strayed) parts.text(space, out);
    space = "";
    strayed = false;
    parts.close(out);
    code = createCodeSpans();
  };

  return eventMend((event, out) => {
    if (structured) {
      out.push(event);
      return;
    }
    switch (event.type) {
      case "text-start":
        settle(event, out);
        part = "text";
        return;
      case "text-delta":
        read(event.text, out);
        return;
      case "text-end":
        if (capture === undefined && ready.length === 0) settle(event, out);
        return;
      case "thinking-start":
        settle(event, out);
        part = "thinking";
        return;
      case "thinking-delta":
        read(event.text, out);
        return;
      case "thinking-end":
        // Calls inside reasoning follow it; what stayed open was no call.
        write(held, out);
        held = "";
        finish("", false, out);
        parts.close(out, event.seal);
        return;
      case "tool-start":
        settle(event, out);
        structured = true;
        break;
      default:
        settle(event, out);
    }
    out.push(event);
  });
}
