import type { Usage } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import type { SseMessage } from "../model/stage.ts";
import { readSse } from "./sse.ts";

export type Tap = ReturnType<typeof tapMessages>;

/** What the messages of a stream have said of its end. */
export interface Ending {
  over: boolean;
  /** Why the reply stops was said, which is an end too: some servers forget the last message. */
  stopped: boolean;
  /** The error that came instead of an answer, or in the middle of it. */
  failure: Failure | undefined;
}

/**
 * Reads along in a stream of server-sent events where a provider's own bytes go to the client; never keeps, changes or delays them.
 *
 * @param see notes what a message says of the end
 * @param usage as far as it is known by now
 */
export function tapMessages(see: (message: SseMessage, ending: Ending) => void, usage: () => Usage | undefined) {
  const sse = readSse();
  const ending: Ending = { over: false, stopped: false, failure: undefined };
  const note = (message: SseMessage) => see(message, ending);
  return {
    push: (bytes: Uint8Array) => sse.push(bytes).forEach(note),
    end: () => sse.end().forEach(note),
    /** What ends a stream has passed, whether or not its connection goes on. */
    over: () => ending.over,
    /** Why the reply stops has been said. */
    stopped: () => ending.stopped,
    /** As far as it has passed. `cut`: it neither ended nor said why it stops. */
    seen() {
      const { over, stopped, failure } = ending;
      return { usage: usage(), failure, cut: !over && !stopped && failure === undefined };
    },
  };
}
