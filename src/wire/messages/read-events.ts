import type { ReplyEvent, UsageSoFar } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Failure } from "../../model/failure.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { OpenContext } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject, objectOf, stringOf, textOf } from "../json.ts";
import { withOwnOfReply } from "../own-fields.ts";
import { tellInOrder } from "../parts-in-order.ts";
import { ownOfEnd, ownOfStart } from "./own-fields.ts";
import { readSearches } from "./read-search.ts";
import { type Block, blockOf, cited, endOf, startOf } from "./reply-block.ts";
import { readStop } from "./stop.ts";
import { readFigures, usageOf } from "./usage.ts";

/**
 * Makes events of what any Messages server sends for one reply. What is not known is passed over, and nothing is read after the end. Blocks that
 * overlap are given one after another, in the order in which they began; a block without an end ends with the next one or with the message; a delta
 * without a block opens one.
 */
export function readEvents({ ids, maker }: OpenContext) {
  const out = createOutbox<ReplyEvent>();
  const figures: UsageSoFar = {};
  const blocks = new Map<unknown, Block>();
  const searchIn = readSearches();
  const parts = tellInOrder<Block>(out.put, startOf, (block) => endOf(block, maker, searchIn));
  let state: "before" | "open" | "over" = "before";
  let called = false;
  let told: JsonObject = {};
  /** All that the end says. */
  let ending: JsonObject = {};

  const start = (message: JsonObject): void => {
    if (state !== "before") return;
    state = "open";
    readFigures(figures, objectOf(message.usage));
    const usage = usageOf(figures);
    out.put({
      type: "reply-start",
      id: stringOf(message.id) ?? ids.next("msg_"),
      ...(usage.input === undefined ? {} : { usage }),
      ...ownOfStart(message),
    });
  };

  const open = (index: unknown, given: JsonObject): Block => {
    const block = blockOf(given);
    const before = blocks.get(index);
    if (before !== undefined) parts.end(before);
    blocks.set(index, block);
    if (block.kind === "tool") called = true;
    parts.begin(block);
    return block;
  };

  /** Goes to the block with this index, or to a new one where that has ended or is of another kind. */
  const addText = (index: unknown, kind: "text" | "thinking", text: unknown): void => {
    if (typeof text !== "string" || text === "") return;
    const known = blocks.get(index);
    const block = known?.kind === kind && !known.ended ? known : open(index, { type: kind });
    parts.say(block, { type: `${kind}-delta`, text });
  };

  /** `given`: a piece of their JSON, or all of them as the object that they are. */
  const addArguments = (block: Block, given: unknown): void => {
    const json = isObject(given) ? stringifyExactly(given) : textOf(given);
    if (block.ended || json === undefined) return;
    if (block.kind === "whole") block.input.push(json);
    if (block.kind !== "tool") return;
    block.delivered = true;
    parts.say(block, { type: "tool-delta", json });
  };

  const readDelta = (index: unknown, delta: JsonObject): void => {
    const block = blocks.get(index);
    switch (delta.type) {
      case "text_delta":
        addText(index, "text", delta.text);
        break;
      case "thinking_delta":
        addText(index, "thinking", delta.thinking);
        break;
      case "input_json_delta":
        if (block !== undefined) addArguments(block, delta.partial_json);
        break;
      case "signature_delta":
        if (block?.kind === "thinking" && typeof delta.signature === "string") block.signature = delta.signature;
        break;
      case "citations_delta":
        if (block?.kind === "text" && !block.ended) parts.say(block, cited(delta.citation));
        break;
      case "compaction_delta": {
        const { content, encrypted_content = null } = delta;
        if (block?.kind === "whole") block.start = { ...block.start, content, encrypted_content };
      }
      // Types that are not known here are ignored.
    }
  };

  const readEnding = (event: JsonObject): void => {
    const { delta, usage } = event;
    ending = withOwnOfReply(event, ending);
    told = { ...told, ...Object.fromEntries(Object.entries(objectOf(delta)).filter(([, value]) => value !== null)) };
    readFigures(figures, objectOf(usage));
  };

  /** The stop reason has come: only the formal end is missing. */
  const finished = () => told.stop_reason !== undefined;
  /** The reply is over. */
  const over = (): readonly ReplyEvent[] => {
    if (state === "over") return [];
    start({});
    state = "over";
    parts.close();
    out.put({ type: "reply-end", stop: readStop(told, called), usage: usageOf(figures), ...ownOfEnd(ending) });
    return out.take();
  };
  /**
   * The stream broke off. Where only its formal end was missing, the reply still ends well; else what has been given stays. Parts that are held back
   * wait behind an unfinished call, which must not look complete, and are dropped.
   */
  const fail = (failure: Failure): readonly ReplyEvent[] => {
    if (state === "over") return [];
    if (finished()) return over();
    state = "over";
    out.put({ type: "failure", failure });
    return out.take();
  };

  return {
    /** `name`: the event's, which counts where its data have no type. */
    take(event: JsonObject, name?: string): readonly ReplyEvent[] {
      if (state === "over") return [];
      switch (stringOf(event.type) ?? name) {
        case "content_block_delta":
          start({});
          readDelta(event.index, objectOf(event.delta));
          break;
        case "message_start":
          start(objectOf(event.message));
          break;
        case "content_block_start":
          start({});
          open(event.index, objectOf(event.content_block));
          break;
        case "content_block_stop": {
          const block = blocks.get(event.index);
          if (block !== undefined) parts.end(block);
          break;
        }
        case "message_delta":
          readEnding(event);
          start({});
          break;
        case "message_stop":
          // Some servers give the last figures here.
          readEnding({ usage: event.usage });
          return over();
        case "error":
          return fail(readErrorInReply(event.error === undefined ? event : { error: event.error }));
        default:
          if (isObject(event.error)) return fail(readErrorInReply(event));
      }
      return out.take();
    },
    fail,
    finished,
    over,
  };
}
