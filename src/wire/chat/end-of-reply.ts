import { isObject, type JsonObject, listOf, objectOf, pieceOf, textOf } from "../json.ts";
import { createToldText, type ToldText } from "../told-text.ts";
import type { Ending } from "./finish.ts";
import { reasoningText } from "./reasoning.ts";

/** The reason of one chunk. */
interface Reason {
  readonly ending: Ending | undefined;
  /** It is there, and empty, on a chunk that says nothing. */
  readonly isBlank: boolean;
  /** It is with the reply's first chunk, which says nothing. */
  readonly isFirst: boolean;
  /** Until then, this chunk included, the reply had neither text nor a call. */
  readonly isBare: boolean;
}

interface Finish extends Reason {
  readonly ending: Ending;
  readonly delta: JsonObject;
}

/**
 * Follows the reasons to finish that a server gives. Some come with chunks that are not the last: Open WebUI's with each that says nothing, the
 * first of a model that thinks among them (open-webui/open-webui#23921), gcli2api's with every one (su-kaka/gcli2api#403).
 */
export function followEnd() {
  let last: Finish | undefined;
  let wasEarly = false;
  let isBlank = false;
  /** All text that has come. */
  const said = createToldText();
  /** A reason has come that is the end: what follows is not of the reply. */
  const reached = (): Finish | undefined => (wasEarly ? undefined : last);
  return {
    /** Whether a delta may be of the reply. Where it goes on behind a reason to finish, no reason is its end any more: only the server's own is. */
    admits(delta: JsonObject | undefined): boolean {
      const finish = reached();
      if (finish === undefined) return true;
      wasEarly = delta !== undefined && goesOn(finish, delta, said);
      return wasEarly;
    },
    /** What was admitted, with the reason that it came with. */
    take(delta: JsonObject = {}, reason: Reason): void {
      const { ending } = reason;
      said.add(pieceOf(delta.content) ?? "");
      isBlank = reason.isBlank;
      if (ending !== undefined) last = { ...reason, ending, delta };
      else if (speaks(delta)) last = undefined;
    },
    reached,
    /** How the reply ends, as far as the server has said it; a reason that is empty says so too, on the last chunk. */
    ending: (): Ending | undefined => last?.ending ?? (isBlank ? { stop: "end" } : undefined),
  };
}

/**
 * Whether a delta behind a reason to finish goes on with the reply. Behind text that ended by a chunk of its own only a call does; and what has
 * been said, the last chunk of it or all, may only be said once more.
 */
function goesOn({ ending, delta: last, isBare }: Finish, delta: JsonObject, said: ToldText): boolean {
  if (!["end", "tool-use", "stop-sequence"].includes(ending.stop) || !speaks(delta)) return false;
  if (isBare || hasCall(delta)) return true;
  const text = pieceOf(delta.content) ?? "";
  const isAll = text !== "" && text.length === said.length && said.isStartOf(text);
  return speaks(last) && !isAll && JSON.stringify(last) !== JSON.stringify(delta);
}

/** Whether a delta says something that a client is told. */
function speaks(delta: JsonObject): boolean {
  const { content, refusal } = delta;
  const text = pieceOf(content) ?? textOf(refusal) ?? textOf(reasoningText(delta));
  return text !== undefined || isObject(content) || listOf(content).length > 0 || hasCall(delta);
}

function hasCall({ tool_calls: calls, function_call: old }: JsonObject): boolean {
  const all = [...(Array.isArray(calls) ? calls : [calls]).map((call) => objectOf(objectOf(call).function)), objectOf(old)];
  return all.some((call) => textOf(call.name) !== undefined || textOf(call.arguments) !== undefined);
}
