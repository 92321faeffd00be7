import type { Usage, UsageSoFar } from "../../model/event.ts";
import { countOf, isObject, type JsonObject, objectOf } from "../json.ts";
import { wholeInput } from "../whole-input.ts";

/**
 * Takes the figures of one chunk over what is known. Servers repeat usage in each chunk (vLLM's continuous_usage_stats: cumulative), put it into the
 * choice (Kimi), into `x_groq`, or only into `timings` (llama.cpp without include_usage), so the last figure counts and nothing is summed.
 */
export function takeUsage(chunk: JsonObject, choice: JsonObject | undefined, known: UsageSoFar): void {
  const groq = isObject(chunk.x_groq) ? chunk.x_groq.usage : undefined;
  let found = false;
  for (const usage of [groq, choice?.usage, chunk.usage]) if (isObject(usage)) found = takeFigures(usage, known) || found;
  if (!found && known.input === undefined && isObject(chunk.timings)) takeTimings(chunk.timings, known);
}

function takeFigures(usage: JsonObject, known: UsageSoFar): boolean {
  const input = countOf(usage.prompt_tokens) ?? countOf(usage.input_tokens);
  const total = countOf(usage.total_tokens);
  const rest = input && total !== undefined && total > input ? total - input : undefined;
  const output = countOf(usage.completion_tokens) ?? countOf(usage.output_tokens) ?? rest;
  // No prompt has zero tokens: servers that do not count write zeros everywhere.
  if (!input && !output) return false;
  if (input) known.input = input;
  if (output !== undefined) known.output = output;

  const prompt = objectOf(usage.prompt_tokens_details ?? usage.prompt_token_details ?? usage.input_tokens_details);
  const read =
    countOf(usage.num_cached_tokens) ??
    countOf(prompt.cached_tokens) ??
    countOf(usage.prompt_cache_hit_tokens) ??
    countOf(usage.cached_tokens) ??
    countOf(usage.cache_read_input_tokens);
  const write =
    countOf(prompt.cache_write_tokens) ??
    countOf(prompt.cache_creation_tokens) ??
    countOf(prompt.created_cache_tokens) ?? // vLLM
    countOf(prompt.cached_creation_tokens) ?? // new-api
    countOf(usage.cache_creation_input_tokens);
  if (input && read !== undefined) known.input = wholeInput(input, read, output, total);
  if (read !== undefined) known.cacheRead = Math.min(read, known.input ?? read);
  if (write !== undefined) known.cacheWrite = Math.min(write, known.input === undefined ? write : known.input - (known.cacheRead ?? 0));

  const completion = objectOf(usage.completion_tokens_details ?? usage.output_tokens_details);
  const reasoning = countOf(completion.reasoning_tokens) ?? countOf(usage.reasoning_tokens);
  if (reasoning === undefined) return true;
  known.reasoning = reasoning;
  // xAI counts reasoning beside the completion; its total tells.
  if (reasoning > 0 && input && output !== undefined && total === input + output + reasoning) known.output = output + reasoning;
  return true;
}

function takeTimings(timings: JsonObject, known: UsageSoFar): void {
  const prompt = countOf(timings.prompt_n);
  const output = countOf(timings.predicted_n);
  if (prompt === undefined || output === undefined) return;
  const cached = countOf(timings.cache_n) ?? 0;
  known.input = prompt + cached;
  known.output = output;
  if (cached > 0) known.cacheRead = cached;
}

/** Usage in this wire's words, where `prompt_tokens` includes what came from the cache. */
export function writeUsage(usage: Usage): JsonObject {
  const { input = 0, output = 0, cacheRead, cacheWrite, reasoning } = usage;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cacheRead === undefined && cacheWrite === undefined
      ? {}
      : {
          prompt_tokens_details: { cached_tokens: cacheRead ?? 0, ...(cacheWrite === undefined ? {} : { cache_write_tokens: cacheWrite }) },
        }),
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}
