import type { Part } from "../parts-in-order.ts";
import { type CallArguments, createArguments } from "./call-arguments.ts";

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
  readonly arguments: CallArguments;
  /** "placed": among the parts of the reply, where it may wait for those before it. "told": its beginning is out. */
  place: "none" | "placed" | "told";
}

export function newCall(index: number | undefined, word: string): Call {
  return { kind: "tool", index, held: [], ended: false, name: "", word, arguments: createArguments(), place: "none" };
}
