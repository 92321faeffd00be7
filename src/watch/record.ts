import type { Usage } from "../model/event.ts";
import type { Fact } from "../model/fact.ts";
import { openLines } from "./lines.ts";
import type { Trace } from "./trace.ts";

/** One request as the record has it: who was asked and what it took, nothing of what was said. */
interface Entry {
  readonly time: string;
  readonly id: string;
  readonly profile: string;
  readonly endpoint: string;
  /** As the client named it. */
  readonly model: string;
  /** Who answered, or was asked last; absent where nobody was. */
  target?: string;
  url?: string;
  /** How often a provider was asked. */
  attempts: number;
  /** Absent: the client went away first. */
  status?: number;
  /** Milliseconds from the request on. */
  firstToken?: number;
  duration?: number;
  usage?: Usage;
  /** Why it came to nothing, in one word: a provider's own words may repeat the prompt. */
  failure?: string;
}

interface RecordOptions {
  readonly profile: string;
  readonly secrets: readonly string[];
}

/** The record that configuration asks for: a line a request, when it is over. What is open at the end of the launch is written then. */
export function openRecord(file: string, { profile, secrets }: RecordOptions): Trace {
  const lines = openLines(file, secrets);
  const open = new Map<string, { readonly at: number; readonly entry: Entry }>();
  const end = (id: string, last: Partial<Entry>) => {
    const one = open.get(id);
    if (one !== undefined) lines.write({ ...one.entry, ...last });
    open.delete(id);
  };
  return {
    sink(fact) {
      if (fact.type === "request") {
        const { id, at, endpoint, model } = fact;
        open.set(id, { at, entry: { time: new Date(at).toISOString(), id, profile, endpoint, model, attempts: 0 } });
        return;
      }
      const one = open.get(fact.id);
      if (one === undefined) return;
      take(fact, one.entry, fact.at - one.at);
      const duration = Math.round(fact.at - one.at);
      if (fact.type === "gone") end(fact.id, { duration });
      if (fact.type === "answered")
        end(fact.id, { status: fact.status, duration, ...(fact.usage === undefined ? {} : { usage: fact.usage }) });
    },
    close() {
      for (const id of [...open.keys()]) end(id, {});
      return lines.close();
    },
  };
}

function take(fact: Exclude<Fact, { type: "request" }>, entry: Entry, since: number): void {
  if (fact.type === "attempt") {
    entry.attempts += 1;
    entry.target = fact.target;
    entry.url = fact.url;
    delete entry.failure;
  }
  if (fact.type === "first-token") entry.firstToken = Math.round(since);
  if (fact.type === "failed") entry.failure = fact.failure.kind;
}
