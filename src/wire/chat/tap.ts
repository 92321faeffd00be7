import type { Usage } from "../../model/event.ts";
import { isObject } from "../json.ts";
import { readData } from "../sse-data.ts";
import { readAlong, type UsageTap } from "../usage-tap.ts";
import { takeUsage, type UsageSoFar } from "./usage.ts";

/** For a stream of server-sent events. Only chunks that name usage are parsed: one in a stream, as a rule. */
export function createUsageTap(): UsageTap {
  const known: UsageSoFar = {};
  let over = false;
  const along = readAlong(({ data }) => {
    over ||= data === "[DONE]";
    if (!figures.test(data)) return;
    for (const chunk of readData(data) ?? []) takeChunk(chunk, known);
  });
  return {
    ...along,
    over: () => over,
    usage: () => said(known),
  };
}

/** Most chunks of servers that always write the field have null there. */
const figures = /"(?:usage|timings)"\s*:\s*\{/;

/** The usage of a whole reply's body. */
export function usageOf(body: unknown): Usage | undefined {
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
