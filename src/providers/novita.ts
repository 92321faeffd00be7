import type { Row } from "./row.ts";

export const novita: Row = {
  id: "novita",
  name: "Novita AI",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.novita.ai/openai/v1" },
    messages: { baseUrl: "https://api.novita.ai/anthropic" },
  },
  better: { messages: { wire: "chat", reason: "only those of its models whose list of endpoints says so are served on Messages" } },
  key: { env: ["NOVITA_API_KEY"] },
  // Unconfirmed how thinking is switched here, so that nothing is sent.
  quirks: { reasoningRequest: "none", betas: "none" },
  limits: {
    "moonshotai/kimi-k3": { context: 1_048_576, maxOutput: 1_048_576 },
    "deepseek/deepseek-v4-pro": { context: 1_048_576, maxOutput: 393_216 },
    "zai-org/glm-5.2": { context: 1_048_576, maxOutput: 131_072 },
  },
  docs: "https://novita.ai/docs",
  unchecked: true,
};
