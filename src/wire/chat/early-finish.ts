import { isObject, type JsonObject, listOf, objectOf, pieceOf, textOf } from "../json.ts";
import type { ToldText } from "../told-text.ts";
import type { Ending } from "./finish.ts";
import { reasoningText } from "./reasoning.ts";

// Some servers give a reason to finish with chunks that are not the last: Open WebUI with each that says nothing, the first of a model that thinks
// among them (open-webui/open-webui#23921), gcli2api with every one (su-kaka/gcli2api#403).

/** A reason to finish, and the chunk that it came with. */
export interface Finish {
  readonly ending: Ending;
  readonly delta: JsonObject;
  /** It is the reply's first, and says nothing. */
  readonly isFirst: boolean;
  /** Until then, this chunk included, the reply had neither text nor a call. */
  readonly isBare: boolean;
}

/**
 * Whether a delta behind a reason to finish goes on with the reply. Behind text that ended by a chunk of its own only a call does; and what has
 * been said, the last chunk of it or all, may only be said once more.
 *
 * @param said all text that has come
 */
export function goesOn({ ending, delta: last, isBare }: Finish, delta: JsonObject, said: ToldText): boolean {
  if (!["end", "tool-use", "stop-sequence"].includes(ending.stop) || !speaks(delta)) return false;
  if (isBare || hasCall(delta)) return true;
  const text = pieceOf(delta.content) ?? "";
  const isAll = text !== "" && text.length === said.length && said.isStartOf(text);
  return speaks(last) && !isAll && JSON.stringify(last) !== JSON.stringify(delta);
}

/** Whether a delta says something that a client is told. */
export function speaks(delta: JsonObject): boolean {
  const { content, refusal } = delta;
  const text = pieceOf(content) ?? textOf(refusal) ?? textOf(reasoningText(delta));
  return text !== undefined || isObject(content) || listOf(content).length > 0 || hasCall(delta);
}

function hasCall({ tool_calls: calls, function_call: old }: JsonObject): boolean {
  const all = [...(Array.isArray(calls) ? calls : [calls]).map((call) => objectOf(objectOf(call).function)), objectOf(old)];
  return all.some((call) => textOf(call.name) !== undefined || textOf(call.arguments) !== undefined);
}
