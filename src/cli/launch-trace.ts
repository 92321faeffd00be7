import type { Configuration } from "../config/index.ts";
import { openRecord } from "../watch/record.ts";
import { openTrace, type Trace } from "../watch/trace.ts";
import type { Refusal } from "./launch-checks.ts";

export interface Tracing {
  readonly profile: string;
  readonly bodies: boolean;
  readonly secrets: readonly string[];
}

/** The trace of this launch and the record that configuration asks for; a file that cannot be opened is told before anything begins. */
export function openTraces(
  { trace, record }: Pick<Configuration, "trace" | "record">,
  { profile, bodies, secrets }: Tracing,
): { readonly traces: readonly Trace[] } | { readonly refusal: Refusal } {
  try {
    return {
      traces: [
        ...(trace === undefined ? [] : [openTrace(trace, { bodies, secrets })]),
        ...(record === undefined ? [] : [openRecord(record, { profile, secrets })]),
      ],
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { refusal: { exitCode: 2, lines: [`the trace cannot be written: ${message}`] } };
  }
}
