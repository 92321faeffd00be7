import type { Row } from "./row.ts";

export const llamacpp = {
  id: "llamacpp",
  name: "llama.cpp server",
  kind: "local",
  speaks: {
    chat: { baseUrl: "http://127.0.0.1:8080/v1" },
    messages: { baseUrl: "http://127.0.0.1:8080" },
    responses: { baseUrl: "http://127.0.0.1:8080/v1" },
  },
  better: {
    messages: {
      wire: "chat",
      reason:
        "its Messages endpoint says end_turn for a stop sequence, loses the arguments of a tool call that was cut, and puts user text before tool results",
    },
    responses: {
      wire: "chat",
      reason: "its Responses stream has no indexes and no arguments.done, tells a cut reply as completed, and drops custom tools",
    },
  },
  key: { env: ["LLAMA_API_KEY", "LLAMA_CPP_API_KEY"], optional: true },
  baseUrlEnv: "LLAMACPP_BASE_URL",
  quirks: {
    topK: true,
    // A boolean in the place of a schema, or a reference, fails the conversion to a grammar: 400 "Unable to generate parser".
    toolSchema: "plain",
    // Strings only; a named function acts like "required".
    forcedTools: "required",
    echoesPrefill: true,
    reasoningRequest: "chat_template_kwargs",
    // Templates that preserve reasoning read it back; the others do not look at it.
    reasoningField: "reasoning_content",
    reasoningTurns: "present",
    countsTokens: true,
    nativeFaults: ["stop-sequences", "arguments"],
  },
  // With thinking switched off in its template, Kimi writes its reasoning as text.
  modelQuirks: { kimi: { reasoningRequest: "none" } },
  discover: "llamacpp",
  keepsPrompts: true,
  start: "llama-server --jinja -m MODEL.gguf",
  largerWindow: "llama-server -c 65536 ...",
  withoutTools: ": its chat template has none, so the agent can only talk. Start llama-server with --jinja and a template that has them.",
  docs: "https://github.com/ggml-org/llama.cpp/tree/master/tools/server",
} satisfies Row;
