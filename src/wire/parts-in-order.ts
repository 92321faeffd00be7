import type { ReplyEvent } from "../model/event.ts";
import { createQueue } from "../model/queue.ts";

/** A part of a reply while it comes. */
export interface Part {
  readonly kind: string;
  /** What came of it before its turn. */
  readonly held: ReplyEvent[];
  ended: boolean;
}

/**
 * Keeps the language's rule of one open part at a time over a wire whose parts may overlap: they are told one after another, in the order
 * in which they began. The first is told as it comes; what comes of the others is held until those before them are over. Text and thinking
 * are over when something else begins, ended or not; calls may really overlap.
 */
export interface PartsInOrder<Ordered extends Part> {
  begin(part: Ordered, start: readonly ReplyEvent[]): void;
  say(part: Ordered, event: ReplyEvent): void;
  end(part: Ordered): void;
  /** Ends whatever is open. */
  close(): void;
}

/** `endOf`: what is told when a part is over. */
export function tellInOrder<Ordered extends Part>(
  out: (event: ReplyEvent) => void,
  endOf: (part: Ordered) => readonly ReplyEvent[],
): PartsInOrder<Ordered> {
  /** The parts that are not over, the one being told first. */
  const queue = createQueue<Ordered>();

  const say = (part: Ordered, event: ReplyEvent): void => {
    if (queue.first() === part) out(event);
    else part.held.push(event);
  };

  const end = (part: Ordered): void => {
    if (part.ended) return;
    part.ended = true;
    for (const event of endOf(part)) say(part, event);
    while (queue.first()?.ended === true) {
      queue.shift();
      for (const event of queue.first()?.held.splice(0) ?? []) out(event);
    }
  };

  return {
    begin(part, start) {
      const before = queue.last();
      if (before !== undefined && before.kind !== "tool") end(before);
      queue.push(part);
      for (const event of start) say(part, event);
    },
    say,
    end,
    close() {
      for (const part of queue.all()) end(part);
    },
  };
}
