import type { Own } from "../../model/opaque.ts";
import { isObject, type JsonObject } from "../json.ts";
import { ownOf, withOwn } from "../own-fields.ts";

/** The fields of the blocks that have a part of the language. */
const ofBlock = new Set([
  ...["type", "text", "source", "title", "context", "cache_control"],
  ...["id", "name", "input", "tool_use_id", "content", "is_error"],
]);
const ofMark = new Set(["type", "ttl"]);

/** What a block says that only this wire can: its citations, whose code called a tool (`caller`), whom a cache mark is for (`scope`). */
export function ownOfBlock(block: JsonObject): { own?: Own } {
  const own = ownOf("messages", block, ofBlock);
  const { cache_control: mark } = block;
  const isKnown = !isObject(mark) || Object.keys(mark).every((name) => ofMark.has(name));
  return isKnown ? own : withOwn(own, "messages", { cache_control: mark });
}

const figures = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens"].map((name) => `usage.${name}`);
const ofUsage = ["usage.", ...figures, "usage.output_tokens_details"];
const stop = ["stop_reason", "stop_sequence"];
const ofMessage = new Set(["id", "type", "role", "model", "content", ...stop, "stop_details", ...ofUsage]);
const ofEnd = new Set(["type", "delta.", ...stop.map((name) => `delta.${name}`), ...ofUsage]);

/** What a message says of itself, at its start or whole: which tier serves it, how long its prompt is cached, in which container its code runs. */
export const ownOfStart = (message: JsonObject): { own?: Own } => ownOf("messages", message, ofMessage);

/**
 * The same of the end of a stream, of which a part is `delta`: the container, how much was searched for, what was taken out of the prompt, and
 * beside why the model declined what another may go on with (`fallback_credit_token`, without which Anthropic's SDKs do not ask their next one).
 */
export const ownOfEnd = (ending: JsonObject): { own?: Own } => ownOf("messages", ending, ofEnd);
