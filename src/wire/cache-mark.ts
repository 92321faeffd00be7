import type { CacheMark } from "../model/request.ts";
import { isObject, type JsonObject, stringOf } from "./json.ts";

/** One object for the many parts that have no mark. */
const uncached: { cache?: CacheMark } = {};

/** The mark on a block of a Messages request; clients of the chat wire set the same for Claude, as OpenRouter has it. */
export function cached(block: JsonObject): { cache?: CacheMark } {
  if (!isObject(block.cache_control)) return uncached;
  const ttl = stringOf(block.cache_control.ttl);
  return { cache: ttl === undefined ? {} : { ttl } };
}
