import { describe, expect, it } from "vitest";
import type { Quirks } from "../../src/model/quirks.ts";
import { limitsOf, mergeQuirks, quirksOf, rows, wiresOf } from "../../src/providers/index.ts";
import type { Row } from "../../src/providers/row.ts";

const row = (id: string): Row => {
  const found = rows[id];
  if (!found) throw new Error(`no row ${id}`);
  return found;
};

describe("the quirks of a model at a provider", () => {
  const cases: readonly [string, string, string, Quirks][] = [
    [
      "a Gemini model keeps its schema rules at a router",
      "openrouter",
      "google/gemini-3.8-flash",
      { toolSchema: "gemini", thoughtSignatures: true },
    ],
    [
      "DeepSeek checks its reasoning behind a host",
      "nvidia",
      "deepseek-ai/deepseek-v4.1-flash",
      { reasoningField: "reasoning_content", reasoningTurns: "all" },
    ],
    [
      "... behind a router whose own field is another",
      "openrouter",
      "deepseek/deepseek-v4-pro",
      { reasoningField: "reasoning_content", reasoningTurns: "all" },
    ],
    [
      "Kimi at a router goes by the router's field",
      "openrouter",
      "moonshotai/kimi-k3.1-pro",
      { reasoningField: "reasoning_details", toolSchema: "moonshot" },
    ],
    [
      "... and at a host without one by its own",
      "together",
      "moonshotai/Kimi-K3.1-Pro",
      { reasoningField: "reasoning_content", reasoningTurns: "calls", noReasoning: " " },
    ],
    ["the host's field stands over the family's", "ollama", "kimi-k3:cloud", { reasoningField: "reasoning", reasoningTurns: "present" }],
    [
      "a Mistral template is strict on any server",
      "vllm",
      "mistralai/Devstral-Small-2",
      { assistantAfterTool: true, strictAlternation: true, toolIds: "nine-letters" },
    ],
    [
      "so is one of Gemma's, in its turns",
      "llamacpp",
      "/models/medgemma-27b-it-Q4_K_M.gguf",
      { assistantAfterTool: true, strictAlternation: true },
    ],
    ["whose fourth takes them in any order", "llamacpp", "/models/gemma-4-31B-it-Q4_K_M.gguf", {}],
    [
      "MiniMax's thoughts go back in the text where no server parts them",
      "openai-compatible",
      "MiniMaxAI/MiniMax-M2.7",
      { reasoningField: "think-tags", reasoningTurns: "present" },
    ],
    ["... and in its own field where it does", "minimax", "MiniMax-M2.7", { reasoningField: "reasoning_details" }],
    [
      "OpenAI's reasoning models take the one temperature behind any gateway",
      "openai-compatible",
      "openai/gpt-5.5",
      { maxTokensField: "max_completion_tokens", refusedFields: ["temperature", "top_p", "stop"] },
    ],
    ["... and so did the first of them", "openai-compatible", "o3-mini", { maxTokensField: "max_completion_tokens" }],
    [
      "GPT-5.6 knows the highest effort, GPT-5.5 does not",
      "azure-openai",
      "gpt-5.6-sol",
      { efforts: ["none", "low", "medium", "high", "xhigh", "max"] },
    ],
    ["GPT-6 always thinks ...", "azure-openai", "gpt-6-astra", { efforts: ["low", "medium", "high", "xhigh", "max"] }],
    ["... but for one of its models", "azure-openai", "gpt-6-luna", { efforts: ["none", "low", "medium", "high", "xhigh", "max"] }],
    ["... another", "openai", "gpt-6-sol", { efforts: ["none", "low", "medium", "high", "xhigh", "max"] }],
    ["... and a third", "openai", "gpt-6.1-terra", { efforts: ["none", "low", "medium", "high", "xhigh", "max"] }],
    ["not so the model beside it", "openai", "gpt-6.1-sol", { efforts: ["low", "medium", "high", "xhigh", "max"] }],
    [
      "a model's own efforts stand over the provider's",
      "zai",
      "glm-5.2",
      { efforts: ["none", "high", "xhigh", "max"], forcedTools: "only-auto" },
    ],
    ["the longest name wins", "zai", "glm-5.3-flash", { images: true }],
    ["Z.ai's models with vision see pictures", "zai", "glm-5v-turbo", { images: true, efforts: ["none", "high"] }],
    ["... older ones too", "zai", "glm-4.6v", { images: true, refusedFields: ["reasoning_effort"] }],
    ["so does the Gemma that Cerebras serves", "cerebras", "gemma-4-31b", { images: true }],
    ["names are matched without regard to case", "minimax", "minimax-m3", { reasoningField: "reasoning_details" }],
  ];
  it.each(cases)("%s", (_, id, model, expected) => {
    expect(quirksOf(row(id), model)).toMatchObject(expected);
  });

  it("leaves a model of no family with the row's own", () => {
    expect(quirksOf(row("llamacpp"), "qwen3-coder")).toEqual(row("llamacpp").quirks);
    // "kimi" and "gemini" inside another word are no family.
    expect(quirksOf(row("openai-compatible"), "akimitsu-gemini4all")).toEqual(row("openai-compatible").quirks);
    expect(quirksOf(row("openai-compatible"), "openai/gpt-oss-120b")).toEqual(row("openai-compatible").quirks);
  });

  it("adds up what is refused", () => {
    const joined = mergeQuirks({ refusedFields: ["stop", "user"], maxStops: 4 }, { refusedFields: ["user", "top_p"] });
    expect(joined).toEqual({ refusedFields: ["stop", "user", "top_p"], maxStops: 4 });
  });
});

describe("the wires of a model", () => {
  it.each([
    ["opencode", "claude-opus-5-5", ["messages"]],
    ["opencode", "gpt-6.1-sol", ["responses"]],
    ["opencode", "gemini-4-argon", []],
    ["opencode", "glm-5.3", ["chat"]],
    ["opencode-go", "minimax-m3", ["messages"]],
    ["opencode-go", "minimax-m3.1-flash", ["chat"]],
    ["bedrock", "global.anthropic.claude-opus-5-5", ["messages"]],
    ["bedrock", "openai.gpt-6.1-sol", ["responses"]],
    ["bedrock", "openai.gpt-oss-120b", ["chat"]],
    ["bedrock", "xai.grok-4.3", ["responses"]],
    ["bedrock", "google.gemma-4-31b", ["responses"]],
    ["bedrock", "google.gemma-3-27b-it", ["chat"]],
    ["bedrock", "zai.glm-5.3", ["chat"]],
    ["openrouter", "anthropic/claude-sonnet-5.5", ["messages", "chat", "responses"]],
    ["openrouter", "z-ai/glm-5.3", ["chat", "responses"]],
    ["zai", "glm-5.3-flash", ["chat"]],
    ["zai", "glm-5.3", ["chat", "messages"]],
    ["vllm", "anything", ["chat", "messages", "responses"]],
  ] as const)("%s/%s: %j", (id, model, wires) => {
    expect(wiresOf(row(id), model)).toEqual(wires);
  });
});

describe("known limits", () => {
  it("go by the longest beginning of the name", () => {
    expect(limitsOf(row("anthropic"), "claude-sonnet-5-5")).toEqual({ context: 1_000_000, maxOutput: 128_000 });
    expect(limitsOf(row("anthropic"), "claude-sonnet-4-5")).toEqual({ context: 200_000 });
    expect(limitsOf(row("ollama"), "qwen3:8b")).toEqual({});
    expect(limitsOf(row("ollama-cloud"), "kimi-k3")).toEqual({ maxOutput: 131_072 });
    expect(limitsOf(row("mistral"), "zai-glm-5-3")).toEqual({ maxOutput: 131_072 });
    // As the list of Gemini's OpenAI layer names it.
    expect(limitsOf(row("gemini"), "models/gemini-3.8-flash")).toEqual({ context: 1_048_576, maxOutput: 65_536 });
  });
});
