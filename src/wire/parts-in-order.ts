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
 * in which they began. The first is told as it comes; what comes of the others is held until those before them are over.
 */
export interface PartsInOrder<Ordered extends Part> {
  begin(part: Ordered): void;
  /** The part that began last, until it is told to its end. */
  last(): Ordered | undefined;
  /** What is said of a part, or that it ends, before it has begun waits until then. */
  say(part: Ordered, event: ReplyEvent): void;
  end(part: Ordered): void;
  /** Ends whatever is open. */
  close(): void;
}

/**
 * @param startOf what is told before a part, and `endOf` behind it, asked for at its turn, since a call's id or a seal may come while the part waits
 * @param isOver whether a part that has no end yet is over when something else begins: whatever is no call, since calls may really overlap
 */
export function tellInOrder<Ordered extends Part>(
  out: (event: ReplyEvent) => void,
  startOf: (part: Ordered) => readonly ReplyEvent[],
  endOf: (part: Ordered) => readonly ReplyEvent[],
  isOver = ({ kind }: Ordered) => kind !== "tool",
): PartsInOrder<Ordered> {
  /** The parts that are not over, the one being told first. */
  const queue = createQueue<Ordered>();

  const tellFirst = (): void => {
    for (let part = queue.first(); part !== undefined; part = queue.first()) {
      for (const event of startOf(part)) out(event);
      for (const event of part.held.splice(0)) out(event);
      if (!part.ended) return;
      leave(part);
    }
  };
  const leave = (part: Ordered): void => {
    for (const event of endOf(part)) out(event);
    queue.shift();
  };
  const end = (part: Ordered): void => {
    if (part.ended) return;
    part.ended = true;
    if (queue.first() !== part) return;
    leave(part);
    tellFirst();
  };

  return {
    begin(part) {
      const before = queue.last();
      if (before !== undefined && isOver(before)) end(before);
      queue.push(part);
      if (queue.first() === part) tellFirst();
    },
    last: queue.last,
    say(part, event) {
      if (queue.first() === part) out(event);
      else part.held.push(event);
    },
    end,
    close() {
      for (const part of queue.all()) end(part);
    },
  };
}
