import type { ReplyEvent } from "../model/event.ts";
import type { Ids, Stage } from "../model/stage.ts";
import { anyOf } from "./any-of.ts";
import { createArgumentScanner } from "./argument-scanner.ts";
import { createCodeSpans } from "./code-spans.ts";
import { type EventsOut, eventMend } from "./event-mend.ts";
import { headOf, message, openers } from "./harmony-head.ts";
import type { KnownTools } from "./known-tools.ts";
import { createPartWriter } from "./part-writer.ts";
import { partialMarker } from "./partial-marker.ts";

/** What ends a message's body. */
const enders = ["<|end|>", "<|call|>", "<|return|>", "<|start|>", "<|channel|>"];
/** The same of Muse Glimmer; to gpt-oss the last two are words of other models, which may stand in a command. */
const endersWithoutChannels = [...enders, "<|eom|>", "<|eot|>"];
/** Tokens with which a turn ends; a server that does not know its model's leaves them at the end of the text. */
const tails = ["return", "end", "call", "im_end", "eot_id", "eot", "eom_id", "eom", "endoftext", "end_of_text", "observation"]
  .map((name) => `<|${name}|>`)
  .concat("<｜end▁of▁sentence｜>", "<end_of_turn>", "<turn|>");
const plainMarkers = [...openers, ...tails];
const firstOpener = anyOf(openers);
const firstEnder = anyOf(enders);
const firstEnderWithoutChannels = anyOf(endersWithoutChannels);
const namesChannel = /<\|channel\|>|^(?:analysis|commentary)\b/;
/** Its call is markup, which is read where calls in text are. */
const ownMarkup = /^\s*<atem:/;

/**
 * The harmony format of gpt-oss, and what Muse Glimmer makes of it, leaked into text or reasoning: analysis is thinking, final is text, a
 * recipient makes a call, and the tokens go. Streams as it comes; held back are a token's beginning, a message's header, tokens that may be
 * the last of the text, and a call until its end: one that was cut stays the text that it was, and so does one that `wasRead` somewhere and
 * is repeated.
 */
export function harmony(tools: KnownTools, ids: Ids, wasRead: (markup: string) => boolean): Stage<ReplyEvent, ReplyEvent> {
  const parts = createPartWriter();
  let state: "plain" | "header" | "body" = "plain";
  let outer: "text" | "thinking" = "text";
  let into: "text" | "thinking" | "tool" = "text";
  let tool = "";
  /** The call that is open as it was written: its header, and its arguments in pieces. */
  let written = "";
  let json: string[] = [];
  let held = "";
  /** Tokens before what is held, which go where they are the last of the text. */
  let ending: string[] = [];
  let header = "";
  let hasChannel = true;
  let fresh = true;
  let code = createCodeSpans();

  const write = (text: string, out: EventsOut): void => {
    if (state === "plain" ? outer === "text" : into === "text") parts.text(text, out);
    else if (state === "body" && into === "tool") json.push(text);
    else parts.thinking(text, out);
  };
  const beginBody = (out: EventsOut): void => {
    const recipient = /\bto=([^\s<]+)/.exec(header)?.[1];
    const known = recipient === undefined ? undefined : tools.find(recipient.replace(/^functions\./, ""));
    state = "body";
    hasChannel = namesChannel.test(header);
    if (known !== undefined) {
      into = "tool";
      tool = known.sent;
      written = header.endsWith(message) ? header : header + message;
      json = [];
    } else {
      into = recipient === "self" || /<\|channel\|>\s*analysis/.test(header) ? "thinking" : "text";
      parts.close(out);
    }
    header = "";
  };
  /** What is text before the tokens at the end of `now`; they wait, together with those that waited and have nothing behind them. */
  const beforeTail = (now: string): string => {
    const at = now.length - tailLength(now);
    if (ending.length > 0 && now.slice(0, at).trim() === "") {
      ending.push(now);
      return "";
    }
    const before = ending.join("") + now.slice(0, at);
    ending = at < now.length ? [now.slice(at)] : [];
    return before;
  };
  const endCall = (isWhole: boolean, out: EventsOut): void => {
    const body = json.join("");
    if (ownMarkup.test(body)) {
      state = "plain";
      write(body, out);
    } else if (isWhole && !wasRead((written + body).trim())) {
      parts.call(ids.next("call_"), tool, out);
      parts.json(body, out);
    } else {
      state = "plain";
      write(written + body, out);
    }
  };
  const read = (text: string, out: EventsOut): string => {
    const all = held + text;
    held = "";
    if (state === "header") {
      const at = all.indexOf(message);
      const keep = at < 0 ? partialMarker(all, [message]) : 0;
      header += all.slice(0, at < 0 ? all.length - keep : at);
      held = all.slice(all.length - keep);
      if (at < 0) return "";
      beginBody(out);
      return all.slice(at + message.length);
    }
    const head = fresh ? headOf(all) : undefined;
    if (head === "perhaps") {
      held = all;
      return "";
    }
    if (head !== undefined) {
      fresh = false;
      header = head.header;
      if (head.isWhole) beginBody(out);
      else state = "header";
      return head.rest;
    }
    const match = all.includes("<|")
      ? (state === "plain" ? firstOpener : hasChannel ? firstEnder : firstEnderWithoutChannels).exec(all)
      : null;
    if (match === null) {
      fresh = false;
      const keep = partialMarker(all, state === "plain" ? plainMarkers : hasChannel ? enders : endersWithoutChannels);
      const settled = all.slice(0, all.length - keep);
      const now = state === "plain" ? beforeTail(settled) : settled;
      if (state === "plain") code.feed(now);
      write(now, out);
      held = all.slice(all.length - keep);
      return "";
    }
    const first = match.index;
    const found = match[0];
    const before = state === "plain" ? beforeTail(all.slice(0, first)) : all.slice(0, first);
    ending = [];
    fresh = false;
    if (state === "plain") code.feed(before);
    write(before, out);
    if (state === "plain" && code.inside()) {
      code.feed(found);
      write(found, out);
      return all.slice(first + found.length);
    }
    if (state === "body") {
      if (into === "tool") endCall(true, out);
      parts.close(out);
    }
    state = "header";
    // A body's end is followed by the next header, or by nothing.
    header = openers.some((one) => one.startsWith(found)) ? found : "";
    return all.slice(first + found.length);
  };
  const settle = (failed: boolean, out: EventsOut): void => {
    held = ending.join("") + held;
    ending = [];
    if (state === "plain" && tailLength(held) > 0 && !code.inside()) held = "";
    if (state !== "header") write(held, out);
    else if (header !== "" && !/^\s*<\|(?:start|channel)\|>/.test(header)) {
      // Words after the last message, outside of any: the format ends here.
      state = "body";
      into = "text";
      write((header + held).trim(), out);
    }
    // A call without a token behind it: servers keep the last one back, and the reply may have been cut.
    if (state === "body" && into === "tool") endCall(!failed && isComplete(json.join("")), out);
    held = "";
    header = "";
    state = "plain";
    fresh = true;
    code = createCodeSpans();
  };

  return eventMend((event, out) => {
    switch (event.type) {
      case "text-start":
        outer = "text";
        return;
      case "thinking-start":
        outer = "thinking";
        parts.openThinking(out);
        return;
      case "text-delta":
      case "thinking-delta": {
        let rest = event.text;
        while (rest !== "") rest = read(rest, out);
        return;
      }
      case "text-end":
        settle(false, out);
        parts.close(out);
        return;
      case "thinking-end":
        settle(false, out);
        parts.close(out, event.seal);
        return;
      case "failure":
        settle(true, out);
        break;
      default:
    }
    out.push(event);
  });
}

function isComplete(json: string): boolean {
  const scanner = createArgumentScanner();
  scanner.push(json);
  return scanner.state() === "complete";
}

/** How much of the text's end is tokens that end a turn, with the white space behind them. */
function tailLength(text: string): number {
  let length = 0;
  for (let rest = text.trimEnd(); rest.endsWith(">"); rest = rest.trimEnd()) {
    const token = tails.find((one) => rest.endsWith(one));
    if (token === undefined) break;
    rest = rest.slice(0, -token.length);
    length = text.length - rest.length;
  }
  return length;
}
