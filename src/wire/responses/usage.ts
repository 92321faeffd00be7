import { defined } from "../../model/defined.ts";
import type { Usage } from "../../model/event.ts";
import { countOf, isObject, type JsonObject, objectOf } from "../json.ts";
import { wholeInput } from "../whole-input.ts";

export function readUsage(usage: unknown): Usage {
  if (!isObject(usage)) return {};
  const inputDetails = objectOf(usage.input_tokens_details);
  const outputDetails = objectOf(usage.output_tokens_details);
  const input = countOf(usage.input_tokens);
  const cacheRead = countOf(inputDetails.cached_tokens);
  const output = countOf(usage.output_tokens);
  return defined({
    input: input && cacheRead ? wholeInput(input, cacheRead, output, countOf(usage.total_tokens)) : input,
    cacheRead,
    cacheWrite: countOf(inputDetails.cache_write_tokens),
    output,
    reasoning: countOf(outputDetails.reasoning_tokens),
  });
}

/** Codex fails a turn whose usage lacks a total, and OpenAI's schema demands every figure; null where nobody counted. */
export function writeUsage(usage: Usage): JsonObject | null {
  const { input, output, cacheRead, cacheWrite, reasoning } = usage;
  if (input === undefined && output === undefined) return null;
  return {
    input_tokens: input ?? 0,
    input_tokens_details: { cached_tokens: cacheRead ?? 0, cache_write_tokens: cacheWrite ?? 0 },
    output_tokens: output ?? 0,
    output_tokens_details: { reasoning_tokens: reasoning ?? 0 },
    total_tokens: (input ?? 0) + (output ?? 0),
  };
}
