import { limitCalls } from "../../model/calls.ts";
import type { ReplyEvent } from "../../model/event.ts";
import { createQueue } from "../../model/queue.ts";
import { type ItemPart, type ItemParts, newPart } from "./read-parts.ts";

export type CallsInOrder = ReturnType<typeof callsInOrder>;
export type AnnouncedCall = ReturnType<CallsInOrder["announce"]>;

/**
 * Calls in the order in which they were announced. A server that makes several at once may finish a later one first, and a client runs them
 * as they are told: by stream in the same order as in the whole reply.
 */
export function callsInOrder(parts: ItemParts) {
  /** The calls that have not begun, and behind them those that have. */
  const waiting = createQueue<{ readonly part: ItemPart; isBegun: boolean }>();
  const count = limitCalls();

  const tellFirst = (): void => {
    for (let call = waiting.first(); call?.isBegun === true; call = waiting.first()) {
      waiting.shift();
      parts.begin(call.part);
    }
  };
  return {
    /** The call begins with the first that is said of it, or with its end. */
    announce(start: ReplyEvent) {
      count();
      const part = newPart("tool", start);
      const call = { part, isBegun: false };
      waiting.push(call);
      const begin = (): void => {
        if (call.isBegun) return;
        call.isBegun = true;
        tellFirst();
      };
      return {
        say(event: ReplyEvent): void {
          begin();
          parts.say(part, event);
        },
        end(): void {
          begin();
          parts.end(part);
        },
        isBegun: () => call.isBegun,
      };
    },
    /** Tells what still waits for a call that was announced and never came, and ends whatever is open. */
    close(): void {
      for (const { part, isBegun } of waiting.all()) if (isBegun) parts.begin(part);
      parts.close();
    },
  };
}
