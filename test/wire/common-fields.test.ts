import { describe, expect, it } from "vitest";
import { isCommon, withUncommon } from "../../src/wire/common-fields.ts";

describe("a body that is written for a client of the same wire", () => {
  it.each([
    ["a field that no request has", "messages", { container: {} }, {}, { container: {} }],
    [
      "what stands beside a known field",
      "messages",
      { output_config: { effort: "low", task_budget: 5 } },
      {},
      { output_config: { task_budget: 5 } },
    ],
    ["that, and what is written", "messages", { metadata: { x: 1 } }, { metadata: { user_id: "u" } }, { metadata: { x: 1, user_id: "u" } }],
    [
      "how thinking is shown",
      "messages",
      { thinking: { type: "enabled", budget_tokens: 9, display: "omitted" } },
      { thinking: { type: "adaptive" } },
      { thinking: { display: "omitted", type: "adaptive" } },
    ],
    [
      "what chat servers alone know",
      "chat",
      { audio: {}, logit_bias: { 1: 2 } },
      { top_p: 1 },
      { top_p: 1, audio: {}, logit_bias: { 1: 2 } },
    ],
    [
      "what a reply is to include besides",
      "responses",
      { include: ["file_search_call.results", "a", "message.output_text.logprobs"] },
      { include: ["a", "b"] },
      { include: ["a", "b", "file_search_call.results"] },
    ],
    [
      "what else is said of a tool",
      "messages",
      {
        tools: [
          { name: "Read", input_schema: {}, strict: true, eager_input_streaming: true, defer_loading: true },
          { type: "x", name: "X" },
        ],
      },
      {
        tools: [
          { name: "Read", input_schema: {} },
          { name: "X", input_schema: {} },
        ],
      },
      {
        tools: [
          { name: "Read", input_schema: {}, strict: true, eager_input_streaming: true },
          { name: "X", input_schema: {} },
        ],
      },
    ],
    [
      "what is said of a tool's schema only where that is as it was",
      "messages",
      { tools: [{ name: "Read", input_schema: { $id: "a" }, strict: true, input_examples: [], eager_input_streaming: true }] },
      { tools: [{ name: "Read", input_schema: {} }] },
      { tools: [{ name: "Read", input_schema: {}, eager_input_streaming: true }] },
    ],
    [
      "that a chat server is to hold calls to a tool's schema",
      "chat",
      { tools: [{ type: "function", function: { name: "Read", parameters: {}, strict: true }, x: 1 }] },
      { tools: [{ type: "function", function: { name: "Read", parameters: {} } }] },
      { tools: [{ type: "function", function: { name: "Read", parameters: {}, strict: true }, x: 1 }] },
    ],
    [
      "a tool of free text no more where it is written as a function",
      "responses",
      { tools: [{ type: "custom", name: "patch", format: {} }] },
      { tools: [{ type: "function", name: "patch", parameters: {}, strict: false }] },
      { tools: [{ type: "function", name: "patch", parameters: {}, strict: false }] },
    ],
    ["how much is said", "responses", { text: { verbosity: "low", format: {} } }, {}, { text: { verbosity: "low" } }],
  ] as const)("keeps %s", (_name, wire, own, written, joined) => {
    expect(withUncommon(wire, written, own)).toEqual(joined);
  });

  it.each([
    [
      "messages",
      {
        ...{ model: "m", system: "s", messages: [], max_tokens: 9, stop_sequences: ["x"], stream: true },
        ...{ tools: [], tool_choice: { type: "any" }, temperature: 1, top_p: 1, top_k: 1 },
        ...{ output_config: { effort: "low", format: {} }, output_format: {}, metadata: { user_id: "u" } },
        thinking: { type: "enabled", budget_tokens: 9 },
      },
    ],
    [
      "chat",
      {
        ...{ model: "m", messages: [], max_tokens: 9, max_completion_tokens: 9, stop: ["x"], n: 1, stream: true, stream_options: {} },
        ...{ tools: [], tool_choice: "auto", parallel_tool_calls: true, functions: [], function_call: "auto" },
        ...{ temperature: 1, top_p: 1, top_k: 1, response_format: {}, logprobs: true, top_logprobs: 1 },
        ...{ reasoning_effort: "low", reasoning: { effort: "low", enabled: true, max_tokens: 9 }, thinking: {}, enable_thinking: true },
        ...{ think: true, chat_template_kwargs: { enable_thinking: true, thinking: true, reasoning_effort: "low" } },
      },
    ],
    [
      "responses",
      {
        ...{ model: "m", instructions: "i", input: [], max_output_tokens: 9, stream: true, stream_options: {}, store: true },
        ...{ tools: [], tool_choice: "auto", parallel_tool_calls: true, temperature: 1, top_p: 1, top_k: 1, top_logprobs: 1 },
        ...{ reasoning: { effort: "low" }, text: { format: {} }, prompt_cache_key: "k" },
        ...{ previous_response_id: "r", conversation: "c", prompt: {}, background: true },
      },
    ],
  ] as const)("keeps nothing that a mend has taken out of what the language has words for, on %s", (wire, own) => {
    expect(withUncommon(wire, {}, own)).toEqual({});
  });

  it.each([
    ["a known field that is left out", "messages", { tool_choice: { type: "auto" }, temperature: 1, stream: true }, {}],
    [
      "how thinking is shown where there is none",
      "messages",
      { thinking: { type: "adaptive", display: "omitted" } },
      { thinking: { type: "disabled" } },
    ],
    ["what the written body goes without", "responses", { previous_response_id: "r", stream_options: {} }, { store: false }],
    [
      "what is said of reasoning where the effort goes by a field of its own",
      "chat",
      { reasoning: { effort: "high", exclude: true } },
      { reasoning_effort: "high" },
    ],
    ["servers of tools that were left out", "messages", { mcp_servers: [1] }, {}],
    ["searches that were left out", "chat", { web_search_options: {}, search_parameters: {} }, {}],
    ["a value in place of an object", "chat", { chat_template_kwargs: 5 }, {}],
  ] as const)("does not keep %s", (_name, wire, own, written) => {
    expect(withUncommon(wire, written, own)).toEqual(written);
  });

  it.each([
    ["output_config", true],
    ["output_config.effort", true],
    ["output_config.task_budget", false],
    ["tools.strict", true],
    ["container", false],
  ])("has a word for %s: %s", (path, known) => expect(isCommon("messages", path)).toBe(known));
});
