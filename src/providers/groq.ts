import type { Row } from "./row.ts";

export const groq: Row = {
  id: "groq",
  name: "Groq",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.groq.com/openai/v1" },
    responses: { baseUrl: "https://api.groq.com/openai/v1" },
  },
  better: { responses: { wire: "chat", reason: "its Responses endpoint is beta" } },
  key: { env: ["GROQ_API_KEY"] },
  quirks: {
    // max_tokens is deprecated there.
    maxTokensField: "max_completion_tokens",
    maxStops: 4,
    knownFields: ["seed", "store", "user"],
    // Otherwise a call of a tool that does not exist is a 400, and the client never sees it.
    chatBody: { disable_tool_validation: true },
    efforts: ["low", "medium", "high"],
    // "property 'reasoning_content' is unsupported".
    reasoningField: "reasoning",
    reasoningTurns: "present",
    images: false,
    // "json mode cannot be combined with tool/function calling".
    schemaBesideTools: false,
  },
  modelQuirks: { "qwen/": { efforts: ["none", "low", "medium", "high"], images: true } },
  // Its list has windows; the output limits are in newer answers only.
  limits: {
    "openai/gpt-oss": { context: 131_072, maxOutput: 65_536 },
    "qwen/qwen3.8-27b": { context: 131_072, maxOutput: 16_384 },
  },
  docs: "https://console.groq.com/docs",
  unchecked: true,
};
