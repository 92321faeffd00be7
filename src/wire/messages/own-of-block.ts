import type { Own } from "../../model/opaque.ts";
import { isObject, type JsonObject } from "../json.ts";
import { ownOf, withOwn } from "../own-fields.ts";

/** The fields of the blocks that have a part of the language. */
const common = new Set([
  ...["type", "text", "source", "title", "context", "cache_control"],
  ...["id", "name", "input", "tool_use_id", "content", "is_error"],
]);
const ofMark = new Set(["type", "ttl"]);

/** What a block says that only this wire can: its citations, whose code called a tool (`caller`), whom a cache mark is for (`scope`). */
export function ownOfBlock(block: JsonObject): { own?: Own } {
  const own = ownOf("messages", block, common);
  const { cache_control: mark } = block;
  const isKnown = !isObject(mark) || Object.keys(mark).every((name) => ofMark.has(name));
  return isKnown ? own : withOwn(own, "messages", { cache_control: mark });
}
