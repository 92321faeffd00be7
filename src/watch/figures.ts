import type { Sink } from "../model/fact.ts";

/** What a launch came to. Tokens and counts; a figure that no provider gave stays absent. */
export interface Figures {
  readonly requests: number;
  readonly input?: number;
  readonly cached?: number;
  readonly output?: number;
  /** Some counts are our own estimates. */
  readonly estimated: boolean;
  /** Milliseconds from a request to the first thing that the model said. */
  readonly firstToken?: number;
  /** Requests that ended in a failure, after all alternatives. */
  readonly failures: number;
  readonly alternatives: number;
  /** What people should know once, each sentence once. */
  readonly notices: readonly string[];
}

/** Calls of a model; counts of tokens and lists of models are none. */
const callsModel = /\/(?:messages|responses|chat\/completions)$/;

export function createFigures(): { readonly sink: Sink; figures(): Figures } {
  const open = new Map<string, { at: number; failed: boolean; messages: boolean; missing?: string }>();
  const waits: number[] = [];
  const notices = new Set<string>();
  let requests = 0;
  let failures = 0;
  let alternatives = 0;
  const sums: { input?: number; cached?: number; output?: number } = {};
  let estimated = false;
  const add = (name: keyof typeof sums, count: number | undefined) => {
    if (count !== undefined) sums[name] = (sums[name] ?? 0) + count;
  };
  return {
    sink(fact) {
      if (fact.type === "request") {
        if (!callsModel.test(fact.endpoint)) return;
        requests += 1;
        open.set(fact.id, { at: fact.at, failed: false, messages: fact.endpoint.endsWith("/messages") });
        return;
      }
      const request = open.get(fact.id);
      if (fact.type === "notice") notices.add(fact.text);
      if (request === undefined) return;
      if (fact.type === "attempt") request.failed = false;
      if (fact.type === "alternative") alternatives += 1;
      if (fact.type === "first-token") waits.push(fact.at - request.at);
      if (fact.type === "failed") {
        request.failed = true;
        const { kind, provider, message } = fact.failure;
        // Of a 404 Claude Code shows only its own name for the model.
        if (request.messages && kind === "not-found") request.missing = `${provider === undefined ? "" : `${provider}: `}${message}`;
      }
      if (fact.type === "gone") open.delete(fact.id);
      if (fact.type === "answered") {
        open.delete(fact.id);
        if (request.failed || fact.status >= 400) failures += 1;
        if (fact.status === 404 && request.missing !== undefined) notices.add(request.missing);
        const { usage } = fact;
        add("input", usage?.input);
        add("cached", usage?.cacheRead);
        add("output", usage?.output);
        estimated ||= usage?.estimated === true;
      }
    },
    figures() {
      const firstToken = median(waits);
      return {
        requests,
        failures,
        alternatives,
        estimated,
        notices: [...notices],
        ...sums,
        ...(firstToken === undefined ? {} : { firstToken }),
      };
    },
  };
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined || sorted.length % 2 === 1) return upper;
  return ((sorted[middle - 1] ?? upper) + upper) / 2;
}
