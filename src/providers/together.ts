import type { Row } from "./row.ts";

export const together: Row = {
  id: "together",
  name: "Together AI",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://api.together.ai/v1" } },
  key: { env: ["TOGETHER_API_KEY"] },
  quirks: {
    refusedFields: ["store"],
    // Most models have a switch alone; an effort is for the two below.
    reasoningRequest: "reasoning_enabled",
  },
  modelQuirks: {
    "deepseek-ai/DeepSeek-V4-Pro": { efforts: ["high", "max"] },
    "openai/gpt-oss": { reasoningRequest: "reasoning_effort", efforts: ["low", "medium", "high"] },
  },
  limits: {
    "zai-org/GLM-5.3": { maxOutput: 262_144 },
    "moonshotai/Kimi-K3.1-Pro": { maxOutput: 131_072 },
    "deepseek-ai/DeepSeek-V4.1-Flash": { maxOutput: 384_000 },
  },
  docs: "https://docs.together.ai",
  unchecked: true,
};
