import type { Row } from "./row.ts";

export const litellm: Row = {
  id: "litellm",
  name: "LiteLLM proxy",
  kind: "local",
  speaks: {
    chat: { baseUrl: "http://127.0.0.1:4000/v1" },
    messages: { baseUrl: "http://127.0.0.1:4000" },
    responses: { baseUrl: "http://127.0.0.1:4000/v1" },
  },
  // For models of other makers it translates Messages itself, with faults in the stream's blocks; for these it hands them through.
  modelWires: {
    claude: ["messages"],
    "anthropic/": ["messages"],
    "bedrock/anthropic": ["messages"],
    "": ["chat", "messages", "responses"],
  },
  better: {
    messages: { wire: "chat", reason: "its translated Messages streams open blocks wrongly for some models" },
    responses: { wire: "chat", reason: "it translates Responses itself for nearly all models" },
  },
  key: { env: ["LITELLM_API_KEY", "LITELLM_MASTER_KEY"], optional: true },
  baseUrlEnv: "LITELLM_BASE_URL",
  quirks: {
    // Its Anthropic targets refuse a history with calls but no tools.
    toolsForHistory: true,
  },
  discover: "litellm",
  // Hands every request on.
  forwards: { when: "always" },
  start: "litellm --config config.yaml",
  docs: "https://docs.litellm.ai",
  unchecked: true,
};
