import type { Row } from "./row.ts";

/** Its Messages endpoint is confirmed for the Chinese host (api.siliconflow.cn) only, whose keys are others. */
export const siliconflow: Row = {
  id: "siliconflow",
  name: "SiliconFlow",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://api.siliconflow.com/v1" } },
  key: { env: ["SILICONFLOW_API_KEY"] },
  quirks: { reasoningRequest: "enable_thinking" },
  modelsUrl: "https://api.siliconflow.com/v1/models?sub_type=chat",
  limits: {
    "zai-org/GLM-5.3": { context: 1_049_000, maxOutput: 262_000 },
    "deepseek-ai/DeepSeek-V4-Pro": { context: 1_000_000, maxOutput: 384_000 },
    "moonshotai/Kimi-K3": { context: 1_048_576, maxOutput: 262_000 },
  },
  docs: "https://docs.siliconflow.com",
  unchecked: true,
};
