import type { Usage } from "../../model/event.ts";
import { isObject } from "../json.ts";
import { readSse } from "../sse.ts";
import { readData } from "../sse-data.ts";
import { takeUsage, type UsageSoFar } from "./usage.ts";

/** Reads along where a provider's own bytes go to the client; never keeps, changes or delays them. */
export interface UsageTap {
  push(bytes: Uint8Array): void;
  end(): void;
  /** What ends a stream has passed. */
  over(): boolean;
  /** What the provider counted, as far as its stream has passed. */
  usage(): Usage | undefined;
}

/** For a stream of server-sent events. Only chunks that name usage are parsed: one in a stream, as a rule. */
export function createUsageTap(): UsageTap {
  const messages = readSse();
  const known: UsageSoFar = {};
  let over = false;
  const read = (list: ReturnType<typeof messages.push>) => {
    for (const { data } of list) {
      over ||= data === "[DONE]";
      if (!figures.test(data)) continue;
      for (const chunk of readData(data) ?? []) takeChunk(chunk, known);
    }
  };
  return {
    push: (bytes) => read(messages.push(bytes)),
    end: () => read(messages.end()),
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
