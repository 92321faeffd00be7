import { createHash } from "node:crypto";
import { estimatePrefixes } from "../mend/estimate.ts";
import type { Request } from "../model/request.ts";

/**
 * What prompts really counted, by target: the ratio of the provider's count to our estimate, and the exact counts of the latest prompts,
 * so that a conversation that goes on is counted from its last exact figure.
 */
export interface Counts {
  learn(target: string, request: Request, input: number): void;
  /** Tokens. `learned`: a ratio was learned for this target; otherwise the estimate errs high. */
  count(target: string, request: Request): { readonly tokens: number; readonly learned: boolean };
}

interface Known {
  ratio: number;
  /** The estimate of the prompt that the ratio is of. */
  basis: number;
  readonly prompts: { readonly turns: number; readonly mark: string; readonly input: number }[];
}

/** Conversations that are remembered at once: the main one and its sub-agents. */
const mostPrompts = 16;

export function createCounts(): Counts {
  const targets = new Map<string, Known>();
  return {
    learn(target, request, input) {
      const prefixes = estimatePrefixes(request);
      const estimate = prefixes.at(-1) ?? 0;
      if (input <= 0 || estimate <= 0) return;
      const known = targets.get(target) ?? { ratio: 1, basis: 0, prompts: [] };
      targets.set(target, known);
      // A small prompt, such as that for a title, says little of the large ones.
      if (estimate * 2 >= known.basis) {
        // Far beyond these it was no count of this prompt: a guess at the start, a prompt that was cut.
        known.ratio = Math.min(2, Math.max(0.3, input / estimate));
        known.basis = estimate;
      }
      const turns = request.turns.length;
      known.prompts.unshift({ turns, mark: markOf(request, turns, prefixes), input });
      if (known.prompts.length > mostPrompts) known.prompts.pop();
    },
    count(target, request) {
      const known = targets.get(target);
      const prefixes = estimatePrefixes(request);
      const estimate = prefixes.at(-1) ?? 0;
      if (known === undefined) return { tokens: estimate, learned: false };
      const marks = new Map<number, string>();
      let same: Known["prompts"][number] | undefined;
      for (const prompt of known.prompts) {
        const { turns } = prompt;
        if (turns > request.turns.length || (same !== undefined && turns <= same.turns)) continue;
        const mark = marks.get(turns) ?? markOf(request, turns, prefixes);
        marks.set(turns, mark);
        if (mark === prompt.mark) same = prompt;
      }
      if (same === undefined) return { tokens: Math.max(1, Math.ceil(estimate * known.ratio)), learned: true };
      const added = estimate - (prefixes[same.turns] ?? estimate);
      return { tokens: Math.ceil(same.input + added * known.ratio), learned: true };
    },
  };
}

/** Tells conversations apart without hashing megabytes after each reply: how much there is, and the last turn word for word. */
function markOf(request: Request, turns: number, prefixes: readonly number[]): string {
  const last = JSON.stringify(request.turns[turns - 1] ?? null, (key, value: unknown) => (key === "cache" ? undefined : value));
  // A short turn is kept as it is: hashing it would take longer than all the rest here.
  const word = last.length < 2048 ? last : createHash("sha256").update(last).digest("base64");
  return `${prefixes[turns]} ${request.tools.length} ${word}`;
}
