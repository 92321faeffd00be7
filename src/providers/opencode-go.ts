import { gptQuirks, opencode } from "./opencode.ts";
import type { Row } from "./row.ts";

/** OpenCode's subscription, by the same gateway. */
export const opencodeGo: Row = {
  ...opencode,
  id: "opencode-go",
  name: "OpenCode Go",
  speaks: {
    chat: { baseUrl: "https://opencode.ai/inference/go/openai/v1" },
    messages: { baseUrl: "https://opencode.ai/inference/go/anthropic" },
    responses: { baseUrl: "https://opencode.ai/inference/go/openai/v1" },
  },
  modelWires: {
    "claude-": ["messages"],
    qwen: ["messages"],
    "minimax-m3": ["messages"],
    "minimax-m3.1": ["chat"],
    "gpt-": ["responses"],
    "grok-": ["responses"],
    "muse-": ["responses"],
    "gemini-": [],
    "": ["chat"],
  },
  key: { env: ["OPENCODE_API_KEY"] },
  modelQuirks: {
    "gpt-6": gptQuirks,
    // Both refuse tool_choice.
    deepseek: { reasoningRequest: "thinking", efforts: ["none", "high", "max"], forcedTools: "auto", refusedFields: ["tool_choice"] },
    mimo: { forcedTools: "auto", refusedFields: ["tool_choice"] },
  },
  modelsUrl: "https://opencode.ai/zen/go/v1/models",
  limits: {
    "glm-5.3": { context: 1_000_000, maxOutput: 131_072 },
    "kimi-k3": { context: 1_048_576, maxOutput: 131_072 },
    "deepseek-v4-pro": { context: 1_000_000, maxOutput: 384_000 },
    "qwen3.8-max": { context: 1_000_000, maxOutput: 131_072 },
  },
  docs: "https://opencode.ai/docs/go",
  unchecked: true,
};
