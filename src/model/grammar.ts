import type { ReplyEvent } from "./event.ts";

const starts = { "text-start": "text", "thinking-start": "thinking", "tool-start": "tool" } as const;
const deltas = { "text-delta": "text", "thinking-delta": "thinking", "tool-delta": "tool" } as const;
const ends = { "text-end": "text", "thinking-end": "thinking", "tool-end": "tool" } as const;

/**
 * Holds a stream to the grammar of `ReplyEvent`. Each call takes the next event and answers undefined, or what is wrong with it.
 * For tests and traces; the stages keep the grammar by their construction.
 */
export function createGrammar(): { next(event: ReplyEvent): string | undefined; over(): string | undefined } {
  let state: "before" | "between" | "text" | "thinking" | "tool" | "after" = "before";
  return {
    next(event) {
      const was = state;
      if (was === "after") return `${event.type} after the end`;
      if (event.type === "failure") {
        state = "after";
        return undefined;
      }
      if (event.type === "reply-start") {
        state = "between";
        return was === "before" ? undefined : "a second reply-start";
      }
      if (was === "before") return `${event.type} before reply-start`;
      if (event.type in starts) {
        state = starts[event.type as keyof typeof starts];
        return was === "between" ? undefined : `${event.type} while ${was} is open`;
      }
      if (event.type in deltas) {
        return deltas[event.type as keyof typeof deltas] === was ? undefined : `${event.type} while ${was} is open`;
      }
      if (event.type in ends) {
        state = "between";
        return ends[event.type as keyof typeof ends] === was ? undefined : `${event.type} while ${was} is open`;
      }
      if (event.type === "reply-end") state = "after";
      return was === "between" ? undefined : `${event.type} while ${was} is open`;
    },
    over() {
      return state === "after" ? undefined : `the stream ended in state ${state}`;
    },
  };
}
