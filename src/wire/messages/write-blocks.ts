import type { ReplyEvent } from "../../model/event.ts";
import { append } from "../../model/lists.ts";
import { isObject, type JsonObject, listOf } from "../json.ts";
import { ownFields, usageAndOwn } from "../own-fields.ts";
import { opaqueBlocks } from "./opaque-blocks.ts";
import { redactedOf, signatureOf } from "./seal.ts";
import { type WireStop, writeStop } from "./stop.ts";
import { writeUsage } from "./usage.ts";

/** Where a reply goes, one block after another. */
interface BlockSink {
  /** `own`: what the server says of its message beside the usage. */
  begin(id: string, usage: JsonObject, own: JsonObject): void;
  open(block: JsonObject): void;
  /** More of the open block's text or thinking, or of the JSON of its input. */
  add(piece: string): void;
  sign(signature: string): void;
  /** Something that the open text cites. */
  cite(citation: unknown): void;
  close(): void;
  /** A block that comes whole. */
  put(block: JsonObject): void;
  /** `own`: of which a part is `delta`. */
  end(stop: WireStop, usage: JsonObject, own: JsonObject): void;
}

const text = { type: "text", text: "" };
const thinking = { type: "thinking", thinking: "", signature: "" };

/** The blocks of a reply, from its events but for a failure. One of text or thinking is opened by its first delta, so that none is empty. */
export function writeBlocks(sink: BlockSink): (event: ReplyEvent) => void {
  /** Whether a block is open, and something in it. */
  let state: "closed" | "empty" | "filled" = "closed";
  let called = false;
  /** The type of the last block. */
  let last: unknown;
  /** What is cited by the text that comes next. */
  let citations: unknown[] = [];

  const open = (block: JsonObject): void => {
    state = "empty";
    last = block.type;
    sink.open(block);
  };
  const add = (piece: string): void => {
    state = "filled";
    sink.add(piece);
  };
  const close = (): void => {
    if (state !== "closed") sink.close();
    state = "closed";
  };
  const say = (block: JsonObject, piece: string): void => {
    if (piece === "") return;
    if (state === "closed") open(block);
    add(piece);
    if (block === text) cite();
  };
  const cite = (): void => {
    for (const citation of citations) sink.cite(citation);
    citations = [];
  };
  const put = (block: JsonObject): void => {
    last = block.type;
    sink.put(block);
  };

  return (event) => {
    switch (event.type) {
      case "text-delta":
        return say(text, event.text);
      case "thinking-delta":
        return say(thinking, event.text);
      case "tool-delta":
        return event.json === "" ? undefined : add(event.json);
      case "reply-start":
        return sink.begin(event.id, ...usageAndOwn(event, "messages", writeUsage(event.usage ?? {})));
      case "text-end":
        return close();
      case "thinking-end": {
        const data = redactedOf(event.seal);
        if (state === "closed" && data !== undefined) return put({ type: "redacted_thinking", data });
        if (state === "closed" && event.seal === undefined) return;
        if (state === "closed") open(thinking);
        sink.sign(signatureOf(event.seal));
        return close();
      }
      case "tool-start":
        called = true;
        return open({ type: "tool_use", id: event.id, name: event.name, input: {}, ...ownFields(event, "messages") });
      case "own":
        append(citations, listOf(ownFields(event, "messages").citations).filter(isObject));
        if (state === "filled" && last === "text") cite();
        return;
      case "tool-end":
        if (state === "empty") add("{}");
        return close();
      case "opaque":
        return opaqueBlocks(event.part).forEach(put);
      case "reply-end":
        return sink.end(writeStop(event.stop, called, last), ...usageAndOwn(event, "messages", writeUsage(event.usage)));
      // Logprobs, for which this wire has no field, and the beginnings of parts.
      default:
    }
  };
}
