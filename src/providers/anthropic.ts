import type { Row } from "./row.ts";

/** Its OpenAI layer is meant for tests only, so that Messages is the one wire here. */
export const anthropic: Row = {
  id: "anthropic",
  name: "Anthropic",
  kind: "cloud",
  speaks: { messages: { baseUrl: "https://api.anthropic.com" } },
  key: { env: ["ANTHROPIC_API_KEY"] },
  auth: "x-api-key",
  // Ids of tool calls that another model wrote: "String should match pattern '^[a-zA-Z0-9_-]+$'"; arguments of tools as MCP servers name them:
  // "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'".
  quirks: {
    countsTokens: true,
    keepsThreads: true,
    systemAnywhere: true,
    toolIds: "safe",
    propertyNames: "safe",
    nativeFaults: ["content-rules"],
    webSearch: { messages: "web_search_20250305" },
  },
  discover: "anthropic",
  limits: {
    "claude-": { context: 200_000 },
    "claude-opus-5": { context: 1_000_000, maxOutput: 128_000 },
    "claude-sonnet-5": { context: 1_000_000, maxOutput: 128_000 },
    "claude-haiku-5": { context: 1_000_000, maxOutput: 128_000 },
  },
  docs: "https://platform.claude.com/docs",
  unchecked: true,
};
