import type { Row } from "./row.ts";

export const minimax: Row = {
  id: "minimax",
  name: "MiniMax",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.minimax.io/v1" },
    messages: { baseUrl: "https://api.minimax.io/anthropic" },
    responses: { baseUrl: "https://api.minimax.io/v1" },
  },
  key: { env: ["MINIMAX_API_KEY", "MINIMAX_CN_API_KEY"] },
  quirks: {
    maxTokensField: "max_completion_tokens",
    // Parts the thoughts from the text.
    chatBody: { reasoning_split: true },
    reasoningRequest: "none",
    // The M2 family works from its earlier thoughts.
    reasoningField: "reasoning_details",
    reasoningTurns: "present",
    betas: "none",
  },
  modelQuirks: {
    "MiniMax-M3.1": {
      // It gives its reasoning in this field, without details.
      reasoningField: "reasoning_content",
      // It always thinks, and as hard as it can where nothing is said. M3 refuses an effort.
      reasoningRequest: "reasoning_effort",
      efforts: ["low", "medium", "high", "xhigh", "max"],
    },
  },
  discover: "none",
  limits: {
    "MiniMax-M3.1-Flash": { context: 1_000_000, maxOutput: 524_288 },
    "MiniMax-M3": { context: 1_000_000, maxOutput: 524_288 },
    "MiniMax-M2.7": { context: 204_800, maxOutput: 131_072 },
  },
  docs: "https://platform.minimax.io/docs",
  unchecked: true,
};
