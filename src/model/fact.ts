import type { Usage } from "./event.ts";
import type { Failure } from "./failure.ts";

/** Something that happened, for whoever watches: the summary after a session, the trace. Times are milliseconds since the epoch, with fractions. */
export type Fact =
  | {
      readonly type: "request";
      readonly id: string;
      readonly at: number;
      readonly endpoint: string;
      readonly model: string;
      readonly stream: boolean;
      readonly bytes: number;
      /** Only for a trace that asked for bodies. */
      readonly body?: () => string;
    }
  | {
      readonly type: "attempt";
      readonly id: string;
      readonly at: number;
      readonly target: string;
      readonly url: string;
      readonly wire: string;
      /** true: bytes pass, untouched where there is no obstacle, else but for the fields that it is about. */
      readonly native: boolean;
      /** Why they do not pass as they are, where the wire is the client's own. */
      readonly obstacle?: string;
      readonly body?: () => string;
    }
  /** What a server sent, as it came; only for a trace that asked for bodies. */
  | {
      readonly type: "reply";
      readonly id: string;
      readonly at: number;
      readonly target: string;
      readonly status: number;
      readonly body: () => string;
    }
  /** The model's first output. */
  | { readonly type: "first-token"; readonly id: string; readonly at: number }
  | { readonly type: "failed"; readonly id: string; readonly at: number; readonly target?: string; readonly failure: Failure }
  /** Another attempt follows: with another key, at another target, or in another form. */
  | { readonly type: "alternative"; readonly id: string; readonly at: number; readonly target: string; readonly why: string }
  /** Something that a person should know, once: an image was left out, a tool cannot be run. */
  | { readonly type: "notice"; readonly id: string; readonly at: number; readonly text: string }
  | { readonly type: "answered"; readonly id: string; readonly at: number; readonly status: number; readonly usage?: Usage }
  | { readonly type: "gone"; readonly id: string; readonly at: number };

export type Sink = (fact: Fact) => void;
