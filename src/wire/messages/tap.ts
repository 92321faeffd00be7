import type { Usage, UsageSoFar } from "../../model/event.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject, objectOf, stringOf } from "../json.ts";
import { readData } from "../sse-data.ts";
import { type Ending, type Tap, tapMessages } from "../tap.ts";
import { readFigures, usageOf } from "./usage.ts";

/**
 * Reads usage and the end from the bytes of a Messages stream and changes nothing. Text and arguments, which are nearly all of a stream,
 * are told by their event's name, or the first field of their data, and not parsed.
 */
export function tapStream(): Tap {
  const figures: UsageSoFar = {};
  const seeParsed = (value: JsonObject, ending: Ending): void => {
    if (value.type === "message_start") readFigures(figures, objectOf(objectOf(value.message).usage));
    else if (value.type === "message_delta") {
      readFigures(figures, objectOf(value.usage));
      ending.stopped ||= typeof objectOf(value.delta).stop_reason === "string";
    }
  };
  return tapMessages(
    ({ event, data }, ending) => {
      // "message" is what SSE calls an event without a name.
      const type = event === undefined || event === "message" ? typeIn(data) : event;
      if (type === "message_stop") {
        ending.over = true;
      } else if (type === "error") {
        const error = readData(data)?.find(isObject);
        ending.failure = readErrorInReply(error === undefined || error.error === undefined ? (error ?? data) : { error: error.error });
      } else if (type === "message_start" || type === "message_delta") {
        for (const value of readData(data) ?? []) seeParsed(objectOf(value), ending);
      }
    },
    () => usageOf(figures),
  );
}

/** The type that an event without a name bears: first in its data, as Anthropic's API writes it, or wherever its server put it. */
function typeIn(data: string): string | undefined {
  return /^\s*\{\s*"type"\s*:\s*"(\w+)"/.exec(data)?.[1] ?? stringOf(objectOf(readData(data)?.[0]).type);
}

/** The usage of a whole reply's body. */
export function usageOfReply(body: unknown): Usage {
  const figures: UsageSoFar = {};
  readFigures(figures, objectOf(objectOf(body).usage));
  return usageOf(figures);
}
