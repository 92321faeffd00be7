import type { ReplyEvent } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { append } from "../../model/lists.ts";
import { createQueue } from "../../model/queue.ts";
import type { OpenContext } from "../../model/wire.ts";
import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { type Block, blockOf, endOf, startOf } from "./reply-block.ts";
import { readStop } from "./stop.ts";
import { type Figures, readFigures, usageOf } from "./usage.ts";

/**
 * Puts a reply together from what any Messages server sends: blocks that overlap are told one after another, in the order in which they
 * began; a block that is never ended ends with the next or with the message; text without a block opens one. After `finish` or `fail`
 * nothing more comes.
 */
export interface ReplyReading {
  message(message: JsonObject): void;
  start(index: unknown, block: JsonObject): void;
  delta(index: unknown, delta: JsonObject): void;
  stop(index: unknown): void;
  ending(delta: JsonObject, usage: JsonObject): void;
  /** `clean`: the server said that this is the end. */
  finish(clean: boolean): void;
  fail(failure: Failure): void;
  over(): boolean;
  /** The stop reason was told: only the formal end is missing. */
  complete(): boolean;
  /** What is known since. */
  take(): ReplyEvent[];
}

export function readEvents({ ids, maker, model }: OpenContext): ReplyReading {
  let out: ReplyEvent[] = [];
  const figures: Figures = {};
  const blocks = new Map<unknown, Block>();
  /** The blocks that are not over, the one being told first. */
  const queue = createQueue<Block>();
  /** The last one that began, where it is no call. */
  let said: Block | undefined;
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
      model: stringOf(message.model) ?? model,
      ...(usage.input === undefined ? {} : { usage }),
    });
  };

  /** Tells now what belongs to the first block, holds what belongs to a later one. */
  const say = (block: Block, event: ReplyEvent): void => {
    if (queue.first() === block) out.push(event);
    else block.held.push(event);
  };

  const end = (block: Block): void => {
    if (block.ended) return;
    block.ended = true;
    for (const event of endOf(block, maker)) say(block, event);
    while (queue.first()?.ended === true) {
      queue.shift();
      const next = queue.first();
      if (next !== undefined) append(out, next.held.splice(0));
    }
  };

  const open = (index: unknown, start: JsonObject): Block => {
    const block = blockOf(start);
    const before = blocks.get(index);
    if (before !== undefined) end(before);
    // Text is over when something else begins, said or not; calls may really overlap.
    if (said !== undefined) end(said);
    said = block.kind === "tool" ? undefined : block;
    blocks.set(index, block);
    queue.push(block);
    if (block.kind === "tool") called = true;
    for (const event of startOf(block, ids)) say(block, event);
    return block;
  };

  /** The block that takes a delta of this kind: the one named, or a new one where that is of another kind or over. */
  const blockFor = (index: unknown, kind: "text" | "thinking"): Block => {
    const block = blocks.get(index);
    return block?.kind === kind && !block.ended ? block : open(index, { type: kind });
  };

  const addText = (index: unknown, kind: "text" | "thinking", text: unknown): void => {
    if (typeof text === "string" && text !== "") say(blockFor(index, kind), { type: `${kind}-delta`, text });
  };

  const addArguments = (block: Block | undefined, json: unknown): void => {
    if (block === undefined || block.ended || typeof json !== "string" || json === "") return;
    if (block.kind === "whole") block.input.push(json);
    if (block.kind !== "tool") return;
    block.delivered = true;
    say(block, { type: "tool-delta", json });
  };

  /** What is held stands behind an unfinished call, which must not look complete, and is given up. */
  const fail = (failure: Failure): void => {
    if (over) return;
    over = true;
    out.push({ type: "failure", failure });
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
        // Citations and what is yet to come.
      }
    },
    stop(index) {
      const block = blocks.get(index);
      if (block !== undefined) end(block);
    },
    ending(delta, usage) {
      told = { ...told, ...Object.fromEntries(Object.entries(delta).filter(([, value]) => value !== null)) };
      readFigures(figures, usage);
      begin({});
    },
    finish(clean) {
      if (over) return;
      if (!clean && told.stop_reason === undefined)
        return fail({ kind: "cut-off", origin: "provider", message: "the stream ended before the reply was complete" });
      over = true;
      begin({});
      for (const block of queue.all()) end(block);
      out.push({ type: "reply-end", stop: readStop(told, called), usage: usageOf(figures) });
    },
    fail,
    over: () => over,
    complete: () => told.stop_reason !== undefined,
    take() {
      const taken = out;
      out = [];
      return taken;
    },
  };
}
