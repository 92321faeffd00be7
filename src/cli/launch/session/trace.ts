import { reason } from "../../../config/errors.ts";
import type { Configuration } from "../../../config/index.ts";
import type { Sink } from "../../../model/fact.ts";
import { openRecord } from "../../../watch/record.ts";
import { toAll } from "../../../watch/to-all.ts";
import { openTrace, type Trace } from "../../../watch/trace.ts";
import type { Refusal } from "../../refusal.ts";

export interface Tracing {
  readonly profile: string;
  readonly bodies: boolean;
  readonly secrets: readonly string[];
}

export interface Traces {
  readonly sink: Sink;
  /** Waits until all is written; answers what went wrong meanwhile. */
  close(): Promise<readonly string[]>;
}

/** The trace of this launch and the record that configuration asks for; a file that cannot be opened is told before anything begins. */
export function openTraces(
  { trace, record, merged }: Pick<Configuration, "trace" | "record" | "merged">,
  { profile, bodies, secrets }: Tracing,
): Traces | { readonly refusal: Refusal } {
  const wanted = [
    { file: trace, saidBy: "--trace or FCC_TRACE", open: (file: string) => openTrace(file, { bodies, secrets }) },
    { file: record, saidBy: merged.leaves.get("trace")?.source, open: (file: string) => openRecord(file, { profile, secrets }) },
  ];
  const traces: Trace[] = [];
  for (const { file, saidBy, open } of wanted) {
    try {
      if (file !== undefined) traces.push(open(file));
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "its folder is not there" : reason(error);
      return { refusal: { exitCode: 2, lines: [`the trace ${file} (${saidBy}) cannot be written: ${why}.`] } };
    }
  }
  return {
    sink: toAll(traces.map(({ sink }) => sink)),
    close: async () => (await Promise.all(traces.map((one) => one.close()))).filter((problem) => problem !== undefined),
  };
}
