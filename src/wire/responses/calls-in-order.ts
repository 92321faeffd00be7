import type { ReplyEvent } from "../../model/event.ts";
import { createQueue } from "../../model/queue.ts";
import { type ItemPart, type ItemParts, newPart } from "./read-parts.ts";

/** A call that was announced. It begins with the first that is said of it, or with its end. */
export interface AnnouncedCall {
  say(event: ReplyEvent): void;
  end(): void;
  isBegun(): boolean;
}

/**
 * Calls in the order in which they were announced. A server that makes several at once may finish a later one first, and a client runs them
 * as they are told: by stream in the same order as in the whole reply.
 */
export interface CallsInOrder {
  announce(start: ReplyEvent): AnnouncedCall;
  /** Tells what still waits for a call that was announced and never came, and ends whatever is open. */
  close(): void;
}

export function callsInOrder(parts: ItemParts): CallsInOrder {
  /** The calls that have not begun, and behind them those that have. */
  const waiting = createQueue<{ readonly part: ItemPart; isBegun: boolean; isTold: boolean }>();

  const tellFirst = (): void => {
    for (let call = waiting.first(); call?.isBegun === true; call = waiting.first()) {
      waiting.shift();
      call.isTold = true;
      parts.begin(call.part);
    }
  };
  return {
    announce(start) {
      const part = newPart("tool", start);
      const call = { part, isBegun: false, isTold: false };
      waiting.push(call);
      const begin = (): void => {
        if (call.isBegun) return;
        call.isBegun = true;
        tellFirst();
      };
      return {
        say(event) {
          begin();
          if (call.isTold) parts.say(part, event);
          else part.held.push(event);
        },
        end() {
          begin();
          if (call.isTold) parts.end(part);
          else part.ended = true;
        },
        isBegun: () => call.isBegun,
      };
    },
    close() {
      for (const { part, isBegun } of waiting.all()) if (isBegun) parts.begin(part);
      parts.close();
    },
  };
}
