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
  /** Why the reply stops has been said. */
  stopped?(): boolean;
  seen(): Tapped;
}

/** What was seen of a reply, as far as it has passed. */
export interface Tapped {
  readonly usage?: Usage | undefined;
  /** The error that came instead of an answer, or in the middle of it. */
  readonly failure?: Failure | undefined;
  /** It neither ended nor said why it stops. */
  readonly cut?: boolean;
}

/** What the messages of a stream have said of its end. */
export interface Ending {
  over: boolean;
  /** Why the reply stops was said, which is an end too: some servers forget the last message. */
  stopped: boolean;
  failure: Failure | undefined;
}

/**
 * For a stream of server-sent events.
 *
 * @param see notes what a message says of the end
 * @param usage as far as it is known by now
 */
export function tapMessages(see: (message: SseMessage, ending: Ending) => void, usage: () => Usage | undefined): Tap {
  const sse = readSse();
  const ending: Ending = { over: false, stopped: false, failure: undefined };
  const note = (message: SseMessage) => see(message, ending);
  return {
    push: (bytes) => sse.push(bytes).forEach(note),
    end: () => sse.end().forEach(note),
    over: () => ending.over,
    stopped: () => ending.stopped,
    seen() {
      const { over, stopped, failure } = ending;
      return { usage: usage(), failure, cut: !over && !stopped && failure === undefined };
    },
  };
}
