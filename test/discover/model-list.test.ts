import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readModelList } from "../../src/discover/model-list.ts";

/** An entry as each provider spells it, and what it says. */
const entries: readonly [string, unknown, object][] = [
  [
    "OpenRouter: of the company that is asked first, prices per token",
    {
      id: "z-ai/glm-5.3",
      context_length: 1048576,
      architecture: { input_modalities: ["text"] },
      pricing: { prompt: "0.0000014", completion: "0.0000044" },
      top_provider: { context_length: 202752, max_completion_tokens: 131072 },
      supported_parameters: ["tools", "tool_choice", "reasoning"],
    },
    {
      context: 202752,
      maxOutput: 131072,
      tools: true,
      images: false,
      reasoning: true,
      price: { input: 1.4, output: 4.4 },
      source: "top_provider.context_length",
    },
  ],
  ["Groq", { id: "openai/gpt-oss-120b", context_window: 131072, max_completion_tokens: 65536 }, { context: 131072, maxOutput: 65536 }],
  [
    "Mistral",
    { id: "mistral-large-4", max_context_length: 1048576, capabilities: { function_calling: true, vision: true } },
    { context: 1048576, tools: true, images: true },
  ],
  [
    "Together: prices in dollars per million",
    { id: "zai-org/GLM-5.3", type: "chat", context_length: 1048575, pricing: { input: 1.4, output: 4.4 } },
    { context: 1048575, price: { input: 1.4, output: 4.4 }, source: "context_length" },
  ],
  [
    "Gemini",
    { name: "models/gemini-3.8-flash", inputTokenLimit: 1048576, outputTokenLimit: 65536, thinking: true },
    { id: "gemini-3.8-flash", context: 1048576, maxOutput: 65536, reasoning: true },
  ],
  [
    "Fireworks",
    { name: "accounts/fireworks/models/glm-5p3", contextLength: 1048573, supportsTools: true, supportsImageInput: false },
    { context: 1048573, tools: true, images: false },
  ],
  [
    "Anthropic",
    { id: "claude-opus-5-5", type: "model", max_input_tokens: 1000000, max_tokens: 128000 },
    { context: 1000000, maxOutput: 128000 },
  ],
  [
    "Vercel",
    {
      id: "moonshotai/kimi-k3.1-pro",
      context_window: 1000000,
      max_tokens: 131072,
      tags: ["reasoning", "vision", "tool-use"],
      pricing: { input: "0.000002", output: "0.00001", input_cache_read: "0.0000002" },
    },
    {
      context: 1000000,
      maxOutput: 131072,
      tools: true,
      images: true,
      reasoning: true,
      price: { input: 2, output: 10 },
      sources: { maxOutput: "max_tokens", price: "pricing.input" },
    },
  ],
  [
    "Wafer",
    {
      id: "Kimi-K3",
      wafer: {
        context_length: 1048576,
        max_output_tokens: 131072,
        capabilities: { vision: true, tools: true, reasoning: true },
        pricing: { input_cents_per_million: 300, output_cents_per_million: 1500 },
      },
    },
    { context: 1048576, maxOutput: 131072, images: true, tools: true, price: { input: 3, output: 15 } },
  ],
  ["Kimi for Coding", { id: "k3", context_length: 1048576, supports_image_in: true }, { context: 1048576, images: true }],
  [
    "Novita: prices in ten-thousandths of a dollar per million",
    {
      id: "zai-org/glm-5.2",
      context_size: 1048576,
      max_output_tokens: 131072,
      input_token_price_per_m: 14000,
      output_token_price_per_m: 44000,
      features: ["function-calling", "reasoning"],
    },
    { context: 1048576, maxOutput: 131072, tools: true, reasoning: true, price: { input: 1.4, output: 4.4 } },
  ],
  [
    "Hugging Face",
    { id: "zai-org/GLM-5.3", providers: [{ provider: "a", context_length: 131072 }, { context_length: 5 }] },
    { context: 131072 },
  ],
  [
    "LiteLLM",
    { model_name: "glm", model_info: { max_input_tokens: 200000, max_output_tokens: 8192, input_cost_per_token: 0.000001 } },
    { id: "glm", context: 200000, maxOutput: 8192, price: { input: 1 } },
  ],
  ["figures as strings", { id: "x", context_length: "32768" }, { context: 32768 }],
  ["a bare name", "just-a-name", { id: "just-a-name", source: "model list" }],
  [
    "figures that cannot be",
    { id: "x", context_length: -1, context_window: 0, max_tokens: "many", max_model_len: Number.POSITIVE_INFINITY },
    { id: "x", source: "model list" },
  ],
];

describe("a list of models", () => {
  it.each(entries)("%s", (_, entry, expected) => {
    const [model] = readModelList({ object: "list", data: [entry] }) ?? [];
    expect(model).toMatchObject(expected);
    for (const value of Object.values(model ?? {})) expect(value).not.toBeUndefined();
  });

  it("comes in three shapes", () => {
    for (const shape of [[{ id: "a" }], { data: [{ id: "a" }] }, { models: [{ name: "a" }] }]) {
      expect(readModelList(shape)?.map(({ id }) => id)).toEqual(["a"]);
    }
    for (const none of [undefined, null, {}, "x", 5, { data: {} }]) expect(readModelList(none)).toBeUndefined();
  });

  it("is read only as far as it can be a server's", () => {
    const endless = Array.from({ length: 200_000 }, (_, index) => `model-${index}`);
    expect(readModelList({ data: endless })).toHaveLength(10_000);
    expect(readModelList({ data: endless })?.[0]?.id).toBe("model-0");
  });

  it("is read whatever it holds", () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (data) => {
        for (const model of readModelList({ data }) ?? []) {
          expect(typeof model.id).toBe("string");
          if (model.context !== undefined) expect(Number.isSafeInteger(model.context) && model.context > 0).toBe(true);
        }
      }),
    );
  });
});
