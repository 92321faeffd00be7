import type { Row } from "./row.ts";

/**
 * Keys of the Coding Plan work on the Messages address and on .../api/coding/paas/v4 only: the other one answers "Insufficient balance or no resource
 * package" (andrewyng/openworker#66).
 */
export const zai: Row = {
  id: "zai",
  name: "Z.ai",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.z.ai/api/paas/v4" },
    messages: { baseUrl: "https://api.z.ai/api/anthropic" },
  },
  // The flash model with vision is served on chat only.
  modelWires: { "glm-5.3-flash": ["chat"] },
  paidByUse: "chat",
  key: { env: ["ZAI_API_KEY", "ZHIPU_API_KEY"] },
  quirks: {
    forcedTools: "only-auto",
    // Otherwise the arguments come in one piece.
    chatBody: { tool_stream: true },
    reasoningRequest: "thinking",
    efforts: ["low", "high", "max"],
    reasoningField: "reasoning_content",
    reasoningTurns: "present",
    // "Preserved thinking", which its documentation recommends for agents, is off by default but on the Coding Plan's address.
    clearsThinking: true,
    images: false,
    betas: "none",
  },
  modelQuirks: {
    "glm-5.3-flash": { images: true },
    "glm-5v": { images: true, efforts: ["none", "high"], refusedFields: ["reasoning_effort"] },
    "glm-4.5v": { images: true },
    "glm-4.6v": { images: true },
    // Before 5.2 thinking is on or off, and no effort is taken.
    "glm-4": { efforts: ["none", "high"], refusedFields: ["reasoning_effort"] },
    "glm-5-turbo": { efforts: ["none", "high"], refusedFields: ["reasoning_effort"] },
    // It reads "xhigh" as "max".
    "glm-5.2": { efforts: ["none", "high", "xhigh", "max"] },
  },
  // Its list lags behind what is served.
  discover: "none",
  limits: {
    "glm-5.3": { context: 1_000_000, maxOutput: 131_072 },
    "glm-5.3-flash": { context: 1_000_000, maxOutput: 131_072 },
    "glm-5.2": { context: 1_000_000, maxOutput: 131_072 },
  },
  docs: "https://docs.z.ai",
  unchecked: true,
};
