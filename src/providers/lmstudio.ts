import type { Row } from "./row.ts";

export const lmstudio: Row = {
  id: "lmstudio",
  name: "LM Studio",
  kind: "local",
  speaks: {
    chat: { baseUrl: "http://127.0.0.1:1234/v1" },
    messages: { baseUrl: "http://127.0.0.1:1234" },
    responses: { baseUrl: "http://127.0.0.1:1234/v1" },
  },
  better: {
    messages: {
      wire: "chat",
      reason: "its Messages endpoint leaks tool calls as text with some models; on chat they are found and mended",
    },
  },
  ownApi: ["/api/v1", "/api/v0"],
  // Only where tokens are switched on in its settings.
  key: { env: ["LM_API_TOKEN", "LMSTUDIO_API_KEY", "LM_STUDIO_API_KEY"], optional: true },
  baseUrlEnv: "LM_STUDIO_BASE_URL",
  quirks: {
    topK: true,
    // Schemas become grammars, which know no keyword about the schema itself.
    toolSchema: "no-meta",
    // Strings only: none, auto, required.
    forcedTools: "required",
    // Templates of Qwen and GLM do not know null.
    wordlessCalls: "empty",
    // Unconfirmed: that it hands this field to the template. Others of the same engines do.
    reasoningField: "reasoning_content",
    reasoningTurns: "present",
    nativeFaults: ["arguments"],
  },
  // An effort is for these alone.
  modelQuirks: { "gpt-oss": { efforts: ["low", "medium", "high"] } },
  discover: "lmstudio",
  list: "whole",
  start: "lms server start",
  largerWindow: "lms load MODEL --context-length 65536",
  docs: "https://lmstudio.ai/docs/developer",
  unchecked: true,
};
