import type { ReplyEvent } from "../../model/event.ts";
import type { Ids, Stage } from "../../model/stage.ts";
import { createArgumentScanner } from "../arguments/scanner.ts";
import { type EventsOut, eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";
import { anyOf } from "./any-of.ts";
import { createCallWriter } from "./call-writer.ts";
import { createCodeSpans } from "./code-spans.ts";
import { headOf, longestHeader, maybeHeader, message, openers } from "./harmony-head.ts";
import { partialMarker } from "./partial-marker.ts";
import { createTurnEnds, endsLength, turnEnds } from "./turn-ends.ts";

const endsOf = (...markers: readonly string[]) => ({ markers, first: anyOf(markers) });
/** What ends a message's body. */
const ends = ["<|end|>", "<|call|>", "<|return|>", "<|start|>", "<|channel|>"];
const endsOfChannels = endsOf(...ends);
/** The same of Muse Glimmer; to gpt-oss the last two are words of other models, which may stand in a command. */
const endsWithoutChannels = endsOf(...ends, "<|eom|>", "<|eot|>");
const plainMarkers = [...openers, ...turnEnds];
const firstOpener = anyOf(openers);
const namesChannel = /<\|channel\|>|^(?:analysis|commentary)\b/;
/** Its call is markup, which is read where calls in text are. */
const ownMarkup = /^\s*<atem:/;

/** All of these tokens begin so, and nearly no text has one. */
const firstOf = (pattern: RegExp, text: string): RegExpExecArray | null => (text.includes("<|") ? pattern.exec(text) : null);

/**
 * The harmony format of gpt-oss, and what Muse Glimmer makes of it, leaked into text or reasoning: analysis is thinking, final is text, a
 * recipient makes a call, and the tokens go. Streams as it comes; held back are a token's beginning, a message's header, tokens that may be
 * the last of the text, white space before what may be a call, and a call until something comes behind it: one that was cut stays the text
 * that it was, and so does one that the server read itself, or that `wasRead` somewhere and is repeated.
 */
export function harmony(tools: KnownTools, ids: Ids, wasRead: (markup: string) => boolean): Stage<ReplyEvent, ReplyEvent> {
  const writer = createCallWriter(tools.size > 0);
  let state: "start" | "plain" | "header" | "body" = "start";
  /** The part that the server opened. */
  let outer: "text" | "thinking" = "text";
  /** Of the message whose body has begun: the part that it is, unless it is a call, and what ends it. */
  let into: "text" | "thinking" = "text";
  let call: OpenCall | undefined;
  let bodyEnds = endsOfChannels;
  let structured = false;
  let held = "";
  const last = createTurnEnds();
  let header = "";
  let code = createCodeSpans();

  const write = (text: string, out: EventsOut): void => {
    if (state !== "body") writer[outer](text, out);
    else if (call === undefined) writer[into](text, out);
    else call.json.push(text);
  };
  /** All but so many characters, which are held. */
  const without = (keep: number, text: string): string => {
    held = text.slice(text.length - keep);
    return text.slice(0, text.length - keep);
  };
  const beginBody = (out: EventsOut): void => {
    const recipient = /\bto=([^\s<]+)/.exec(header)?.[1];
    const known = recipient === undefined ? undefined : tools.find(recipient);
    state = "body";
    bodyEnds = namesChannel.test(header) ? endsOfChannels : endsWithoutChannels;
    if (known !== undefined) call = { name: known.sent, header: header.endsWith(message) ? header : header + message, json: [] };
    else {
      into = recipient === "self" || /<\|channel\|>\s*analysis/.test(header) ? "thinking" : "text";
      writer.settle(true, out);
      writer.close(out);
    }
    header = "";
  };
  const endCall = ({ name, header, json }: OpenCall, isWhole: boolean, out: EventsOut): void => {
    const body = json.join("");
    const isOwn = ownMarkup.test(body);
    const markup = isOwn ? body : header + body;
    const isCall = isWhole && !isOwn && !structured && !wasRead(markup.trim());
    if (isCall) writer.hold([{ id: ids.next("call_"), name, json: body }], outer, markup);
    else writer[outer](markup, out);
    call = undefined;
  };

  /** Each reader takes the text and gives back what the next state is to read: nothing when it took all. */
  const readStart = (text: string, out: EventsOut): string => {
    const head = headOf(text);
    if (head === "perhaps") {
      held = text;
      return "";
    }
    state = "plain";
    if (head === undefined) return text;
    header = head.header;
    if (head.isWhole) beginBody(out);
    else state = "header";
    return head.rest;
  };
  const readPlain = (text: string, out: EventsOut): string => {
    const opener = firstOf(firstOpener, text);
    const before = last.push(opener === null ? without(partialMarker(text, plainMarkers), text) : text.slice(0, opener.index));
    code.feed(before);
    write(before, out);
    if (opener === null) return "";
    last.take();
    if (code.inside()) {
      code.feed(opener[0]);
      write(opener[0], out);
    } else {
      state = "header";
      header = opener[0];
    }
    return text.slice(opener.index + opener[0].length);
  };
  const readHeader = (text: string, out: EventsOut): string => {
    const begun = header;
    const near = text.slice(0, longestHeader);
    const at = near.indexOf(message);
    header += at < 0 ? without(partialMarker(near, [message]), near) : text.slice(0, at);
    if (!maybeHeader(header)) {
      const opener = openers.find((one) => begun.startsWith(one)) ?? "";
      state = "plain";
      code.feed(opener);
      write(opener, out);
      return opener === "" ? (begun + text).trimStart() : begun.slice(opener.length) + text;
    }
    if (at < 0) return "";
    beginBody(out);
    return text.slice(at + message.length);
  };
  const readBody = (text: string, out: EventsOut): string => {
    const end = firstOf(bodyEnds.first, text);
    write(end === null ? without(partialMarker(text, bodyEnds.markers), text) : text.slice(0, end.index), out);
    if (end === null) return "";
    if (call !== undefined) endCall(call, true, out);
    writer.close(out);
    state = "header";
    // Words behind the last message are for the user, in reasoning too.
    outer = "text";
    // A body's end is followed by the next header, or by nothing.
    header = openers.some((one) => one.startsWith(end[0])) ? end[0] : "";
    return text.slice(end.index + end[0].length);
  };
  const readers = { start: readStart, plain: readPlain, header: readHeader, body: readBody };
  const read = (text: string, out: EventsOut): void => {
    for (let rest = held + text; rest !== ""; rest = readers[state](rest, out)) held = "";
  };

  const settle = (failed: boolean, out: EventsOut): void => {
    const rest = last.take() + held;
    if (state === "header") {
      // Words after the last message, outside of any: the format ends here.
      if (header !== "" && !/^\s*<\|(?:start|channel)\|>/.test(header)) write((header + rest).trim(), out);
    } else if (state !== "plain" || endsLength(rest) === 0 || code.inside()) write(rest, out);
    // A call without a token behind it: servers keep the last one back, and the reply may have been cut.
    if (call !== undefined) endCall(call, !failed && isComplete(call.json.join("")), out);
    held = "";
    header = "";
    state = "start";
    code = createCodeSpans();
  };

  return eventMend((event, out) => {
    switch (event.type) {
      case "text-start":
      case "thinking-start":
        writer.settle(true, out);
        outer = event.type === "text-start" ? "text" : "thinking";
        return;
      case "text-delta":
      case "thinking-delta":
        read(event.text, out);
        return;
      case "text-end":
      case "thinking-end":
        settle(false, out);
        writer.close(out, event.type === "thinking-end" ? event.seal : undefined);
        return;
      case "failure":
        settle(true, out);
        break;
      case "tool-start":
        writer.settle(false, out);
        structured = true;
        break;
      default:
    }
    writer.settle(true, out);
    writer.close(out);
    out.push(event);
  });
}

/** A call as far as it was written. */
interface OpenCall {
  readonly name: string;
  readonly header: string;
  /** In pieces. */
  readonly json: string[];
}

function isComplete(json: string): boolean {
  const scanner = createArgumentScanner();
  scanner.push(json);
  return scanner.state() === "complete";
}
