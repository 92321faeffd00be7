import type { Stop, Usage } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, objectOf, stringOf } from "../json.ts";
import { readData } from "../sse-data.ts";
import { readAlong, type UsageTap } from "../usage-tap.ts";
import { readStop } from "./stop.ts";
import { type Figures, readFigures, usageOf } from "./usage.ts";

/** What was seen of a reply that passes as bytes. */
export interface Tapped {
  readonly usage: Usage;
  readonly stop?: Stop;
  /** The reply came to its end. */
  readonly complete: boolean;
  /** An error inside the stream. */
  readonly failure?: Failure;
}

export interface Tap extends Omit<UsageTap, "usage"> {
  seen(): Tapped;
}

/**
 * Reads usage and stop from the bytes of a Messages stream and changes nothing. Text and arguments, which are nearly all of a stream,
 * are told by their event's name, or the first field of their data, and not parsed.
 */
export function tapStream(): Tap {
  const figures: Figures = {};
  let stop: Stop | undefined;
  let complete = false;
  let called = false;
  let failure: Failure | undefined;

  const along = readAlong(({ event, data }) => {
    // "message" is what SSE calls an event without a name.
    const type = event === undefined || event === "message" ? typeIn(data) : event;
    if (type === "content_block_start") {
      called ||= /"type"\s*:\s*"tool_use"/.test(data.slice(0, 400));
    } else if (type === "message_stop") {
      complete = true;
    } else if (type === "message_start" || type === "message_delta" || type === "error") {
      for (const value of readData(data) ?? []) seeParsed(objectOf(value));
    }
  });

  const seeParsed = (value: Readonly<Record<string, unknown>>): void => {
    if (value.type === "message_start") readFigures(figures, objectOf(objectOf(value.message).usage));
    else if (value.type === "message_delta") {
      readFigures(figures, objectOf(value.usage));
      const delta = objectOf(value.delta);
      if (typeof delta.stop_reason === "string") stop = readStop(delta, called);
    } else if (isObject(value.error)) failure = readErrorInReply({ error: value.error });
  };

  return {
    ...along,
    over: () => complete,
    seen: () => ({ usage: usageOf(figures), complete, ...(stop && { stop }), ...(failure && { failure }) }),
  };
}

/** The type that an event without a name bears: first in its data, as Anthropic's API writes it, or wherever its server put it. */
function typeIn(data: string): string | undefined {
  return /^\s*\{\s*"type"\s*:\s*"(\w+)"/.exec(data)?.[1] ?? stringOf(objectOf(readData(data)?.[0]).type);
}

/** The same of a reply that came whole, parsed. */
export function tapReply(body: unknown): Tapped {
  const message = objectOf(body);
  const figures: Figures = {};
  readFigures(figures, objectOf(message.usage));
  const called = Array.isArray(message.content) && message.content.some((block) => objectOf(block).type === "tool_use");
  const ended = typeof message.stop_reason === "string";
  return { usage: usageOf(figures), complete: ended, ...(ended && { stop: readStop(message, called) }) };
}
