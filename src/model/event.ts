import type { Failure } from "./failure.ts";
import type { Opaque, Seal } from "./opaque.ts";

/**
 * A reply as it comes. The grammar, which the stages keep by their construction:
 *
 *     reply-start (start delta* end | opaque)* reply-end
 *
 * One part is open at a time. A failure may come anywhere and is last; what is told of tokens may come anywhere in between.
 */
export type ReplyEvent =
  | { readonly type: "reply-start"; readonly id: string; readonly usage?: Usage }
  | { readonly type: "text-start" }
  | { readonly type: "text-delta"; readonly text: string }
  | { readonly type: "text-end" }
  | { readonly type: "thinking-start" }
  | { readonly type: "thinking-delta"; readonly text: string }
  | { readonly type: "thinking-end"; readonly seal?: Seal }
  | { readonly type: "tool-start"; readonly id: string; readonly name: string }
  | { readonly type: "tool-delta"; readonly json: string }
  | { readonly type: "tool-end" }
  | { readonly type: "opaque"; readonly part: Opaque }
  | { readonly type: "logprobs"; readonly tokens: readonly TokenLogprob[] }
  | { readonly type: "reply-end"; readonly stop: Stop; readonly usage: Usage }
  | { readonly type: "failure"; readonly failure: Failure };

export type Stop =
  | { readonly reason: "end" | "tool-use" | "max-output" | "window-full" | "pause" }
  | { readonly reason: "stop-sequence"; readonly sequence?: string }
  | {
      readonly reason: "refusal";
      readonly explanation?: string;
      readonly category?: string;
      /** The explanation is the model's whole answer: no filter broke it off. */
      readonly declined?: true;
    };

/** The reply was broken off, by a limit or by a filter: its last part may lack its end, so no call that is not whole may be made so. */
export function isCut(reason: Stop["reason"]): boolean {
  return reason === "max-output" || reason === "window-full" || reason === "refusal";
}

/** How likely a token was, in the words of both of OpenAI's wires. */
export interface Logprob {
  readonly token: string;
  readonly logprob: number;
  /** Of its UTF-8. */
  readonly bytes: readonly number[];
}

/** The same of a token that was written, with the likeliest ones in its place. */
export interface TokenLogprob extends Logprob {
  readonly top_logprobs: readonly Logprob[];
}

/** Tokens. A figure that nobody gave is absent, never zero. */
export interface Usage {
  /** The whole prompt: what was read from the cache and written to it included. */
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** The whole output: reasoning included. */
  readonly output?: number;
  readonly reasoning?: number;
  /** Our own estimate, not the provider's count. */
  readonly estimated?: true;
}
