import type { Quirks } from "../model/quirks.ts";
import type { Row } from "./row.ts";

/** The gateway's own three levels are those of the open models. */
export const gptQuirks: Quirks = { efforts: ["low", "medium", "high", "xhigh", "max"] };

export const opencode: Row = {
  id: "opencode",
  name: "OpenCode Zen",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://opencode.ai/inference/openai/v1" },
    messages: { baseUrl: "https://opencode.ai/inference/anthropic" },
    responses: { baseUrl: "https://opencode.ai/inference/openai/v1" },
  },
  // Each family is served on its maker's wire only. Gemini's is none of ours.
  modelWires: {
    "claude-": ["messages"],
    qwen3: ["messages"],
    "gpt-": ["responses"],
    "grok-": ["responses"],
    "muse-": ["responses"],
    "gemini-": [],
    "": ["chat"],
  },
  key: { env: ["OPENCODE_API_KEY", "OPENCODE_ZEN_API_KEY"] },
  // These addresses ask for one id for each conversation.
  sessionHeader: "x-opencode-session",
  // "Request is missing x-opencode-session and cannot be routed efficiently".
  needsSession: true,
  quirks: {
    efforts: ["low", "high", "max"],
    refusedMessagesFields: ["context_management"],
  },
  modelQuirks: {
    "gpt-6": gptQuirks,
    "kimi-k2.6": { reasoningRequest: "thinking", efforts: ["none", "high"], refusedFields: ["reasoning_effort"] },
  },
  modelsUrl: "https://opencode.ai/zen/v1/models",
  // Its list has ids only.
  limits: {
    "claude-": { context: 1_000_000, maxOutput: 128_000 },
    "gpt-6": { context: 1_050_000, maxOutput: 128_000 },
    "glm-5.3": { context: 1_000_000, maxOutput: 131_072 },
    "big-pickle": { context: 200_000, maxOutput: 32_000 },
    "deepseek-v4.1-flash-free": { context: 200_000, maxOutput: 32_000 },
  },
  docs: "https://opencode.ai/docs/zen",
  unchecked: true,
};
