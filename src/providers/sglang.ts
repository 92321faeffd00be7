import type { Row } from "./row.ts";

export const sglang: Row = {
  id: "sglang",
  name: "SGLang",
  kind: "local",
  speaks: {
    chat: { baseUrl: "http://127.0.0.1:30000/v1" },
    messages: { baseUrl: "http://127.0.0.1:30000" },
    responses: { baseUrl: "http://127.0.0.1:30000/v1" },
  },
  better: {
    messages: {
      wire: "chat",
      reason: "its Messages stream gives the first of several calls the arguments of all (sgl-project/sglang#39782)",
    },
    // Unconfirmed for its present version.
    responses: { wire: "chat", reason: "its Responses endpoint is made for its own hosted tools" },
  },
  key: { env: ["SGLANG_API_KEY"], optional: true },
  baseUrlEnv: "SGLANG_BASE_URL",
  quirks: {
    // max_tokens is deprecated there.
    maxTokensField: "max_completion_tokens",
    topK: true,
    // Schemas become grammars, which know no keyword about the schema itself.
    toolSchema: "no-meta",
    // "none" switches thinking off in the template too.
    reasoningRequest: "reasoning_effort",
    efforts: ["none", "minimal", "low", "medium", "high", "xhigh", "max"],
    reasoningField: "reasoning_content",
    reasoningTurns: "present",
    countsTokens: true,
  },
  // With thinking switched off in its template, Kimi writes its reasoning as text.
  modelQuirks: { kimi: { efforts: ["low", "high", "max"] } },
  discover: "sglang",
  list: "whole",
  start: "python -m sglang.launch_server --model-path MODEL --tool-call-parser NAME",
  largerWindow: "python -m sglang.launch_server ... --context-length 65536",
  docs: "https://docs.sglang.io",
  unchecked: true,
};
