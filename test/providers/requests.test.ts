import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import { quirksFor } from "../../src/mend/quirks-for.ts";
import type { ClientWire } from "../../src/model/wire.ts";
import { quirksOf, rows } from "../../src/providers/index.ts";
import type { Row } from "../../src/providers/row.ts";
import { chatClient } from "../../src/wire/chat/client.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";
import { messagesProvider } from "../../src/wire/messages/provider.ts";
import { responsesProvider } from "../../src/wire/responses/provider.ts";

const providers = { chat: chatProvider, messages: messagesProvider, responses: responsesProvider };

/** What a model at a provider is sent, on the chat wire and for a request of the Messages wire where nothing else is said. */
function sent(
  id: string,
  model: string,
  fields: object,
  { client = messagesClient, wire = "chat" }: { readonly client?: ClientWire; readonly wire?: keyof typeof providers } = {},
): Record<string, unknown> {
  const ids = { next: (prefix: string) => `${prefix}1` };
  const body = { model: "m", max_tokens: 100, messages: [{ role: "user", content: "hi" }], ...fields };
  const accepted = client.accept(body, { ids, now: 1_700_000_000 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  const quirks = quirksFor(accepted.request.reasoning, quirksOf(rows[id] as Row, model));
  const { request } = mend(accepted.request, { quirks, ids, wire, inputEstimate: () => 50 });
  const { body: written } = providers[wire].open(request, { ids, model, maker: `${id}/${model}`, quirks });
  return JSON.parse(JSON.stringify(written)) as Record<string, unknown>;
}

const effort = (level: string) => ({ thinking: { type: "adaptive" }, output_config: { effort: level } });
const off = { thinking: { type: "disabled" } };
const tools = [{ name: "Read", input_schema: { type: "object", properties: {} } }];
const any = { tools, tool_choice: { type: "any" } };
const one = { tools, tool_choice: { type: "tool", name: "Read" } };
const named = { type: "function", function: { name: "Read" } };

describe("what is asked of the use of tools", () => {
  it.each<[string, string, object, unknown, "told" | "untold"]>([
    ["deepseek", "deepseek-v4-pro", any, undefined, "told"],
    ["deepseek", "deepseek-v4-pro", { ...any, ...off }, "required", "untold"],
    ["deepseek", "deepseek-flash", { tools }, undefined, "untold"],
    ["deepseek", "deepseek-flash", { ...one, ...off }, "required", "told"],
    ["deepseek", "deepseek-reasoner", { ...any, ...off }, undefined, "told"],
    ["kimi", "kimi-k2.6", any, undefined, "told"],
    ["kimi", "kimi-k2.6", { ...any, ...off }, "required", "untold"],
    ["kimi", "kimi-k2.6", { ...one, ...off }, named, "untold"],
    ["kimi", "kimi-k3.1-pro", { ...any, ...off }, "auto", "told"],
    ["kimi-coding", "kimi-for-coding-highspeed", { ...any, ...off }, "required", "untold"],
    ["zai", "glm-5.3", any, "auto", "told"],
  ])("%s/%s with %j: %j, and the model is %s in words", (id, model, fields, choice, told) => {
    const { tool_choice, messages } = sent(id, model, fields);
    expect(tool_choice).toEqual(choice);
    expect(JSON.stringify(messages).includes("Answer with a call") ? "told" : "untold").toBe(told);
  });
});

it("offers no tool to zai that may not be called", () => {
  const { tools: offered, tool_choice, messages } = sent("zai", "glm-5.3", { tools, tool_choice: { type: "none" } });
  expect([offered, tool_choice, messages]).toEqual([undefined, undefined, [{ role: "user", content: "hi" }]]);
});

describe("what is asked of reasoning", () => {
  it.each<[string, string, object, object]>([
    ["zai", "glm-5.2", off, { thinking: { type: "disabled" } }],
    ["zai", "glm-4.7", off, { thinking: { type: "disabled" } }],
    ["zai", "glm-4.7", effort("max"), { thinking: { type: "enabled", clear_thinking: false } }],
    ["zai", "glm-5.3", off, { thinking: { type: "enabled", clear_thinking: false }, reasoning_effort: "low" }],
    ["deepseek", "deepseek-v4-pro", effort("xhigh"), { thinking: { type: "enabled" }, reasoning_effort: "high" }],
    ["deepseek", "deepseek-v4-pro", effort("max"), { thinking: { type: "enabled" }, reasoning_effort: "max" }],
    ["deepseek", "deepseek-flash", effort("medium"), { thinking: { type: "enabled" }, reasoning_effort: "high" }],
    ["zai", "glm-5.2", effort("xhigh"), { thinking: { type: "enabled", clear_thinking: false }, reasoning_effort: "xhigh" }],
    ["ollama", "gpt-oss:20b", effort("max"), { reasoning_effort: "max" }],
    ["vllm", "openai/gpt-oss-120b", effort("low"), { reasoning_effort: "low" }],
    ["vllm", "openai/gpt-oss-120b", off, { reasoning_effort: "low" }],
    ["vllm", "qwen3", off, { chat_template_kwargs: { enable_thinking: false } }],
    ["vllm", "moonshotai/Kimi-K2.6", off, {}],
    ["vllm", "moonshotai/Kimi-K2.6", effort("high"), {}],
    ["llamacpp", "Kimi-K2-Thinking", off, {}],
    ["gguf", "/models/Kimi-K2.6-Q2.gguf", off, {}],
    ["gguf", "C:\\models\\Kimi-K2.6-Q2.gguf", off, {}],
    ["sglang", "qwen3", off, { reasoning_effort: "none" }],
    ["sglang", "moonshotai/Kimi-K2.6", off, { reasoning_effort: "low" }],
    ["kimi", "kimi-k2.6", off, { thinking: { type: "disabled" } }],
    ["opencode", "kimi-k2.6", effort("high"), { thinking: { type: "enabled" } }],
    ["nvidia", "deepseek-ai/deepseek-v4.1-flash", effort("max"), { thinking: { type: "enabled" } }],
    ["nvidia", "deepseek-ai/deepseek-v4.1-flash", off, { thinking: { type: "disabled" } }],
    ["lmstudio", "openai/gpt-oss-20b", effort("low"), { reasoning_effort: "low" }],
    ["lmstudio", "qwen/qwen3-8b", effort("low"), {}],
    ["together", "zai-org/GLM-5.3", off, { reasoning: { enabled: false } }],
    ["together", "zai-org/GLM-5.3", effort("low"), { reasoning: { enabled: true } }],
    ["together", "zai-org/GLM-5.3", {}, {}],
    ["xai", "grok-4-1-fast-reasoning", effort("low"), {}],
    ["xai", "grok-4.7", effort("low"), { reasoning_effort: "low" }],
    ["together", "deepseek-ai/DeepSeek-V4-Pro", effort("max"), { reasoning: { enabled: true }, reasoning_effort: "max" }],
    ["together", "deepseek-ai/DeepSeek-V4-Pro", off, { reasoning: { enabled: false } }],
    ["together", "openai/gpt-oss-120b", effort("low"), { reasoning_effort: "low" }],
    ["dashscope", "qwen3.8-max", effort("medium"), { enable_thinking: true, reasoning_effort: "medium" }],
    ["dashscope", "qwen3.8-max", effort("high"), { enable_thinking: true, reasoning_effort: "xhigh" }],
    ["dashscope", "qwen3.8-max", off, { enable_thinking: false }],
    ["dashscope", "qwen3.7-max", effort("low"), { enable_thinking: true }],
    ["dashscope", "deepseek-v4-pro-0813", effort("max"), { enable_thinking: true, reasoning_effort: "max" }],
    ["dashscope", "deepseek-v4.1-flash", effort("max"), { enable_thinking: true, reasoning_effort: "max" }],
    ["dashscope", "deepseek-v4.1-flash", off, { enable_thinking: true, reasoning_effort: "low" }],
    ["opencode", "gpt-6.1-sol", effort("medium"), { reasoning_effort: "medium" }],
    ["opencode", "gpt-6.1-sol", effort("xhigh"), { reasoning_effort: "xhigh" }],
    ["opencode-go", "gpt-6.1-sol", effort("medium"), { reasoning_effort: "medium" }],
    ["opencode", "glm-5.3", effort("medium"), { reasoning_effort: "high" }],
    ["bedrock", "global.openai.gpt-6.1-sol", effort("xhigh"), { reasoning_effort: "xhigh" }],
  ])("%s/%s with %j: %j", (id, model, fields, expected) => {
    const { thinking, reasoning, reasoning_effort, chat_template_kwargs, enable_thinking } = sent(id, model, fields);
    const asked = { thinking, reasoning, reasoning_effort, chat_template_kwargs, enable_thinking };
    expect(JSON.parse(JSON.stringify(asked))).toEqual(expected);
  });
});

describe("the schemas of tools", () => {
  const input_schema = { $schema: "http://json-schema.org/draft-07/schema#", type: "object", properties: { $schema: { type: "string" } } };
  it.each(["vllm", "sglang", "lmstudio", "llamacpp", "ollama", "gguf"])("are sent to %s without the name of their dialect", (id) => {
    const [tool] = sent(id, "qwen3", { tools: [{ name: "T", input_schema }] })["tools"] as { function: { parameters: object } }[];
    expect(tool?.function.parameters).toEqual({ type: "object", properties: { $schema: { type: "string" } } });
  });
});

describe("the parameters", () => {
  const sampling = { temperature: 0.3, top_p: 0.9, stop_sequences: ["a", "b", "c", "d", "e"] };
  const taken = { temperature: 0.3, top_p: 0.9, stop: ["a", "b", "c", "d"] };
  it.each<[string, string, object]>([
    ["openai", "gpt-4o", taken],
    ["openai", "gpt-4.1-mini", taken],
    ["azure-openai", "gpt-4o", taken],
    ["openai", "gpt-5.5", {}],
    ["openai", "gpt-6.1-sol", {}],
    ["openai", "o3-mini", {}],
    ["openai", "o1", {}],
    ["azure-openai", "gpt-6-luna", {}],
    ["openrouter", "openai/gpt-4.1", taken],
    ["openrouter", "openai/gpt-6.1-sol", {}],
  ])("%s/%s: %j", (id, model, expected) => {
    const { temperature, top_p, stop } = sent(id, model, sampling);
    expect(JSON.parse(JSON.stringify({ temperature, top_p, stop }))).toEqual(expected);
  });
});

describe("what a client of the chat wire says to the server alone", () => {
  const fields = { seed: 7, store: false, user: "u", metadata: { a: "b" }, service_tier: "flex", logit_bias: null };
  it.each([
    ["openai", { seed: 7, store: false, user: "u", metadata: { a: "b" }, service_tier: "flex" }],
    ["groq", { seed: 7, store: false, user: "u" }],
    ["mistral", {}],
    ["openai-compatible", {}],
  ])("%s gets %j", (id, expected) => {
    const { seed, store, user, metadata, service_tier, logit_bias } = sent(id, "m", fields, { client: chatClient });
    expect(JSON.parse(JSON.stringify({ seed, store, user, metadata, service_tier, logit_bias }))).toEqual(expected);
  });
});

describe("the fields of a provider's own chat API", () => {
  it.each([
    ["zai", "chat", "tool_stream", true],
    ["zai", "messages", "tool_stream", undefined],
    ["minimax", "chat", "reasoning_split", true],
    ["minimax", "messages", "reasoning_split", undefined],
    ["minimax", "responses", "reasoning_split", undefined],
    ["groq", "responses", "disable_tool_validation", undefined],
  ] as const)("%s on %s: %s is %j", (id, wire, field, expected) => {
    expect(sent(id, "m", {}, { wire })[field]).toBe(expected);
  });
});

// Where the field is missing, Fireworks keeps the conversation for thirty days. Only its chat endpoint does not know it.
it.each(Object.values(rows).flatMap(({ id, speaks }) => (speaks.responses ? [id] : [])))(
  "%s is told on Responses to keep nothing",
  (id) => {
    expect(sent(id, "m", {}, { wire: "responses" })["store"]).toBe(false);
  },
);

describe("a document that is named by its address", () => {
  const url = "https://x/a.pdf";
  it.each([
    ["openai", [{ type: "text", text: `[document omitted: a.pdf, ${url}]` }]],
    ["azure-openai", [{ type: "text", text: `[document omitted: a.pdf, ${url}]` }]],
    ["openrouter", [{ type: "file", file: { filename: "a.pdf", file_data: url } }]],
    ["mistral", [{ type: "document_url", document_url: url, document_name: "a.pdf" }]],
    ["codestral", [{ type: "text", text: `[document omitted: a.pdf, ${url}]` }]],
  ])("at %s", (id, expected) => {
    const content = [{ type: "document", title: "a.pdf", source: { type: "url", url } }];
    const [message] = sent(id, "openai/gpt-4.1", { messages: [{ role: "user", content }] })["messages"] as Record<string, unknown>[];
    const said = message?.["content"];
    expect(typeof said === "string" ? [{ type: "text", text: said }] : said).toEqual(expected);
  });
});

describe("the reasoning of the history", () => {
  const call = (id: string) => ({ type: "tool_use", id, name: "Read", input: {} });
  const result = (id: string) => ({ role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "r" }] });
  const messages = [{ role: "user", content: "u" }, { role: "assistant", content: [call("a")] }, result("a")];
  it.each([
    ["fireworks", "accounts/fireworks/models/kimi-k3p1-pro", " "],
    ["fireworks", "accounts/fireworks/models/kimi-k2p5", " "],
    ["fireworks", "accounts/fireworks/models/deepseek-v4p1-flash", ""],
    ["fireworks", "accounts/fireworks/models/glm-5p3", undefined],
    ["together", "moonshotai/Kimi-K2.6", " "],
    ["kimi", "kimi-k2.6", " "],
    ["openai-compatible", "Kimi_K2_Thinking", " "],
    ["openai-compatible", "hf:moonshotai/KimiK2", " "],
  ])("%s/%s gets %j where there was none", (id, model, expected) => {
    const [, assistant] = sent(id, model, { tools, messages })["messages"] as Record<string, unknown>[];
    expect(assistant?.["reasoning_content"]).toBe(expected);
  });

  it("is MiniMax-M3.1's own field again", () => {
    const thinking = { type: "thinking", thinking: "t", signature: "" };
    const asked = [{ role: "user", content: "u" }, { role: "assistant", content: [thinking, call("a")] }, result("a")];
    const [, assistant] = sent("minimax", "MiniMax-M3.1-Flash", { tools, messages: asked })["messages"] as Record<string, unknown>[];
    expect(assistant).toMatchObject({ reasoning_content: "t" });
    expect(assistant).not.toHaveProperty("reasoning");
  });
});

describe("how hard MiniMax's models are to think", () => {
  const user = [{ role: "user", content: "u" }];
  it.each([
    ["MiniMax-M3.1-Flash", "adaptive", "medium"],
    ["MiniMax-M3.1-Flash", "disabled", "low"],
    ["MiniMax-M3", "adaptive", undefined],
  ])("is asked of %s with thinking %s as %s", (model, type, effort) => {
    const body = sent("minimax", model, { messages: user, thinking: { type }, output_config: { effort: "medium" } });
    expect(body["reasoning_effort"]).toBe(effort);
    expect(body).not.toHaveProperty("thinking");
  });
});
