import { followJson } from "../../model/json-end.ts";
import { parseJson } from "../json.ts";
import type { Part } from "../parts-in-order.ts";

/** A call of a reply while it comes. */
export interface Call extends Part {
  readonly kind: "tool";
  /** The one that its first fragment had: at the same another call may follow, with an id of its own. */
  readonly index: number | undefined;
  /** As the provider gave it. */
  id?: string;
  name: string;
  /** The last word of the text directly before it. */
  readonly word: string;
  /** Gemini's thought signature. */
  signature?: string;
  readonly arguments: ReturnType<typeof createArguments>;
  /** "placed": among the parts of the reply, where it may wait for those before it. "told": its beginning is out. */
  place: "none" | "placed" | "told";
  /** The output limit came before its arguments were written. */
  isCut: boolean;
}

export function newCall(index: number | undefined, word: string): Call {
  return { kind: "tool", index, held: [], ended: false, name: "", word, arguments: createArguments(), place: "none", isCut: false };
}

/** The arguments of a call while they come. */
function createArguments() {
  let text = "";
  /**
   * "placeholder": exactly `{}`, which is held, since some servers send it before the real ones. "complete": the brackets that were opened are
   * closed again, and what follows belongs to something else.
   */
  let state: "none" | "placeholder" | "open" | "complete" = "none";
  /** A fragment began with all those before it. */
  let repeats = false;
  /** These show of nearly all arguments that they are no string. The text shows it too, but V8 copies one that has grown when it is looked at. */
  let isQuoted = false;
  let last = "";
  const endIn = followJson();

  /** What goes on with a placeholder makes it arguments. */
  const firstOf = (fragment: string): string =>
    state === "placeholder" && !fragment.trimStart().startsWith("{") ? `{}${fragment}` : fragment;

  /**
   * Some servers (Baidu's, for DeepSeek) send all arguments so far in each chunk. JSON with a quote in it goes on with itself only where a
   * value may begin (`{"a":` and `{"a":1}}`): there such a chunk is new, unless one before it was none.
   */
  const newIn = (fragment: string): string => {
    if (text.length < 2 || fragment.length < text.length || !fragment.startsWith("{")) return fragment;
    if (!text.includes('"') || !fragment.startsWith(text)) return fragment;
    repeats ||= !/[:,[]/.test(text.trimEnd().at(-1) ?? "");
    return repeats ? fragment.slice(text.length) : fragment;
  };

  return {
    /** What a fragment adds to them. */
    add(fragment: string): string {
      const isFirst = text === "";
      if (isFirst && fragment.trim() === "") return "";
      if (isFirst && fragment.trim() === "{}") {
        state = "placeholder";
        return "";
      }
      const added = isFirst ? firstOf(fragment) : newIn(fragment);
      if (isFirst) isQuoted = added.startsWith('"');
      if (added !== "") last = added;
      text += added;
      if (state !== "complete") state = endIn(added) === undefined ? "open" : "complete";
      return added;
    },
    /** All that was added. */
    text: () => text,
    state: () => state,
    /** They were encoded twice: a whole JSON string, in which no bracket closes. */
    isString: () => isQuoted && endsString.test(last) && typeof parseJson(text) === "string",
  };
}

/** A quote that is not escaped, as far as one fragment shows it. */
const endsString = /(?<!\\)(?:\\\\)*"$/;
