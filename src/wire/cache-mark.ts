import type { CacheMark } from "../model/request.ts";
import { isObject, type JsonObject, stringOf } from "./json.ts";

/** One object for the many parts that have no mark. */
const uncached: { cache?: CacheMark } = {};

/**
 * The mark on a block of a Messages request; clients of OpenAI's wires set the same for Claude, as OpenRouter has it, or OpenAI's own, whose
 * lifetime stands in another field and is not Claude's.
 */
export function cached(block: JsonObject): { cache?: CacheMark } {
  if (isObject(block.cache_control)) {
    const ttl = stringOf(block.cache_control.ttl);
    return { cache: ttl === undefined ? {} : { ttl } };
  }
  return isObject(block.prompt_cache_breakpoint) ? { cache: {} } : uncached;
}

/** A mark on the whole message is one on its last part, where that has none of its own. */
export function markLast<Part extends { readonly cache?: CacheMark }>(parts: Part[], message: JsonObject): Part[] {
  const last = parts.at(-1);
  const mark = cached(message);
  return last === undefined || mark.cache === undefined ? parts : [...parts.slice(0, -1), { ...mark, ...last }];
}
