import type { Failure } from "./failure.ts";
import type { Opaque, Own, Seal } from "./opaque.ts";

/**
 * One event of a reply. Every stage keeps this grammar:
 *
 *     reply-start (start delta* end | opaque)* reply-end
 *
 * One part is open at a time. A failure may come anywhere and is the last event; `logprobs` and `own` may come anywhere between start and end.
 * `own` of the start and the end is what only one wire says of the whole reply, as far as it was known then.
 */
export type ReplyEvent =
  | { readonly type: "reply-start"; readonly id: string; readonly usage?: Usage; readonly own?: Own }
  | { readonly type: "text-start" }
  | { readonly type: "text-delta"; readonly text: string }
  | { readonly type: "text-end" }
  | { readonly type: "thinking-start" }
  | { readonly type: "thinking-delta"; readonly text: string }
  | { readonly type: "thinking-end"; readonly seal?: Seal }
  /** `id`: as the server gave it, which may be none, or another call's too; the client gets one of its own for each. */
  | { readonly type: "tool-start"; readonly id: string; readonly name: string; readonly own?: Own }
  | { readonly type: "tool-delta"; readonly json: string }
  | { readonly type: "tool-end" }
  | { readonly type: "opaque"; readonly part: Opaque }
  | { readonly type: "logprobs"; readonly tokens: readonly TokenLogprob[] }
  /** What only one wire says of the text that is open, or that comes next where a mend holds it back: its citations. */
  | { readonly type: "own"; readonly own: Own }
  | { readonly type: "reply-end"; readonly stop: Stop; readonly usage: Usage; readonly own?: Own }
  | { readonly type: "failure"; readonly failure: Failure };

export type Stop =
  | { readonly reason: "end" | "tool-use" | "max-output" | "window-full" | "pause" }
  | { readonly reason: "stop-sequence"; readonly sequence?: string }
  | {
      readonly reason: "refusal";
      readonly explanation?: string;
      readonly category?: string;
      /** The model itself declined, in the explanation, which is its whole answer: no filter cut it off. */
      readonly declined?: true;
    };

/** The reply was cut off by a limit or a filter. Its last part may be incomplete, and an incomplete call must not be completed. */
export function isCut(reason: Stop["reason"]): boolean {
  return reason === "max-output" || reason === "window-full" || reason === "refusal";
}

/** How likely a token was; the fields are named as on both of OpenAI's wires. */
export interface Logprob {
  readonly token: string;
  readonly logprob: number;
  /** The token in UTF-8. */
  readonly bytes: readonly number[];
}

/** A token that was written, with the likeliest alternatives to it. */
export interface TokenLogprob extends Logprob {
  readonly top_logprobs: readonly Logprob[];
}

/** Tokens. A figure that is not known is absent, never zero. */
export interface Usage {
  /** The whole prompt, including what was read from the cache or written to it. */
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** The whole output, including reasoning. */
  readonly output?: number;
  readonly reasoning?: number;
  /** fcc's estimate, not the provider's count. */
  readonly estimated?: true;
}

/** The same while a reply comes: what is said later counts. */
export type UsageSoFar = { -readonly [Key in keyof Usage]: Usage[Key] };
