import { reason } from "../../../config/errors.ts";
import type { Configuration } from "../../../config/index.ts";
import type { Sink } from "../../../model/fact.ts";
import { openRecord } from "../../../watch/record.ts";
import { toAll } from "../../../watch/to-all.ts";
import { openTrace, type Trace } from "../../../watch/trace.ts";
import { type Refusal, refused } from "../../refusal.ts";

interface Tracing {
  readonly profile: string;
  readonly bodies: boolean;
  readonly secrets: readonly string[];
}

interface Traces {
  readonly sink: Sink;
  /** Waits until all is written; answers what went wrong meanwhile, in a sentence for each file. */
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
  const traces: { readonly name: string; readonly trace: Trace }[] = [];
  for (const { file, saidBy, open } of wanted) {
    const name = `the trace ${file} (${saidBy})`;
    try {
      if (file !== undefined) traces.push({ name, trace: open(file) });
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "its folder is not there" : reason(error);
      return refused(2, `${name} cannot be written: ${why}.`);
    }
  }
  return {
    sink: toAll(traces.map(({ trace }) => trace.sink)),
    async close() {
      const problems = await Promise.all(traces.map(({ trace }) => trace.close()));
      return problems.flatMap((problem, at) => (problem === undefined ? [] : `${traces[at]?.name} ends early: ${reason(problem)}.`));
    },
  };
}
