import type { Row } from "./row.ts";

export const vllm: Row = {
  id: "vllm",
  name: "vLLM",
  kind: "local",
  speaks: {
    chat: { baseUrl: "http://127.0.0.1:8000/v1" },
    messages: { baseUrl: "http://127.0.0.1:8000" },
    responses: { baseUrl: "http://127.0.0.1:8000/v1" },
  },
  better: {
    responses: {
      wire: "chat",
      reason: "its Responses endpoint refuses custom tools with a grammar and reasoning that comes back encrypted",
    },
  },
  key: { env: ["VLLM_API_KEY"], optional: true },
  baseUrlEnv: "VLLM_BASE_URL",
  quirks: {
    topK: true,
    // Its Messages endpoint knows no such block.
    documents: "placeholder",
    // It makes a grammar of the whole reply, in which no call has a place (vllm-project/vllm#39929).
    schemaBesideTools: false,
    // Schemas become grammars, which know no keyword about the schema itself.
    toolSchema: "no-meta",
    // Templates of GLM and MiniMax write null as "None", at which long sessions go astray (vllm-project/vllm#54337).
    wordlessCalls: "empty",
    prefill: "continue_final_message",
    reasoningRequest: "chat_template_kwargs",
    // Newer versions read `reasoning`, older ones `reasoning_content`.
    reasoningField: "both",
    reasoningTurns: "present",
    countsTokens: true,
    // Claude Code's first request ends with one, and so does the prompt that is made of it: models call no tool then (vllm-project/vllm#48874,
    // 0.24 to 0.32). Where a template takes system turns at the head only, each new one goes there, before all that its cache knows.
    nativeFaults: ["late-system"],
  },
  modelQuirks: {
    // With thinking switched off in its template, Kimi writes its reasoning as text.
    kimi: { reasoningRequest: "none" },
    // Its template has an effort and no switch.
    "gpt-oss": { reasoningRequest: "reasoning_effort", efforts: ["low", "medium", "high"] },
  },
  discover: "vllm",
  list: "exact",
  start: "vllm serve MODEL --enable-auto-tool-choice --tool-call-parser NAME",
  largerWindow: "vllm serve ... --max-model-len 65536",
  docs: "https://docs.vllm.ai",
};
