import type { Row } from "./row.ts";

export const deepseek: Row = {
  id: "deepseek",
  name: "DeepSeek",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.deepseek.com" },
    messages: { baseUrl: "https://api.deepseek.com/anthropic" },
    responses: { baseUrl: "https://api.deepseek.com" },
  },
  key: { env: ["DEEPSEEK_API_KEY"] },
  quirks: {
    // A forced choice is refused while the model thinks, and the flash model refuses the field itself then; a named function always is.
    forcedTools: "required",
    refusedWhileThinking: ["tool_choice"],
    reasoningRequest: "thinking",
    efforts: ["none", "low", "high", "max"],
    // 400 without it on assistant turns with calls; an empty string is taken where it was lost.
    reasoningField: "reasoning_content",
    reasoningTurns: "all",
    // 400 "No tool output found for tool call" where words or reasoning stand between calls.
    callsLast: true,
    betas: "none",
  },
  modelQuirks: {
    "deepseek-v4-pro": { efforts: ["none", "high", "max"], images: false, systemAnywhere: true },
    // The name of the R1 line: it refuses reasoning from before the last user turn, and calls after it without.
    "deepseek-reasoner": { reasoningRequest: "none", reasoningTurns: "current" },
  },
  // Its list has ids only.
  limits: { deepseek: { context: 1_000_000, maxOutput: 384_000 } },
  docs: "https://api-docs.deepseek.com",
  unchecked: true,
};
