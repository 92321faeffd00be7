import type { Row } from "./row.ts";

export const xai: Row = {
  id: "xai",
  name: "xAI",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.x.ai/v1" },
    responses: { baseUrl: "https://api.x.ai/v1" },
  },
  better: { messages: { wire: "responses", reason: "its chat endpoint is legacy and returns no reasoning" } },
  key: { env: ["XAI_API_KEY"] },
  sessionHeader: "x-grok-conv-id",
  quirks: {
    // A schema with anyOf or oneOf at its root is a 400.
    toolSchema: "plain",
    // Its reasoning models take no stop strings.
    refusedFields: ["stop"],
    efforts: ["low", "medium", "high", "xhigh"],
  },
  // "Model grok-4-1-fast-reasoning does not support parameter reasoningEffort": how hard these think is their own matter.
  modelQuirks: {
    "grok-build": { reasoningRequest: "none" },
    "grok-code": { reasoningRequest: "none" },
    "grok-4-fast": { reasoningRequest: "none" },
    "grok-4-1-fast": { reasoningRequest: "none" },
    "grok-4.20-0309": { reasoningRequest: "none" },
  },
  limits: { "grok-4": { context: 500_000 } },
  docs: "https://docs.x.ai",
  unchecked: true,
};
