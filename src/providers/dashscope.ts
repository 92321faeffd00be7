import type { Row } from "./row.ts";

/** Keys are bound to a region and a plan; other hosts: dashscope.aliyuncs.com (Beijing), coding-intl.dashscope.aliyuncs.com (coding plan). */
export const dashscope: Row = {
  id: "dashscope",
  name: "Alibaba Model Studio (Qwen)",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1" },
    messages: { baseUrl: "https://dashscope-intl.aliyuncs.com/apps/anthropic" },
  },
  key: { env: ["DASHSCOPE_API_KEY"] },
  quirks: {
    reasoningRequest: "enable_thinking",
    refusedFields: ["store"],
    betas: "none",
  },
  // Its older models have the switch alone.
  modelQuirks: {
    "qwen3.8": { efforts: ["none", "low", "medium", "xhigh"] },
    "deepseek-v4": { efforts: ["none", "high", "max"] },
    "deepseek-v4.1-flash": { efforts: ["low", "high", "max"] },
  },
  limits: {
    "qwen3.8": { context: 1_000_000, maxOutput: 131_072 },
    "deepseek-v4.1-flash": { context: 1_000_000, maxOutput: 384_000 },
  },
  docs: "https://www.alibabacloud.com/help/model-studio",
  unchecked: true,
};
