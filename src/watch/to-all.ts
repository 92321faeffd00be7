import type { Sink } from "../model/fact.ts";

/** One sink for several. A watcher that breaks must not break what it watches, nor blind the others. */
export function toAll(sinks: readonly Sink[]): Sink {
  return (fact) => {
    for (const sink of sinks) {
      try {
        sink(fact);
      } catch {
        // Nothing that is seen is worth a request.
      }
    }
  };
}
