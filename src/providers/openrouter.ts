import type { Row } from "./row.ts";

export const openrouter: Row = {
  id: "openrouter",
  name: "OpenRouter",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://openrouter.ai/api/v1" },
    messages: { baseUrl: "https://openrouter.ai/api" },
    responses: { baseUrl: "https://openrouter.ai/api/v1" },
  },
  // "Only guaranteed to work with the Anthropic first-party provider": its Messages endpoint translates for all other models.
  modelWires: { "anthropic/": ["messages", "chat", "responses"], "": ["chat", "responses"] },
  better: { responses: { wire: "chat", reason: "its Responses endpoint is beta and stateless; on chat its reasoning comes back whole" } },
  key: { env: ["OPENROUTER_API_KEY"] },
  sessionHeader: "x-session-id",
  quirks: {
    topK: true,
    // Of any model: where the model's own maker has no search, OpenRouter's.
    webSearch: { chat: "openrouter:web_search" },
    documents: "file",
    documentUrls: true,
    reasoningRequest: "openrouter",
    efforts: ["none", "minimal", "low", "medium", "high", "xhigh", "max"],
    // Unchanged and in order on the turns with calls: encrypted parts are bound to them.
    reasoningField: "reasoning_details",
    reasoningTurns: "present",
  },
  // Hands the rule of DeepSeek's own API through.
  modelQuirks: { "deepseek/": { reasoningField: "reasoning_content", reasoningTurns: "all" } },
  docs: "https://openrouter.ai/docs",
  unchecked: true,
};
