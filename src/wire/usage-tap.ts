import type { Usage } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import type { SseMessage } from "../model/stage.ts";
import { readSse } from "./sse.ts";

/** Reads along where a provider's own bytes go to the client; never keeps, changes or delays them. */
export interface UsageTap {
  push(bytes: Uint8Array): void;
  end(): void;
  /** What ends a stream has passed. */
  over(): boolean;
  /** What the provider counted, as far as its stream has passed. */
  usage(): Usage | undefined;
  /** The error that came instead of an answer, or in the middle of it. */
  failure(): Failure | undefined;
}

/** The messages of a stream of server-sent events, as its bytes pass. */
export function readAlong(see: (message: SseMessage) => void): Pick<UsageTap, "push" | "end"> {
  const sse = readSse();
  return {
    push: (bytes) => sse.push(bytes).forEach(see),
    end: () => sse.end().forEach(see),
  };
}
