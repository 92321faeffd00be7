import type { ReplyEvent } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import type { OpenContext } from "../../model/wire.ts";
import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { tellInOrder } from "../parts-in-order.ts";
import { type Block, blockOf, endOf, startOf } from "./reply-block.ts";
import { readStop } from "./stop.ts";
import { type Figures, readFigures, usageOf } from "./usage.ts";

/**
 * Makes events of what any Messages server sends. Blocks that overlap are given one after another, in the order in which they began; a block
 * without an end ends with the next one or with the message; a delta without a block opens one. Nothing follows `finish` or `fail`.
 */
export interface ReplyReading {
  message(message: JsonObject): void;
  start(index: unknown, block: JsonObject): void;
  delta(index: unknown, delta: JsonObject): void;
  stop(index: unknown): void;
  ending(delta: JsonObject, usage: JsonObject): void;
  /** The server sent the end of the message. */
  finish(): void;
  /** The stream broke off. Where only its formal end was missing, the reply still ends well. */
  fail(failure: Failure): void;
  over(): boolean;
  /** The stop reason has come: only the formal end is missing. */
  complete(): boolean;
  /** The events since the last call. */
  take(): ReplyEvent[];
}

export function readEvents({ ids, maker }: OpenContext): ReplyReading {
  let out: ReplyEvent[] = [];
  const figures: Figures = {};
  const blocks = new Map<unknown, Block>();
  const parts = tellInOrder<Block>(
    (event) => out.push(event),
    (block) => startOf(block, ids),
    (block) => endOf(block, maker),
  );
  let started = false;
  let over = false;
  let called = false;
  let told: JsonObject = {};

  const begin = (message: JsonObject): void => {
    if (started) return;
    started = true;
    readFigures(figures, objectOf(message.usage));
    const usage = usageOf(figures);
    out.push({
      type: "reply-start",
      id: stringOf(message.id) ?? ids.next("msg_"),
      ...(usage.input === undefined ? {} : { usage }),
    });
  };

  const open = (index: unknown, start: JsonObject): Block => {
    const block = blockOf(start);
    const before = blocks.get(index);
    if (before !== undefined) parts.end(before);
    blocks.set(index, block);
    if (block.kind === "tool") called = true;
    parts.begin(block);
    return block;
  };

  /** The block for a delta: the one with this index, or a new one where that has ended or is of another kind. */
  const blockFor = (index: unknown, kind: "text" | "thinking"): Block => {
    const block = blocks.get(index);
    return block?.kind === kind && !block.ended ? block : open(index, { type: kind });
  };

  const addText = (index: unknown, kind: "text" | "thinking", text: unknown): void => {
    if (typeof text === "string" && text !== "") parts.say(blockFor(index, kind), { type: `${kind}-delta`, text });
  };

  const addArguments = (block: Block | undefined, json: unknown): void => {
    if (block === undefined || block.ended || typeof json !== "string" || json === "") return;
    if (block.kind === "whole") block.input.push(json);
    if (block.kind !== "tool") return;
    block.delivered = true;
    parts.say(block, { type: "tool-delta", json });
  };

  const complete = () => told.stop_reason !== undefined;
  /** What has been given stays. Parts that are held back wait behind an unfinished call, which must not look complete, and are dropped. */
  const fail = (failure: Failure): void => {
    if (complete()) finish();
    if (over) return;
    over = true;
    out.push({ type: "failure", failure });
  };
  const finish = (): void => {
    if (over) return;
    over = true;
    begin({});
    parts.close();
    out.push({ type: "reply-end", stop: readStop(told, called), usage: usageOf(figures) });
  };

  return {
    message: begin,
    start(index, block) {
      begin({});
      open(index, block);
    },
    delta(index, delta) {
      begin({});
      const named = blocks.get(index);
      switch (delta.type) {
        case "text_delta":
          return addText(index, "text", delta.text);
        case "thinking_delta":
          return addText(index, "thinking", delta.thinking);
        case "input_json_delta":
          return addArguments(named, delta.partial_json);
        case "signature_delta":
          if (named?.kind === "thinking" && typeof delta.signature === "string") named.signature = delta.signature;
          return;
        case "compaction_delta": {
          const { content, encrypted_content = null } = delta;
          if (named?.kind === "whole") named.start = { ...named.start, content, encrypted_content };
        }
        // Citations, and types that are not known here, are ignored.
      }
    },
    stop(index) {
      const block = blocks.get(index);
      if (block !== undefined) parts.end(block);
    },
    ending(delta, usage) {
      told = { ...told, ...Object.fromEntries(Object.entries(delta).filter(([, value]) => value !== null)) };
      readFigures(figures, usage);
      begin({});
    },
    finish,
    fail,
    over: () => over,
    complete,
    take() {
      const taken = out;
      out = [];
      return taken;
    },
  };
}
