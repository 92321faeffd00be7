import type { Row } from "./row.ts";

export const cerebras: Row = {
  id: "cerebras",
  name: "Cerebras Inference",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://api.cerebras.ai/v1" } },
  key: { env: ["CEREBRAS_API_KEY"] },
  quirks: {
    maxTokensField: "max_completion_tokens",
    // Qwen's default is "raw": thoughts inside the text.
    chatBody: { reasoning_format: "parsed" },
    efforts: ["low", "medium", "high"],
    // reasoning_content is refused: 400 wrong_api_format.
    reasoningField: "reasoning",
    reasoningTurns: "present",
    images: false,
    wordlessOverflow: true,
  },
  modelQuirks: { qwen: { efforts: ["none", "low", "medium", "high"], images: true }, "gemma-4": { images: true } },
  // Its list has neither. The output limit is reserved from the quota of a minute in advance.
  limits: { "": { context: 131_072, maxOutput: 40_960 } },
  docs: "https://inference-docs.cerebras.ai",
  unchecked: true,
};
