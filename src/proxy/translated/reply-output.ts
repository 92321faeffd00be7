import type { ReplyEvent, Usage } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import type { Stage } from "../../model/stage.ts";
import type { Result } from "../exchange.ts";

/** Where a reply's events go: to the client's stream as text, or into a list where the client wants the reply whole. */
export interface ReplyOutput {
  /** The client's text for the next events; "" for a reply that is wanted whole. Events after the end are dropped. */
  write(events: readonly ReplyEvent[]): string;
  /**
   * A sign of life, once the reply has started: before that another attempt may still be made. At most one a second, whatever the server does,
   * since Codex's repeats the reply so far.
   */
  beat(): string;
  /** What became of the attempt, once the reply has ended. */
  result(): Result | undefined;
  /** The events of a reply that is wanted whole. */
  readonly events: readonly ReplyEvent[];
}

export interface ReplyOutputOptions {
  /** Undefined where the reply is wanted whole. */
  readonly writer: Stage<ReplyEvent, string> | undefined;
  /** The reply that a failure contains (`failed-generation.ts`), if it does. */
  readonly generated: (failure: Failure) => readonly ReplyEvent[] | undefined;
  /** A failure with what the proxy knows of its provider. */
  readonly attributed: (failure: Failure) => Failure;
  /** Called with the first thing that the model says. */
  readonly onFirst: () => void;
}

/** Seconds. */
const betweenBeats = 1;

type OpenPart = "text-start" | "thinking-start" | undefined;

export function createReplyOutput({ writer, generated, attributed, onFirst }: ReplyOutputOptions): ReplyOutput {
  const events: ReplyEvent[] = [];
  let result: Result | undefined;
  let usage: Usage | undefined;
  let started = false;
  let hasContent = false;
  let hasCall = false;
  let open: OpenPart;
  let lastBeat = Number.NEGATIVE_INFINITY;

  const writeOne = (event: ReplyEvent): string => {
    if (result !== undefined) return "";
    if (event.type === "failure") return fail(event.failure);
    follow(event);
    if (writer !== undefined) return writer.push(event).join("");
    events.push(event);
    return "";
  };

  const follow = (event: ReplyEvent): void => {
    switch (event.type) {
      case "reply-start":
        started = true;
        usage = event.usage;
        return;
      case "reply-end":
        // The figures at the end replace those that were estimated at the start.
        usage = event.usage.input === undefined ? { ...usage, ...event.usage } : event.usage;
        result = { done: true, usage };
        return;
      case "text-start":
      case "thinking-start":
        open = event.type;
        break;
      case "text-end":
      case "thinking-end":
        open = undefined;
        break;
      case "tool-start":
        hasCall = true;
    }
    if (hasContent) return;
    hasContent = true;
    onFirst();
  };

  const fail = (failure: Failure): string => {
    const found = hasCall ? undefined : generated(failure);
    if (found !== undefined)
      return write(hasContent ? callsAfter(open, found) : found.filter(({ type }) => !started || type !== "reply-start"));
    const told = attributed(failure);
    // Nothing of a reply that is wanted whole has been sent before its end, so that another attempt may still be made.
    if (!started || writer === undefined) {
      result = { failure: told };
      return "";
    }
    result = { done: true, failure: told, usage };
    return writer.push({ type: "failure", failure: told }).join("");
  };

  const write = (next: readonly ReplyEvent[]): string => {
    // Nearly every read of a live stream is one event.
    if (next.length === 1) return writeOne(next[0] as ReplyEvent);
    let text = "";
    for (const event of next) text += writeOne(event);
    return text;
  };

  const beat = () => {
    const now = process.uptime();
    if (!started || result !== undefined || now - lastBeat < betweenBeats) return "";
    lastBeat = now;
    return writer?.idle().join("") ?? "";
  };

  return { write, beat, result: () => result, events };
}

/** The calls in a reply whose beginning has been written already, after the end of the part that is open. */
function callsAfter(open: OpenPart, events: readonly ReplyEvent[]): readonly ReplyEvent[] {
  const calls = events.slice(events.findIndex(({ type }) => type === "tool-start"));
  if (open === undefined) return calls;
  return [{ type: open === "text-start" ? "text-end" : "thinking-end" }, ...calls];
}
