import type { Refusal } from "./refusal.ts";

/** "max_tokens is too large: 32000. This model supports at most 4096": the field and the most it may be. */
export function refusedOutput(message: string): Refusal | undefined {
  for (const { pattern, capability } of limits) {
    const { field, most = "" } = pattern.exec(message)?.groups ?? {};
    if (field === undefined) continue;
    const tokens = Number(most.replace(/[,_]/g, ""));
    return {
      field: / |new/.test(field) ? "max_tokens" : field,
      ...(tokens > 0 ? { most: tokens } : {}),
      ...(capability === undefined ? {} : { capability }),
    };
  }
  return undefined;
}

const name = "[`'\"]?(?<field>max_(?:completion_|output_|new_)?tokens|max(?:imum)? (?:output|completion) tokens)[`'\"]?";
const figure = "(?<most>\\d[\\d,]*)";
const limits: readonly { readonly pattern: RegExp; readonly capability?: "max_tokens_context_overflow" }[] = [
  // vLLM
  { pattern: new RegExp(`${name}=\\d+ cannot be greater than max_model_len=${figure}`, "i"), capability: "max_tokens_context_overflow" },
  // Anthropic
  { pattern: new RegExp(`${name}[^.]{0,30}?: \\d+ > ${figure}`, "i") },
  // DeepSeek, DashScope
  { pattern: new RegExp(`range of ${name} (?:is|should be) \\[\\d+, ?${figure}\\]`, "i") },
  // OpenAI
  { pattern: new RegExp(`${name} is too large.*?at most ${figure}`, "is") },
  { pattern: new RegExp(`${name}[^.]{0,60}?\\b(?:limit|max|maximum)\\b[^\\d.]{0,20}${figure}`, "i") },
  // OpenAI's Responses: "Invalid 'max_output_tokens': integer above maximum value. Expected a value <= 128000, but got 200000 instead."
  { pattern: new RegExp(`${name}[^.]{0,60}?above maximum value.{0,40}?<= ?${figure}`, "i") },
  // Groq, and others in like words
  {
    pattern: new RegExp(
      `${name}[^.]{0,80}?(?:less than or equal to|at most|not exceed|exceeds?(?: the)?(?: model'?s?)?(?: maximum| limit)*(?: of)?|cannot be greater than|must be <=|no more than|maximum(?: value)?(?: of| is)?)[^\\d.]{0,30}${figure}`,
      "is",
    ),
  },
  // One that must be greater is the least.
  {
    pattern: new RegExp(`${name}[^.]{0,40}?(?<!(?:must|should) be )(?:greater|larger|higher|more) than[^\\d.]{0,40}${figure}`, "i"),
  },
  { pattern: new RegExp(`${name}[^.]{0,40}?between \\d+ and ${figure}`, "i") },
  { pattern: new RegExp(`(?:max|maximum)(?: allowed| supported)? ${name}[^\\d.]{0,40}(?:is|of|:|=) ?${figure}`, "i") },
  { pattern: new RegExp(`${name} (?:is )?too (?:large|high|big)`, "i") },
];
