import { defined } from "../../model/defined.ts";
import type { Usage, UsageSoFar } from "../../model/event.ts";
import { countOf, type JsonObject, objectOf } from "../json.ts";

/**
 * On this wire `input_tokens` does not include what was read from the cache or written to it. All four figures are always present: clients add
 * them up unchecked.
 */
export function writeUsage(usage: Usage): JsonObject {
  const read = usage.cacheRead ?? 0;
  const written = usage.cacheWrite ?? 0;
  return {
    input_tokens: Math.max(0, (usage.input ?? 0) - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: usage.output ?? 0,
    ...(usage.reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: usage.reasoning } }),
  };
}

/** Figures replace earlier ones, since they are cumulative and the first are often guesses (Ollama). */
export function readFigures(figures: UsageSoFar, usage: JsonObject): void {
  const input = countOf(usage.input_tokens);
  const cacheRead = countOf(usage.cache_read_input_tokens);
  const cacheWrite = countOf(usage.cache_creation_input_tokens);
  const output = countOf(usage.output_tokens);
  const reasoning = countOf(objectOf(usage.output_tokens_details).thinking_tokens);
  // A server that fills in zeros at the end does not take back what it said at the start, unless it counts the prompt anew (Anthropic
  // after a compaction).
  const anew = input !== undefined && input > 0 && input !== figures.input;
  if (input !== undefined && (input > 0 || figures.input === undefined)) figures.input = input;
  if (cacheRead !== undefined && (cacheRead > 0 || anew || figures.cacheRead === undefined)) figures.cacheRead = cacheRead;
  if (cacheWrite !== undefined && (cacheWrite > 0 || anew || figures.cacheWrite === undefined)) figures.cacheWrite = cacheWrite;
  if (output !== undefined) figures.output = output;
  if (reasoning !== undefined) figures.reasoning = reasoning;
}

/** A prompt cannot have zero tokens: that means that no figure was given. */
export function usageOf({ input, cacheRead, cacheWrite, output, reasoning }: UsageSoFar): Usage {
  const whole = (input ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0);
  return whole > 0 ? defined({ input: whole, cacheRead, cacheWrite, output, reasoning }) : defined({ output, reasoning });
}
