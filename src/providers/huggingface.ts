import type { Row } from "./row.ts";

/** What a model takes depends on the company that serves it (`model:provider`). */
export const huggingface: Row = {
  id: "huggingface",
  name: "Hugging Face Inference Providers",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://router.huggingface.co/v1" },
    messages: { baseUrl: "https://router.huggingface.co" },
    responses: { baseUrl: "https://router.huggingface.co/v1" },
  },
  key: { env: ["HF_TOKEN"] },
  quirks: { betas: "none" },
  limits: {
    "zai-org/GLM-5.3": { context: 1_048_576, maxOutput: 131_072 },
    "deepseek-ai/DeepSeek-V4.1-Flash": { context: 1_048_576, maxOutput: 384_000 },
    "moonshotai/Kimi-K3": { context: 1_000_000, maxOutput: 131_072 },
  },
  docs: "https://huggingface.co/docs/inference-providers",
  unchecked: true,
};
