import { defined } from "../../model/defined.ts";
import type { ReplyEvent } from "../../model/event.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Seal, Search } from "../../model/opaque.ts";
import { type JsonObject, listOf, parseJson, stringOf, textOf } from "../json.ts";
import type { Part } from "../parts-in-order.ts";
import { textOfBlock } from "./opaque-text.ts";
import { ownOfBlock } from "./own-fields.ts";
import { sealOfRedacted } from "./seal.ts";

type Kind = "text" | "thinking" | "tool" | "whole" | "nothing";

/** A block of a reply that is being received. */
export interface Block extends Part {
  readonly kind: Kind;
  start: JsonObject;
  signature: string | undefined;
  /** Arguments came in deltas. */
  delivered: boolean;
  /** The pieces of the input, for a tool that the provider runs. */
  readonly input: string[];
}

export function blockOf(start: JsonObject): Block {
  return { kind: kindOf(start), start, held: [], signature: undefined, delivered: false, input: [], ended: false };
}

/** The events for a block's beginning. */
export function startOf({ kind, start }: Block): ReplyEvent[] {
  switch (kind) {
    case "text":
      return [{ type: "text-start" }, ...said("text-delta", start.text), ...listOf(start.citations).map(cited)];
    case "thinking":
      return [{ type: "thinking-start" }, ...said("thinking-delta", start.thinking)];
    case "tool":
      return [{ type: "tool-start", id: stringOf(start.id) ?? "", name: stringOf(start.name) ?? "", ...ownOfBlock(start) }];
    case "whole":
    case "nothing":
      return [];
  }
}

/** The events for a block's end. `searchIn`: the search that a block tells of. */
export function endOf(block: Block, maker: string, searchIn: (block: JsonObject) => Search | undefined): ReplyEvent[] {
  switch (block.kind) {
    case "text":
      return [{ type: "text-end" }];
    case "thinking":
      return [{ type: "thinking-end", seal: sealOf(block, maker) }];
    case "tool": {
      if (block.delivered) return [{ type: "tool-end" }];
      const { input } = block.start;
      // Whole arguments in the start (vLLM among others), in any form, or none at all.
      const json = textOf(input) ?? stringifyExactly(input || {});
      return [{ type: "tool-delta", json }, { type: "tool-end" }];
    }
    case "whole":
      return [wholeBlock(block, searchIn)];
    case "nothing":
      return [];
  }
}

/** Reasoning always gets a seal, an empty one from a server that does not sign: it says whose reasoning it is, so that it may be sent back. */
function sealOf({ start, signature }: Block, maker: string): Seal {
  return start.type === "redacted_thinking"
    ? { ...sealOfRedacted(start.data), maker }
    : { wire: "messages", maker, value: signature ?? stringOf(start.signature) ?? "" };
}

/** A block without a type, or a call without a tool's name, is of no use to a client. */
function kindOf({ type, name }: JsonObject): Kind {
  if (type === "text") return "text";
  if (type === "thinking" || type === "redacted_thinking") return "thinking";
  if (typeof type !== "string" || type === "") return "nothing";
  if (type !== "tool_use") return "whole";
  return typeof name === "string" && name !== "" ? "tool" : "nothing";
}

/** What a text cites: for a client of this wire, which shows it. */
export const cited = (citation: unknown): ReplyEvent => ({ type: "own", own: { wire: "messages", fields: { citations: [citation] } } });

function said(type: "text-delta" | "thinking-delta", text: unknown): ReplyEvent[] {
  return typeof text === "string" && text !== "" ? [{ type, text }] : [];
}

/** A block that only this wire has, with the input that came in deltas. */
function wholeBlock({ start, input }: Block, searchIn: (block: JsonObject) => Search | undefined): ReplyEvent {
  const value = input.length === 0 ? start : { ...start, input: parseJson(input.join("")) ?? input.join("") };
  // What a search was for and found is said once more in the answer's own words.
  const text = value.type === "server_tool_use" || value.type === "web_search_tool_result" ? undefined : textOfBlock(value);
  return { type: "opaque", part: { wire: "messages", value, ...defined({ text, search: searchIn(value) }) } };
}
