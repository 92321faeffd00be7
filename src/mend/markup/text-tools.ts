import { isCut, type ReplyEvent } from "../../model/event.ts";
import { lastWord, tailOf } from "../../model/last-word.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";
import { bare, startsBare } from "../written/bare-call.ts";
import { type Capture, createCapture } from "../written/capture.ts";
import { atFrame, atMarker, byOpener, late, stray } from "../written/families.ts";
import { resolveCalls } from "../written/resolve-calls.ts";
import { createCallWriter } from "./call-writer.ts";
import { createCodeSpans, noCode } from "./code-spans.ts";

/**
 * Calls that a model wrote as text, because its server has no parser for them, become calls. Markup counts only outside code, when it
 * reads as calls of tools that were offered and the reply has no structured call; anything else stays text, as it was. Held back are the
 * beginning of a marker, the markup itself, and white space before it; without tools a frame's beginning alone. `wasRead`: this stands in what
 * the model was given to read, and is repeated.
 */
export function textTools(tools: KnownTools, wasRead: (markup: string) => boolean): Stage<ReplyEvent, ReplyEvent> {
  const out = createOutbox<ReplyEvent>();
  const mayCall = tools.size > 0;
  const writer = createCallWriter(mayCall, out);
  let structured = false;
  let part: "text" | "thinking" = "text";
  let code = createCodeSpans();
  /** Nothing but white space has come. */
  let beginning = true;
  /** The same since a closer that closed nothing. */
  let strayed = false;
  /** The beginning of a marker, perhaps. */
  let held = "";
  let capture: Capture | undefined;
  /** The end of the text so far, in which the last word is. */
  let told = "";

  const write = (text: string): void => {
    if (part === "text" && text.trim() !== "") {
      beginning = false;
      strayed = false;
    }
    writer[part](text);
  };
  const speak = (text: string): void => {
    code.feed(text);
    told = tailOf(told + text);
    write(text);
  };
  /** The capture is over: calls, and what follows them; or the text that it was. */
  const finish = ({ family, opener, body }: Capture, closer: string, isWhole: boolean): string => {
    capture = undefined;
    const text = body();
    const written = isWhole ? family.read(text, opener, lastWord(told)) : undefined;
    const rest = written?.rest ?? "";
    const markup = opener + text.slice(0, text.length - rest.length) + closer;
    const calls = written === undefined ? undefined : resolveCalls(written.calls, tools);
    if (calls === undefined || wasRead(markup.trim())) {
      speak(opener + text + closer);
      return "";
    }
    writer.hold(calls, part, markup);
    beginning = false;
    return rest;
  };

  /** Each reader gives back what is to be read next: nothing when it took all. */
  const readCapture = (open: Capture, text: string): string => {
    const closed = open.push(text);
    if (open.isNone()) {
      capture = undefined;
      speak(open.opener);
      return open.body();
    }
    if (open.isTooLong()) return finish(open, closed?.closer ?? "", false) + (closed?.after ?? "");
    return closed === undefined ? "" : finish(open, closed.closer, true) + closed.after;
  };
  const readBeginning = (text: string): string => {
    const body = text.trimStart();
    write(text.slice(0, text.length - body.length));
    const isBare = startsBare(body, tools);
    if (isBare === "perhaps") {
      held = body;
      return "";
    }
    if (isBare) capture = createCapture(bare, "");
    return isBare ? body : readMarkers(body);
  };
  const readMarkers = (text: string): string => {
    const { before, marker, rest } = mayCall ? atMarker[part](text) : atFrame(text);
    speak(before);
    if (marker === undefined) {
      held = rest;
      return "";
    }
    const family = byOpener.get(marker);
    const isSpoken = code.inside() || (family?.fence === true && !code.atLineStart()) || (late.has(marker) && !writer.holds());
    if (isSpoken) speak(marker);
    else {
      strayed = stray.has(marker);
      if (family !== undefined) capture = createCapture(family, marker);
    }
    return rest;
  };
  const read = (text: string): void => {
    for (let rest = text; rest !== ""; ) {
      if (capture !== undefined) rest = readCapture(capture, rest);
      else {
        const all = held + rest;
        held = "";
        rest = mayCall && part === "text" && beginning ? readBeginning(all) : readMarkers(all);
      }
    }
  };
  /** The part is over; what was held is no marker. */
  const release = (isWhole: boolean): void => {
    write(held);
    held = "";
    if (capture !== undefined) write(finish(capture, "", isWhole));
  };

  /** What comes after a part decides about what it held. */
  const settle = (next: ReplyEvent): void => {
    const isLiteral = next.type === "tool-start" || next.type === "failure";
    release(!isLiteral && !(next.type === "reply-end" && isCut(next.stop.reason)));
    if (strayed || (writer.holds() && !isLiteral)) writer.dropSpace();
    writer.end(!isLiteral, next.type === "failure");
    strayed = false;
    code = createCodeSpans();
    told = "";
  };

  return eventMend((event) => {
    if (structured) {
      out.put(event);
      return;
    }
    switch (event.type) {
      case "text-start":
        settle(event);
        part = "text";
        return;
      case "thinking-start":
        settle(event);
        part = "thinking";
        code = noCode;
        return;
      case "text-delta":
      case "thinking-delta":
        read(event.text);
        return;
      case "text-end":
        if (capture === undefined && !writer.holds()) settle(event);
        return;
      case "thinking-end":
        // Calls inside reasoning follow it; what stayed open was no call.
        release(false);
        writer.close(event.seal);
        return;
      case "tool-start":
        settle(event);
        structured = true;
        break;
      default:
        settle(event);
    }
    out.put(event);
  }, out);
}
