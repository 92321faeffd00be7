import { ollama } from "./ollama.ts";
import type { Row } from "./row.ts";

/** Ollama's own server at ollama.com: the same endpoints, with a key and whole windows. */
export const ollamaCloud: Row = {
  id: "ollama-cloud",
  name: "Ollama Cloud",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://ollama.com/v1" },
    messages: { baseUrl: "https://ollama.com" },
    responses: { baseUrl: "https://ollama.com/v1" },
  },
  better: ollama.better,
  // Bearer only: x-api-key is not read.
  key: { env: ["OLLAMA_API_KEY"] },
  quirks: ollama.quirks,
  // More is a 400.
  modelQuirks: { "deepseek-v4": { maxOutput: 65_536 } },
  discover: "ollama",
  list: "exact",
  // Its models are asked for their windows; of their output they say nothing.
  limits: { "glm-5.3": { maxOutput: 131_072 }, "kimi-k3": { maxOutput: 131_072 } },
  withoutTools: ollama.withoutTools,
  docs: "https://docs.ollama.com/cloud",
  unchecked: true,
};
