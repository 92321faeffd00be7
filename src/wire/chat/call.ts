import type { Part } from "../parts-in-order.ts";
import { followJson, type JsonProgress } from "./json-progress.ts";

/** A call of a reply while it comes. */
export interface Call extends Part {
  readonly kind: "tool";
  /** As the provider gave it. */
  id?: string;
  name: string;
  /** The name is one of the request's tools, so that nothing more of it will come. */
  known: boolean;
  /** Gemini's thought signature. */
  signature?: string;
  /** Some arguments came. */
  begun: boolean;
  /** Exactly `{}` came, and is held. */
  empty: boolean;
  /** It has its place among the parts of the reply. */
  opened: boolean;
  /** Its beginning is out. */
  told: boolean;
  /** The output limit came before its arguments were whole: it is told without any, or not at all. */
  cut: boolean;
  /** All fragments but a held `{}`, in order. */
  readonly pieces: string[];
  /** How long they are together. */
  length: number;
  /** A fragment began with all those before it. */
  repeats: boolean;
  readonly json: JsonProgress;
}

export function newCall(): Call {
  return {
    kind: "tool",
    held: [],
    ended: false,
    name: "",
    known: false,
    begun: false,
    empty: false,
    opened: false,
    told: false,
    cut: false,
    pieces: [],
    length: 0,
    repeats: false,
    json: followJson(),
  };
}

/** What a fragment adds to the arguments that came. Exactly `{}` is held, since some servers send it before the real ones. */
export function addedBy(call: Call, fragment: string): string {
  if (call.pieces.length > 0) return newIn(call, fragment);
  const trimmed = fragment.trim();
  if (trimmed === "") return "";
  call.begun = true;
  const before = call.empty && !trimmed.startsWith("{") ? "{}" : "";
  call.empty = trimmed === "{}";
  return call.empty ? "" : before + fragment;
}

/**
 * Some servers (Baidu's, for DeepSeek) send all arguments so far in each chunk. JSON with a quote in it goes on with itself only where a
 * value may begin (`{"a":` and `{"a":1}}`): there such a chunk is new, unless one before it was none.
 */
function newIn(call: Call, fragment: string): string {
  const { pieces, length } = call;
  if (length < 2 || fragment.length < length || !fragment.startsWith("{")) return fragment;
  const before = pieces.join("");
  if (!before.includes('"') || !fragment.startsWith(before)) return fragment;
  call.repeats ||= !/[:,[]/.test(before.trimEnd().at(-1) ?? "");
  return call.repeats ? fragment.slice(length) : fragment;
}
