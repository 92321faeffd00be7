import { createHash } from "node:crypto";
import { estimateTokens } from "../mend/estimate.ts";
import type { Request } from "../model/request.ts";

/**
 * What prompts really counted, by target: the ratio of the provider's count to our estimate, and the exact counts of the latest prompts,
 * so that a conversation that goes on is counted from its last exact figure.
 */
export interface Counts {
  learn(target: string, request: Request, input: number): void;
  /** Tokens. `exact`: a ratio was learned for this target; otherwise the estimate errs high. */
  count(target: string, request: Request): { readonly tokens: number; readonly learned: boolean };
}

interface Known {
  ratio: number;
  readonly prompts: { readonly turns: number; readonly prefix: string; readonly input: number }[];
}

/** Conversations that are remembered at once: the main one and its sub-agents. */
const mostPrompts = 16;

export function createCounts(): Counts {
  const targets = new Map<string, Known>();
  return {
    learn(target, request, input) {
      const estimate = estimateTokens(request);
      if (input <= 0 || estimate <= 0) return;
      const known = targets.get(target) ?? { ratio: 1, prompts: [] };
      targets.set(target, known);
      // Far beyond these it was no count of this prompt: a guess at the start, a prompt that was cut.
      known.ratio = Math.min(2, Math.max(0.3, input / estimate));
      known.prompts.unshift({ turns: request.turns.length, prefix: prefixOf(request, request.turns.length, estimate), input });
      if (known.prompts.length > mostPrompts) known.prompts.pop();
    },
    count(target, request) {
      const known = targets.get(target);
      const estimate = estimateTokens(request);
      if (known === undefined) return { tokens: estimate, learned: false };
      const prefixes = new Map<number, string>();
      const same = known.prompts
        .filter(({ turns, prefix }) => {
          if (turns > request.turns.length) return false;
          const own = prefixes.get(turns) ?? prefixOf(request, turns);
          prefixes.set(turns, own);
          return own === prefix;
        })
        .reduce<(typeof known.prompts)[number] | undefined>(
          (best, one) => (best === undefined || one.turns > best.turns ? one : best),
          undefined,
        );
      if (same === undefined) return { tokens: Math.max(1, Math.ceil(estimate * known.ratio)), learned: true };
      const added = estimateTokens({ ...request, tools: [], turns: request.turns.slice(same.turns) });
      const rest = request.turns.length === same.turns ? 0 : added * known.ratio;
      return { tokens: Math.ceil(same.input + rest), learned: true };
    },
  };
}

/** Tells conversations apart without hashing megabytes after each reply: how much there is, and the last turn word for word. */
function prefixOf(
  request: Request,
  turns: number,
  estimate = estimateTokens({ ...request, turns: request.turns.slice(0, turns) }),
): string {
  const last = JSON.stringify(request.turns[turns - 1] ?? null, (key, value: unknown) => (key === "cache" ? undefined : value));
  return `${estimate} ${request.tools.length} ${createHash("sha256").update(last).digest("base64")}`;
}
