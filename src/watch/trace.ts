import type { Fact, Sink } from "../model/fact.ts";
import { openLines } from "./lines.ts";

export interface Trace {
  readonly sink: Sink;
  /** Waits until all is written; answers what went wrong meanwhile, if anything did. */
  close(): Promise<Error | undefined>;
}

interface TraceOptions {
  readonly bodies: boolean;
  /** Values that must never be written: keys, the launch's token. */
  readonly secrets: readonly string[];
}

/** Writes each fact as a line of JSON. Throws only when the file cannot be opened. */
export function openTrace(file: string, { bodies, secrets }: TraceOptions): Trace {
  const lines = openLines(file, secrets);
  return { sink: (fact) => lines.write(lineOf(fact, bodies)), close: () => lines.close() };
}

function lineOf(fact: Fact, bodies: boolean): object {
  const time = new Date(fact.at).toISOString();
  if (!("body" in fact)) return { time, ...fact };
  const { body, ...rest } = fact;
  return { time, ...rest, ...(bodies && body ? { body: body() } : {}) };
}
