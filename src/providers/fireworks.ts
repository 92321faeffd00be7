import type { Row } from "./row.ts";

export const fireworks: Row = {
  id: "fireworks",
  name: "Fireworks AI",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.fireworks.ai/inference/v1" },
    messages: { baseUrl: "https://api.fireworks.ai/inference" },
    responses: { baseUrl: "https://api.fireworks.ai/inference/v1" },
  },
  key: { env: ["FIREWORKS_API_KEY"] },
  // Keeps a conversation where its cache is.
  sessionHeader: "x-session-affinity",
  quirks: {
    efforts: ["none", "low", "high", "max"],
    // Which turns carry it goes by the model's family: Kimi is refused without it.
    reasoningField: "reasoning_content",
    refusedMessagesFields: ["tools.cache_control", "tools.eager_input_streaming"],
    betas: "none",
  },
  // The plain list can answer 500 to accounts without deployments; this one has windows.
  modelsUrl: "https://api.fireworks.ai/v1/accounts/fireworks/models?filter=supports_serverless%3Dtrue&pageSize=200",
  limits: {
    "accounts/fireworks/models/glm-5p3": { maxOutput: 262_144 },
    "accounts/fireworks/models/kimi-k3p1-pro": { maxOutput: 131_072 },
    "accounts/fireworks/models/deepseek-v4p1-flash": { maxOutput: 384_000 },
  },
  docs: "https://docs.fireworks.ai",
  unchecked: true,
};
