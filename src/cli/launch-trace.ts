import { openTrace, type Trace, type TraceOptions } from "../watch/trace.ts";
import type { Refusal } from "./launch-checks.ts";

/** The trace that was asked for, where one was; a file that cannot be opened is told before anything begins. */
export function openTraceFile(file: string | undefined, options: TraceOptions): { readonly trace?: Trace } | { readonly refusal: Refusal } {
  if (file === undefined) return {};
  try {
    return { trace: openTrace(file, options) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { refusal: { exitCode: 2, lines: [`the trace cannot be written: ${message}`] } };
  }
}
