import { followJson, type JsonProgress } from "./json-progress.ts";

/** A call of a reply while it comes. */
export interface Call {
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
  state: "new" | "waiting" | "open" | "over";
  /** All fragments but a held `{}`, in order; the first `told` of them are out. */
  readonly pieces: string[];
  /** How long they are together. */
  length: number;
  /** A fragment began with all those before it. */
  repeats: boolean;
  told: number;
  readonly json: JsonProgress;
}

export function newCall(): Call {
  return {
    name: "",
    known: false,
    begun: false,
    empty: false,
    state: "new",
    pieces: [],
    length: 0,
    repeats: false,
    told: 0,
    json: followJson(),
  };
}

/**
 * Some servers (Baidu's, for DeepSeek) send all arguments so far in each chunk. JSON with a quote in it goes on with itself only where a
 * value may begin (`{"a":` and `{"a":1}}`): there such a chunk is new, unless one before it was none.
 */
export function newIn(call: Call, fragment: string): string {
  const { pieces, length } = call;
  if (length < 2 || fragment.length < length || !fragment.startsWith("{")) return fragment;
  const before = pieces.join("");
  if (!before.includes('"') || !fragment.startsWith(before)) return fragment;
  call.repeats ||= !/[:,[]/.test(before.trimEnd().at(-1) ?? "");
  return call.repeats ? fragment.slice(length) : fragment;
}
