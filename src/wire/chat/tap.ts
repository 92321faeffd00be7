import type { Usage, UsageSoFar } from "../../model/event.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject } from "../json.ts";
import { readData } from "../sse-data.ts";
import { type Tap, tapMessages } from "../tap.ts";
import { errorIn } from "./error-in-reply.ts";
import { takeUsage } from "./usage.ts";

/** For a stream of server-sent events. Only chunks that name usage or an error are parsed: one in a stream, as a rule. */
export function tapStream(): Tap {
  const known: UsageSoFar = {};
  return tapMessages(
    ({ data }, ending) => {
      ending.over ||= data === "[DONE]";
      ending.stopped ||= stop.test(data);
      if (!telling.test(data)) return;
      for (const chunk of readData(data) ?? []) {
        takeChunk(chunk, known);
        const error = errorIn(chunk);
        if (error !== undefined) ending.failure ??= readErrorInReply(error);
      }
    },
    () => said(known),
  );
}

/** An empty one is a reason too, as where the reply is read. */
const stop = /"finish_reason"\s*:\s*"/;

/** Most chunks of servers that always write the fields have null there. */
const telling = /"(?:usage|timings|error)"\s*:\s*\{|"error"\s*:\s*"/;

/** The usage of a whole reply's body. */
export function usageOfReply(body: unknown): Usage | undefined {
  const known: UsageSoFar = {};
  takeChunk(body, known);
  return said(known);
}

function takeChunk(chunk: unknown, known: UsageSoFar): void {
  if (!isObject(chunk)) return;
  const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
  takeUsage(chunk, isObject(choice) ? choice : undefined, known);
}

function said(known: UsageSoFar): Usage | undefined {
  return known.input === undefined && known.output === undefined ? undefined : { ...known };
}
