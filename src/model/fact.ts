import type { Usage } from "./event.ts";
import type { Failure } from "./failure.ts";

/** Something that happens with a request. */
export type Happening =
  | {
      readonly type: "request";
      readonly endpoint: string;
      readonly model: string;
      readonly stream: boolean;
      readonly bytes: number;
      /** Only for a trace that asked for bodies. */
      readonly body?: () => string;
    }
  | {
      readonly type: "attempt";
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
  | { readonly type: "reply"; readonly target: string; readonly status: number; readonly body: () => string }
  /** The model's first output. */
  | { readonly type: "first-token" }
  | { readonly type: "failed"; readonly target?: string; readonly failure: Failure }
  /** Another attempt follows: with another key, at another target, or in another form. */
  | { readonly type: "alternative"; readonly target: string; readonly why: string }
  /** Something that a person should know, once: an image was left out, a tool cannot be run. */
  | { readonly type: "notice"; readonly text: string }
  | { readonly type: "answered"; readonly status: number; readonly usage?: Usage }
  | { readonly type: "gone" };

/** The same with the request's id and the time, in milliseconds since the epoch, with fractions: for the summary after a session and the trace. */
export type Fact = Happening & { readonly id: string; readonly at: number };

export type Sink = (fact: Fact) => void;
