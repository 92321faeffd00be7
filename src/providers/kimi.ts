import type { Quirks } from "../model/quirks.ts";
import type { Row } from "./row.ts";

/** Of a model whose thinking can be switched off: it takes a forced choice then. */
export const thinkingOnAndOff: Quirks = {
  reasoningRequest: "thinking",
  efforts: ["none", "high"],
  forcedTools: "enforced",
  refusedWhileThinking: ["tool_choice"],
};

export const kimi: Row = {
  id: "kimi",
  name: "Moonshot AI (Kimi API platform)",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.moonshot.ai/v1" },
    messages: { baseUrl: "https://api.moonshot.ai/anthropic" },
    responses: { baseUrl: "https://api.moonshot.ai/v1" },
  },
  key: { env: ["MOONSHOT_API_KEY", "KIMI_API_KEY"] },
  quirks: {
    // Fixed on kimi models: a changed value is a 400.
    refusedFields: ["temperature", "top_p"],
    maxStops: 5,
    longestStop: 32,
    toolSchema: "moonshot",
    // A forced choice is not taken while the model thinks, and it always thinks.
    forcedTools: "auto",
    // System turns are taken in the middle of the conversation.
    systemAnywhere: true,
    // Thinking cannot be switched off: "none" is a 400.
    efforts: ["low", "high", "max"],
    // 400 where an assistant turn comes back without it, or with nothing in it: K2.5 and K2.6 take a space.
    reasoningField: "reasoning_content",
    reasoningTurns: "all",
    noReasoning: " ",
    betas: "none",
  },
  modelQuirks: {
    "kimi-k2.7-code": { reasoningRequest: "none" },
    "kimi-k2.6": thinkingOnAndOff,
    "kimi-k2.5": thinkingOnAndOff,
  },
  // Its list leaves the limits of the newer models out. The output limit counts against the quota in advance.
  limits: { "kimi-k3": { context: 1_048_576, maxOutput: 131_072 }, "kimi-k2": { context: 262_144, maxOutput: 131_072 } },
  docs: "https://platform.kimi.ai/docs",
  unchecked: true,
};
