import type { Row } from "./row.ts";

export const mistral: Row = {
  id: "mistral",
  name: "Mistral",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://api.mistral.ai/v1" } },
  key: { env: ["MISTRAL_API_KEY"] },
  quirks: {
    // Unknown fields are a 422; usage comes in the last chunk unasked.
    refusedFields: ["stream_options", "user", "store", "seed"],
    // What is read from the cache costs a tenth, and the key leads to it.
    knownFields: ["prompt_cache_key"],
    // "Tool call id must be a-z, A-Z, 0-9, with a length of 9."
    toolIds: "nine-letters",
    toolSchema: "no-meta",
    // "Unexpected role 'user' after role 'tool'."
    assistantAfterTool: true,
    strictAlternation: true,
    prefill: "prefix",
    echoesPrefill: true,
    toolImages: true,
    // Its parts of a message have no file with data in it, but document_url, which takes a data URI too.
    documents: "url",
    documentUrls: true,
    efforts: ["none", "high"],
    // At most one thinking part, in front; reasoning_content is an unknown field.
    reasoningField: "parts",
    reasoningTurns: "present",
  },
  modelQuirks: {
    "mistral-large-4": { efforts: ["low", "medium", "high"] },
    "zai-glm": { efforts: ["low", "high", "max"] },
    // Models without reasoning do not take the field.
    codestral: { reasoningRequest: "none", reasoningField: "none", images: false },
  },
  // Its list has windows, but no output limits.
  limits: {
    "mistral-large-4": { maxOutput: 262_144 },
    "mistral-medium": { maxOutput: 262_144 },
    "zai-glm": { maxOutput: 131_072 },
    codestral: { context: 256_000, maxOutput: 4_096 },
  },
  docs: "https://docs.mistral.ai/api",
  unchecked: true,
};
