import type { Row } from "./row.ts";

export const wafer: Row = {
  id: "wafer",
  name: "Wafer",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://pass.wafer.ai/v1" } },
  key: { env: ["WAFER_API_KEY", "WAFER_SERVERLESS_API_KEY"] },
  quirks: { efforts: ["none", "low", "high", "max"] },
  modelQuirks: {
    "kimi-k3": { efforts: ["none", "high", "max"] },
    qwen3: { efforts: ["none", "low", "medium", "high", "max"] },
    // Unconfirmed that older ones are still served: they keep their reasoning between calls like the newer.
    deepseek: { reasoningField: "reasoning_content", reasoningTurns: "all" },
  },
  docs: "https://docs.wafer.ai",
  unchecked: true,
};
