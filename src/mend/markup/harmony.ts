import type { ReplyEvent } from "../../model/event.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { JsonSchema } from "../../model/request.ts";
import type { Stage } from "../../model/stage.ts";
import { createArgumentScanner } from "../arguments/scanner.ts";
import { eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";
import { createCallWriter } from "./call-writer.ts";
import { createCodeSpans } from "./code-spans.ts";
import { headOf, longestHeader, maybeHeader, message, openers } from "./harmony-head.ts";
import { endsParameters, parametersAsJson } from "./harmony-parameters.ts";
import { type Split, splitAt } from "./split-at.ts";
import { createTurnEnds, endsLength, turnEnds } from "./turn-ends.ts";

/** What ends a message's body. */
const ends = ["<|end|>", "<|call|>", "<|return|>", "<|start|>", "<|channel|>"];
const atEnd = splitAt(ends);
/** The same of Muse Glimmer; to gpt-oss the last two are words of other models, which may stand in a command. */
const atEndWithoutChannels = splitAt([...ends, "<|eom|>", "<|eot|>"]);
const atOpener = splitAt(openers, [...openers, ...turnEnds]);
/** Muse Glimmer leaves what it says to itself by the header of a call alone, always where the call has no arguments (vLLM's parser for it). */
const atOpenerInThinking = splitAt([...openers, message], [...openers, message, ...turnEnds]);
const atEndInThinking = splitAt([...ends, "<|eom|>", "<|eot|>", message]);
const endsWithRecipient = /(?:^|\s)to=([^\s<]{1,180})$/;
const atMessage = splitAt([message]);
const longestRecipient = 256;
const namesChannel = /<\|channel\|>|^(?:analysis|commentary)\b/;
/** Its call is markup, which is read where calls in text are. */
const ownMarkup = /^\s*<atem:/;

/**
 * The harmony format of gpt-oss, and what Muse Glimmer and Beam make of it, leaked into text or reasoning: analysis is thinking, final is text, a
 * recipient makes a call, and the tokens go. Streams as it comes; held back are a token's beginning, a message's header, tokens that may be
 * the last of the text, white space before what may be a call, and a call until something comes behind it: one that was cut stays the text
 * that it was, and so does one that the server read itself, or that `wasRead` somewhere and is repeated.
 */
export function harmony(tools: KnownTools, wasRead: (markup: string) => boolean): Stage<ReplyEvent, ReplyEvent> {
  const out = createOutbox<ReplyEvent>();
  const writer = createCallWriter(tools.size > 0, out);
  let place: Place = start;
  /** The part that the server opened. */
  let outer: "text" | "thinking" = "text";
  let structured = false;
  let held = "";
  /** The last that was thought. */
  let thought = "";
  const last = createTurnEnds();
  let code = createCodeSpans();

  /** Calls that wait come before it; white space of text says nothing yet. */
  const say = (part: "text" | "thinking", text: string): void => {
    const said = part === "text" ? text.trim() : text;
    if (said !== "") writer.settle(true);
    writer[part](text);
  };
  const write = (text: string): void => {
    const into = place.at === "body" ? place.into : outer;
    if (into === "thinking") thought = (thought + text).slice(-longestRecipient);
    if (typeof into === "string") say(into, text);
    else into.json.push(text);
  };
  const speak = (text: string): void => {
    code.feed(text);
    write(text);
  };
  const beginBody = (header: string, turned = false): void => {
    const recipient = /\bto=([^\s<]+)/.exec(header)?.[1];
    const known = recipient === undefined ? undefined : tools.find(recipient);
    const part = recipient === "self" || /<\|channel\|>\s*analysis/.test(header) ? "thinking" : "text";
    // What was thought already has the recipient in it.
    const written = turned ? message : header.endsWith(message) ? header : header + message;
    const call = known && {
      name: known.sent,
      schema: known.tool.parameters,
      header: written,
      turned,
      json: [],
    };
    const withoutChannels = call === undefined && part === "thinking" ? atEndInThinking : atEndWithoutChannels;
    place = { at: "body", into: call ?? part, atEnd: namesChannel.test(header) ? atEnd : withoutChannels };
    if (call === undefined) writer.close();
  };
  /** Reads the token behind a header that may stand in thinking: of a call, or words about one. */
  const readTurn = (): void => {
    const recipient = endsWithRecipient.exec(thought)?.[1];
    thought = "";
    if (recipient === undefined || tools.find(recipient) === undefined || code.inside()) speak(message);
    else beginBody(`to=${recipient}${message}`, true);
  };
  const endCall = ({ name, schema, header, turned, json }: OpenCall, isWhole: boolean): void => {
    const body = json.join("");
    const isOwn = ownMarkup.test(body);
    const markup = isOwn ? body : header + body;
    const isCall = isWhole && !isOwn && !turned && !structured && !wasRead(markup.trim());
    if (isCall) writer.hold([{ id: "", name, json: parametersAsJson(body, schema) ?? body }], outer, markup);
    else if (isOwn) say("text", markup);
    else say(turned ? "thinking" : outer, markup);
  };

  const hold = (text: string): "" => {
    held = text;
    return "";
  };
  /** Each reader takes the text and gives back what is to be read next: nothing when it took all. */
  const readStart = (text: string): string => {
    const head = headOf(text);
    if (head === "perhaps") return hold(text);
    place = plain;
    if (head === undefined) return text;
    if (head.isWhole) beginBody(head.header);
    else place = { at: "header", header: head.header };
    return head.rest;
  };
  const readPlain = (text: string): string => {
    const { before, marker: opener, rest } = (outer === "thinking" ? atOpenerInThinking : atOpener)(text);
    speak(last.push(before));
    if (opener === undefined) return hold(rest);
    const ended = last.take();
    if (opener === message) {
      speak(ended);
      readTurn();
    } else if (code.inside()) speak(opener);
    else place = { at: "header", header: opener };
    return rest;
  };
  const readHeader = (begun: string, text: string): string => {
    const { before, marker, rest } = atMessage(text.slice(0, longestHeader));
    const header = begun + before;
    if (!maybeHeader(header)) {
      const opener = openers.find((one) => begun.startsWith(one)) ?? "";
      place = plain;
      speak(opener);
      return opener === "" ? (begun + text).trimStart() : begun.slice(opener.length) + text;
    }
    if (marker === undefined) {
      place = { at: "header", header };
      return hold(rest);
    }
    beginBody(header);
    return text.slice(before.length + marker.length);
  };
  const readBody = ({ into, atEnd: atBodyEnd }: Body, text: string): string => {
    const { before, marker: end, rest } = atBodyEnd(text);
    write(before);
    if (end === undefined) return hold(rest);
    if (end === message) {
      readTurn();
      return rest;
    }
    if (typeof into !== "string") endCall(into, true);
    writer.close();
    // Words behind the last message are for the user, in reasoning too.
    outer = "text";
    // A body's end is followed by the next header, or by nothing.
    place = { at: "header", header: openers.some((one) => one.startsWith(end)) ? end : "" };
    return rest;
  };
  const readNext = (text: string): string => {
    switch (place.at) {
      case "start":
        return readStart(text);
      case "plain":
        return readPlain(text);
      case "header":
        return readHeader(place.header, text);
      case "body":
        return readBody(place, text);
    }
  };
  const read = (text: string): void => {
    for (let rest = held + text; rest !== ""; rest = readNext(rest)) held = "";
  };

  const settle = (failed: boolean): void => {
    const rest = last.take() + held;
    if (place.at === "header") {
      const { header } = place;
      // Words after the last message, outside of any: the format ends here.
      if (header !== "" && !/^\s*<\|(?:start|channel)\|>/.test(header)) write((header + rest).trim());
    } else if (place.at !== "plain" || endsLength(rest) === 0 || code.inside()) write(rest);
    // A call without a token behind it: servers keep the last one back, and the reply may have been cut.
    if (place.at === "body" && typeof place.into !== "string") endCall(place.into, !failed && isComplete(place.into.json.join("")));
    held = "";
    thought = "";
    place = start;
    code = createCodeSpans();
  };

  return eventMend((event) => {
    switch (event.type) {
      case "text-start":
      case "thinking-start":
        outer = event.type === "text-start" ? "text" : "thinking";
        return;
      case "text-delta":
      case "thinking-delta":
        read(event.text);
        return;
      case "text-end":
      case "thinking-end":
        settle(false);
        writer.close(event.type === "thinking-end" ? event.seal : undefined);
        return;
      case "failure":
        settle(true);
        break;
      case "tool-start":
        structured = true;
        break;
      default:
    }
    writer.end(event.type !== "tool-start", event.type === "failure");
    out.put(event);
  }, out);
}

/** Where in the format the text has come to, with the header as far as it has come, or the body that has begun. */
type Place = { readonly at: "start" } | { readonly at: "plain" } | { readonly at: "header"; readonly header: string } | Body;
const start: Place = { at: "start" };
const plain: Place = { at: "plain" };

interface Body {
  readonly at: "body";
  /** The part that it is, or the call. */
  readonly into: "text" | "thinking" | OpenCall;
  readonly atEnd: (text: string) => Split;
}

/** A call as far as it was written. */
interface OpenCall {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly header: string;
  /** Its header stood in thinking, where the model may also write about calls: only its own markup is one. */
  readonly turned: boolean;
  /** In pieces. */
  readonly json: string[];
}

function isComplete(json: string): boolean {
  if (endsParameters(json)) return true;
  const scanner = createArgumentScanner();
  scanner.push(json);
  return scanner.state() === "complete";
}
