import type { ReplyEvent, Usage } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import type { Stage } from "../../model/stage.ts";
import type { Result } from "../exchange.ts";

/** A reply as its client is told of it, event by event. */
export interface ReplyTeller {
  /** The client's text for the next events: "" for a reply that is answered at once. What comes after the end is not told. */
  tell(events: readonly ReplyEvent[]): string;
  /** What became of the attempt, once the reply has ended. */
  over(): Result | undefined;
  /** The events of a reply that is answered at once. */
  readonly whole: readonly ReplyEvent[];
}

export interface Telling {
  /** Undefined where the reply is answered at once. */
  readonly writer: Stage<ReplyEvent, string> | undefined;
  /** The reply that is inside a failure, where there is one. */
  readonly generated: (failure: Failure) => readonly ReplyEvent[] | undefined;
  readonly blamed: (failure: Failure) => Failure;
  /** Called with the first thing that the model says. */
  readonly onFirst: () => void;
}

export function createReplyTeller({ writer, generated, blamed, onFirst }: Telling): ReplyTeller {
  const whole: ReplyEvent[] = [];
  let started = false;
  let told = false;
  let called = false;
  /** The part that is open, by its beginning. */
  let part: "text-start" | "thinking-start" | undefined;
  let usage: Usage | undefined;
  let over: Result | undefined;

  const tellOne = (event: ReplyEvent): string => {
    if (over !== undefined) return "";
    if (event.type === "failure") return fail(event.failure);
    follow(event);
    if (writer !== undefined) return writer.push(event).join("");
    whole.push(event);
    return "";
  };

  const follow = (event: ReplyEvent): void => {
    called ||= event.type === "tool-start";
    if (event.type === "text-start" || event.type === "thinking-start") part = event.type;
    else if (event.type === "text-end" || event.type === "thinking-end") part = undefined;
    if (event.type === "reply-start") {
      started = true;
      usage = event.usage;
    } else if (event.type === "reply-end") {
      // What was guessed at the start gives way to what is known at the end.
      usage = event.usage.input === undefined ? { ...usage, ...event.usage } : event.usage;
      over = { done: true, usage };
    } else if (!told) {
      told = true;
      onFirst();
    }
  };

  const fail = (failure: Failure): string => {
    const inside = called ? undefined : generated(failure);
    if (inside !== undefined) return tell(told ? continued(inside, part) : inside.filter(({ type }) => !started || type !== "reply-start"));
    const blame = blamed(failure);
    // A reply that is answered at once has only begun when it is written.
    if (!started || writer === undefined) {
      over = { failure: blame };
      return "";
    }
    over = { done: true, failure: blame, ...(usage === undefined ? {} : { usage }) };
    return writer.push({ type: "failure", failure: blame }).join("");
  };

  const tell = (events: readonly ReplyEvent[]): string => {
    if (events.length === 1) return tellOne(events[0] as ReplyEvent);
    let text = "";
    for (const event of events) text += tellOne(event);
    return text;
  };

  return { tell, over: () => over, whole };
}

/** The calls of a reply whose beginning was told already, behind what was told. */
function continued(events: readonly ReplyEvent[], part: "text-start" | "thinking-start" | undefined): readonly ReplyEvent[] {
  const calls = events.slice(events.findIndex(({ type }) => type === "tool-start"));
  if (part === undefined) return calls;
  return [{ type: part === "text-start" ? "text-end" : "thinking-end" }, ...calls];
}
