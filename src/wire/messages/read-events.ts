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
 * began; a block that is never ended ends with the next or with the message; text without a block opens one. Each method returns what
 * is known by it. After `finish` or `fail` nothing more comes.
 */
export interface ReplyReading {
  message(message: JsonObject): ReplyEvent[];
  start(index: unknown, block: JsonObject): ReplyEvent[];
  delta(index: unknown, delta: JsonObject): ReplyEvent[];
  stop(index: unknown): ReplyEvent[];
  ending(delta: JsonObject, usage: JsonObject): ReplyEvent[];
  /** `clean`: the server said that this is the end. */
  finish(clean: boolean): ReplyEvent[];
  fail(failure: Failure): ReplyEvent[];
  over(): boolean;
  /** The stop reason was told: only the formal end is missing. */
  complete(): boolean;
}

export function readEvents({ ids, maker, model }: OpenContext): ReplyReading {
  const figures: Figures = {};
  const blocks = new Map<unknown, Block>();
  /** The blocks that are not over, the one being told first. */
  let queue = createQueue<Block>();
  /** The last one that began, where it is no call. */
  let said: Block | undefined;
  let started = false;
  let over = false;
  let called = false;
  let told: JsonObject = {};

  const begin = (message: JsonObject): ReplyEvent[] => {
    if (started) return [];
    started = true;
    readFigures(figures, objectOf(message.usage));
    const usage = usageOf(figures);
    return [
      {
        type: "reply-start",
        id: stringOf(message.id) ?? ids.next("msg_"),
        model: stringOf(message.model) ?? model,
        ...(usage.input === undefined ? {} : { usage }),
      },
    ];
  };

  /** Tells now what belongs to the first block, holds what belongs to a later one. */
  const say = (block: Block, event: ReplyEvent): ReplyEvent[] => {
    if (queue.first() === block) return [event];
    block.held.push(event);
    return [];
  };

  const end = (block: Block): ReplyEvent[] => {
    if (block.ended) return [];
    block.ended = true;
    const out = endOf(block, maker).flatMap((event) => say(block, event));
    while (queue.first()?.ended === true) {
      queue.shift();
      const next = queue.first();
      if (next !== undefined) append(out, next.held.splice(0));
    }
    return out;
  };

  const open = (index: unknown, start: JsonObject): ReplyEvent[] => {
    const block = blockOf(start);
    const out: ReplyEvent[] = [];
    const before = blocks.get(index);
    if (before !== undefined) append(out, end(before));
    // Text is over when something else begins, said or not; calls may really overlap.
    if (said !== undefined) append(out, end(said));
    said = block.kind === "tool" ? undefined : block;
    blocks.set(index, block);
    queue.push(block);
    if (block.kind === "tool") called = true;
    for (const event of startOf(block, ids)) append(out, say(block, event));
    return out;
  };

  /** The block that takes a delta of this kind: the one named, or a new one where that is of another kind or over. */
  const blockFor = (index: unknown, kind: "text" | "thinking", out: ReplyEvent[]): Block | undefined => {
    const block = blocks.get(index);
    if (block?.kind === kind && !block.ended) return block;
    append(out, open(index, { type: kind }));
    return blocks.get(index);
  };

  return {
    message: begin,
    start(index, block) {
      return [...begin({}), ...open(index, block)];
    },
    delta(index, delta) {
      const out = started ? [] : begin({});
      const named = blocks.get(index);
      switch (delta.type) {
        case "text_delta":
        case "thinking_delta": {
          const text = delta.type === "text_delta" ? delta.text : delta.thinking;
          if (typeof text !== "string" || text === "") return out;
          const kind = delta.type === "text_delta" ? "text" : "thinking";
          const block = blockFor(index, kind, out);
          if (block !== undefined)
            append(out, say(block, kind === "text" ? { type: "text-delta", text } : { type: "thinking-delta", text }));
          return out;
        }
        case "input_json_delta": {
          const json = delta.partial_json;
          if (typeof json !== "string" || json === "" || named === undefined || named.ended) return out;
          if (named.kind === "whole") named.input.push(json);
          if (named.kind !== "tool") return out;
          named.delivered = true;
          append(out, say(named, { type: "tool-delta", json }));
          return out;
        }
        case "signature_delta":
          if (named?.kind === "thinking" && typeof delta.signature === "string") named.signature = delta.signature;
          return out;
        case "compaction_delta": {
          const { content, encrypted_content = null } = delta;
          if (named?.kind === "whole") named.start = { ...named.start, content, encrypted_content };
          return out;
        }
        default:
          // Citations and what is yet to come.
          return out;
      }
    },
    stop(index) {
      const block = blocks.get(index);
      return block === undefined ? [] : end(block);
    },
    ending(delta, usage) {
      told = { ...told, ...Object.fromEntries(Object.entries(delta).filter(([, value]) => value !== null)) };
      readFigures(figures, usage);
      return begin({});
    },
    finish(clean) {
      if (over) return [];
      over = true;
      if (!clean && told.stop_reason === undefined) {
        const cut: Failure = { kind: "cut-off", origin: "provider", message: "the stream ended before the reply was complete" };
        return [...release(), { type: "failure", failure: cut }];
      }
      const out = [...begin({}), ...queue.all().flatMap(end)];
      out.push({ type: "reply-end", stop: readStop(told, called), usage: usageOf(figures) });
      return out;
    },
    fail(failure) {
      if (over) return [];
      over = true;
      return [...release(), { type: "failure", failure }];
    },
    over: () => over,
    complete: () => told.stop_reason !== undefined,
  };

  /** What is held goes out before a failure, unless an unfinished call stands before it: that must not look complete. */
  function release(): ReplyEvent[] {
    const first = queue.first();
    if (first === undefined || first.kind === "tool") return [];
    const out = queue.size > 1 ? end(first) : [];
    queue = createQueue();
    return out;
  }
}
