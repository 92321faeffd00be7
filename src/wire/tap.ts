import type { Usage } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import type { SseMessage } from "../model/stage.ts";
import { readSse } from "./sse.ts";

/** Reads along where a provider's own bytes go to the client; never keeps, changes or delays them. */
export interface Tap {
  push(bytes: Uint8Array): void;
  end(): void;
  /** What ends a stream has passed, whether or not its connection goes on. */
  over(): boolean;
  seen(): Tapped;
}

/** What was seen of a reply, as far as it has passed. */
export interface Tapped {
  readonly usage?: Usage;
  /** The error that came instead of an answer, or in the middle of it. */
  readonly failure?: Failure;
  /** It neither ended nor said why it stops. */
  readonly cut?: boolean;
}

/** The messages of a stream of server-sent events, as its bytes pass. */
export function readAlong(see: (message: SseMessage) => void): Pick<Tap, "push" | "end"> {
  const sse = readSse();
  return {
    push: (bytes) => sse.push(bytes).forEach(see),
    end: () => sse.end().forEach(see),
  };
}
