import { isObject, type JsonObject, listOf, objectOf, pieceOf, textOf } from "../json.ts";
import { createToldText, type ToldText } from "../told-text.ts";
import type { Ending } from "./finish.ts";
import { reasoningText } from "./reasoning.ts";

/** What a reply has by the end of a chunk: text or a call, thoughts at most, or nothing, after a first chunk that says nothing. */
type SoFar = "answer" | "thoughts" | "nothing";

interface Finished {
  readonly state: "finished";
  readonly ending: Ending;
  readonly after: SoFar;
  /** What came with the reason. */
  readonly delta: JsonObject;
}

/**
 * Where a reply stands by the reasons to finish that its server gives:
 *
 * | state    | reasons                       | what comes next                            | it ends by                             |
 * | -------- | ----------------------------- | ------------------------------------------ | -------------------------------------- |
 * | open     | none yet                      | is of it; with a reason: finished          | an empty one on the last chunk, if any |
 * | finished | one, which counts             | is no more of it, unless it goes on: early | that one                               |
 * | early    | with chunks that are not last | is of it                                   | the last, if nothing was said since    |
 *
 * Early are those of Open WebUI, with each chunk that says nothing, the first of a model that thinks among them (open-webui/open-webui#23921),
 * and of gcli2api, with every chunk (su-kaka/gcli2api#403).
 */
type State = Finished | { readonly state: "open" | "early"; readonly ending: Ending | undefined };

/** What an empty reason says. */
const end: Ending = { stop: "end" };

export function followEnd() {
  let now: State = { state: "open", ending: undefined };
  /** The last chunk has an empty reason, and says nothing. */
  let isBlank = false;
  /** All text that has come. */
  const said = createToldText();
  return {
    /** Whether a delta is of the reply. */
    admits(delta: JsonObject | undefined): boolean {
      if (now.state !== "finished") return true;
      if (delta === undefined || !goesOn(now, delta, said)) return false;
      now = { state: "early", ending: undefined };
      return true;
    },
    /** What was admitted, with its reason; one that is empty ("blank") counts on the last chunk alone. */
    take(delta: JsonObject = {}, reason: Ending | "blank" | undefined, after: SoFar): void {
      said.add(pieceOf(delta.content) ?? "");
      isBlank = reason === "blank";
      const ending = reason === "blank" ? undefined : reason;
      if (now.state === "early") {
        if (ending !== undefined || speaks(delta)) now = { state: "early", ending };
      } else if (ending !== undefined) now = { state: "finished", ending, after, delta };
    },
    /** What the reply had when a reason came that ends it; undefined where none has. */
    finishedAfter: () => (now.state === "finished" ? now.after : undefined),
    /** How the reply ends, as far as the server has said it. */
    ending: (): Ending | undefined => now.ending ?? (isBlank ? end : undefined),
  };
}

/**
 * Whether a delta behind a reason to finish goes on with the reply. Behind text that ended by a chunk of its own only a call does; and what has
 * been said, the last chunk of it or all, may only be said once more.
 */
function goesOn({ ending, after, delta: last }: Finished, delta: JsonObject, said: ToldText): boolean {
  if (!["end", "tool-use", "stop-sequence"].includes(ending.stop) || !speaks(delta)) return false;
  if (after !== "answer" || hasCall(delta)) return true;
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
