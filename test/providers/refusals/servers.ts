import type { Rule } from "./rules.ts";
import * as rule from "./rules.ts";

/** What every server of the wire refuses. */
const plain: readonly Rule[] = [rule.conversation, rule.tools];
const limit = rule.limitField("max_tokens");
const newLimit = rule.limitField("max_completion_tokens");
const common = rule.roles("system", "user", "assistant", "tool");
const front = rule.systemFirst;
const noReasoning = rule.onlyMessageFields();

export interface StrictServer {
  /** The model that is asked for, by the name that the provider has for it. */
  readonly model: string;
  readonly rules: readonly Rule[];
  /** How its calls are named; the wire allows any text. */
  readonly callId?: (index: number) => string;
  /** In which field its reasoning comes. */
  readonly reasoning?: "reasoning_content" | "reasoning";
  readonly signs?: true;
}

const kimiId = (index: number) => `functions.Bash:${index}`;
const deepseek = [rule.reasoningBack("reasoning_content", "all")];
const kimi = [rule.reasoningBack("reasoning_content", "calls"), rule.ownIds, rule.moonshotSchemas];

const gemini = [
  limit,
  common,
  front,
  rule.geminiSchemas,
  rule.signaturesBack,
  noReasoning,
  rule.onlyFields("reasoning_effort", "extra_body"),
  rule.efforts("minimal", "low", "medium", "high"),
];

/** The documented refusals of each provider that speaks chat, by the row's id. */
export const strictServers: Readonly<Record<string, readonly StrictServer[]>> = {
  ollama: [
    {
      model: "qwen3:8b",
      reasoning: "reasoning",
      rules: [limit, common, front, rule.noBooleans, rule.base64Images, rule.efforts("none", "low", "medium", "high", "max")],
    },
  ],
  llamacpp: [
    { model: "qwen3", reasoning: "reasoning_content", rules: [common, front, rule.noBooleans, rule.choices("auto", "none", "required")] },
  ],
  // The same server, started on a file.
  gguf: [
    { model: "qwen3", reasoning: "reasoning_content", rules: [common, front, rule.noBooleans, rule.choices("auto", "none", "required")] },
  ],
  lmstudio: [{ model: "qwen3-8b", rules: [common, front, rule.choices("auto", "none", "required")] }],
  vllm: [
    { model: "qwen3", reasoning: "reasoning", rules: [common, front] },
    { model: "mistralai/Devstral-Small-2", rules: [common, front, rule.alternation] },
  ],
  sglang: [
    {
      model: "qwen3",
      reasoning: "reasoning_content",
      rules: [front, rule.efforts("none", "minimal", "low", "medium", "high", "xhigh", "max")],
    },
  ],
  litellm: [{ model: "gpt-x", rules: [common, rule.toolsWithHistory] }],
  nvidia: [
    {
      model: "z-ai/glm-5.3-flash",
      reasoning: "reasoning_content",
      rules: [
        limit,
        common,
        front,
        rule.noBooleans,
        rule.assistantStrings,
        noReasoning,
        rule.withoutFields("reasoning_effort", "chat_template_kwargs", "store"),
      ],
    },
    {
      model: "deepseek-ai/deepseek-v4.1-flash",
      reasoning: "reasoning_content",
      rules: [limit, common, front, rule.noBooleans, rule.assistantStrings, ...deepseek],
    },
  ],
  openrouter: [
    {
      model: "z-ai/glm-5.3",
      reasoning: "reasoning",
      rules: [common, front, rule.efforts("none", "minimal", "low", "medium", "high", "xhigh", "max")],
    },
    { model: "deepseek/deepseek-v4-pro", reasoning: "reasoning_content", rules: [common, front, ...deepseek] },
    { model: "google/gemini-3.8-flash", rules: [common, front, rule.geminiSchemas] },
  ],
  gemini: [{ model: "gemini-3.8-flash", signs: true, rules: gemini }],
  vertex: [{ model: "google/gemini-3.8-flash", signs: true, rules: gemini }],
  bedrock: [{ model: "openai.gpt-oss-120b", rules: [common, front] }],
  deepseek: [
    {
      model: "deepseek-flash",
      reasoning: "reasoning_content",
      rules: [
        limit,
        common,
        front,
        ...deepseek,
        rule.whileThinking(rule.choices("absent")),
        rule.efforts("low", "high", "max"),
        rule.thinkingTypes("enabled", "disabled"),
      ],
    },
    {
      model: "deepseek-v4-pro",
      reasoning: "reasoning_content",
      rules: [limit, common, ...deepseek, rule.whileThinking(rule.choices("absent")), rule.efforts("high", "max")],
    },
  ],
  mistral: [
    {
      model: "mistral-medium-latest",
      rules: [
        limit,
        common,
        front,
        rule.alternation,
        rule.ids(/^[A-Za-z0-9]{9}$/),
        rule.noMeta,
        rule.onlyMessageFields("prefix", "name"),
        rule.withoutFields("stream_options"),
        rule.onlyFields("random_seed", "reasoning_effort", "prompt_mode", "safe_prompt", "prompt_cache_key"),
        rule.efforts("none", "high"),
      ],
    },
    { model: "mistral-large-4", rules: [front, rule.ids(/^[A-Za-z0-9]{9}$/), rule.efforts("low", "medium", "high")] },
  ],
  codestral: [
    {
      model: "codestral-latest",
      rules: [
        limit,
        common,
        front,
        rule.alternation,
        rule.ids(/^[A-Za-z0-9]{9}$/),
        noReasoning,
        rule.withoutFields("stream_options", "reasoning_effort"),
        rule.onlyFields(),
      ],
    },
  ],
  opencode: [{ model: "glm-5.3", reasoning: "reasoning_content", rules: [limit, common, front, rule.efforts("low", "high", "max")] }],
  "opencode-go": [
    {
      model: "deepseek-v4-pro",
      reasoning: "reasoning_content",
      rules: [limit, common, front, ...deepseek, rule.choices("absent"), rule.efforts("high", "max")],
    },
    { model: "mimo-v3", rules: [common, front, rule.choices("absent")] },
    { model: "kimi-k3.1-pro", reasoning: "reasoning", callId: kimiId, rules: [common, front, ...kimi, rule.efforts("low", "high", "max")] },
  ],
  wafer: [
    { model: "GLM-5.3", reasoning: "reasoning_content", rules: [common, front, rule.efforts("none", "low", "high", "max")] },
    {
      model: "Kimi-K3",
      reasoning: "reasoning_content",
      callId: kimiId,
      rules: [common, front, ...kimi, rule.efforts("none", "high", "max")],
    },
    { model: "DeepSeek-V4-Pro", reasoning: "reasoning_content", rules: [common, front, ...deepseek] },
  ],
  kimi: [
    {
      model: "kimi-k3.1-pro",
      reasoning: "reasoning_content",
      callId: kimiId,
      rules: [
        common,
        ...kimi,
        rule.efforts("low", "high", "max"),
        rule.withoutFields("thinking", "temperature", "top_p", "n"),
        rule.maxStops(5),
        rule.choices("auto", "none"),
      ],
    },
    {
      model: "kimi-k2.6",
      reasoning: "reasoning_content",
      callId: kimiId,
      rules: [common, ...kimi, rule.thinkingTypes("enabled", "disabled")],
    },
  ],
  "kimi-coding": [
    { model: "k3.1-pro", reasoning: "reasoning_content", callId: kimiId, rules: [common, ...kimi, rule.efforts("low", "high", "max")] },
  ],
  cerebras: [
    {
      model: "gpt-oss-120b",
      reasoning: "reasoning",
      rules: [
        newLimit,
        common,
        front,
        rule.onlyMessageFields("reasoning", "name"),
        rule.onlyFields("reasoning_effort", "reasoning_format", "clear_thinking", "seed", "user"),
        rule.efforts("low", "medium", "high"),
        rule.allStrings,
      ],
    },
    { model: "qwen-3.8-27b", reasoning: "reasoning", rules: [newLimit, common, front, rule.efforts("none", "low", "medium", "high")] },
  ],
  groq: [
    {
      model: "openai/gpt-oss-120b",
      reasoning: "reasoning",
      rules: [
        newLimit,
        front,
        rule.onlyMessageFields("reasoning"),
        rule.efforts("low", "medium", "high"),
        rule.maxStops(4),
        rule.withoutFields("logprobs", "logit_bias", "top_logprobs", "n", "top_k"),
      ],
    },
  ],
  fireworks: [
    {
      model: "accounts/fireworks/models/glm-5p3",
      reasoning: "reasoning_content",
      rules: [
        limit,
        common,
        front,
        rule.onlyFields("reasoning_effort", "chat_template_kwargs", "top_k"),
        rule.withoutFields("thinking"),
        rule.efforts("none", "minimal", "low", "high", "max"),
      ],
    },
    { model: "accounts/fireworks/models/kimi-k3p1-pro", reasoning: "reasoning_content", callId: kimiId, rules: [common, front, ...kimi] },
  ],
  zai: [
    {
      model: "glm-5.3",
      reasoning: "reasoning_content",
      rules: [
        limit,
        common,
        front,
        rule.choices("auto", "absent"),
        rule.efforts("low", "high", "max"),
        rule.thinkingTypes("enabled"),
        rule.onlyMessageFields("reasoning_content"),
      ],
    },
    {
      model: "glm-5.2",
      reasoning: "reasoning_content",
      rules: [common, front, rule.choices("auto", "absent"), rule.efforts("high", "xhigh", "max")],
    },
  ],
  openai: [
    {
      model: "gpt-6.1-sol",
      rules: [
        newLimit,
        noReasoning,
        rule.onlyFields("reasoning_effort", "store", "prompt_cache_key"),
        rule.withoutFields("temperature", "top_p", "stop"),
        rule.ids(/^.{1,40}$/),
        rule.efforts("low", "medium", "high", "xhigh", "max"),
      ],
    },
  ],
  "azure-openai": [
    {
      model: "gpt-6-luna",
      rules: [
        newLimit,
        noReasoning,
        rule.onlyFields("reasoning_effort", "prompt_cache_key"),
        rule.withoutFields("temperature", "top_p", "stop"),
      ],
    },
  ],
  xai: [
    {
      model: "grok-4.7",
      rules: [rule.noRootUnion, rule.withoutFields("stop"), rule.efforts("low", "medium", "high", "xhigh"), noReasoning],
    },
  ],
  minimax: [
    { model: "MiniMax-M3", reasoning: "reasoning_content", rules: [newLimit, front, rule.withoutFields("reasoning_effort")] },
    {
      model: "MiniMax-M3.1-Flash",
      reasoning: "reasoning_content",
      rules: [newLimit, front, rule.efforts("low", "medium", "high", "xhigh", "max"), rule.withoutFields("thinking")],
    },
  ],
  together: [
    { model: "zai-org/GLM-5.3", reasoning: "reasoning", rules: [limit, common, front, rule.withoutFields("store", "reasoning_effort")] },
  ],
  siliconflow: [{ model: "zai-org/GLM-5.3", reasoning: "reasoning_content", rules: [limit, common, front] }],
  huggingface: [
    { model: "zai-org/GLM-5.3", rules: [common, front] },
    { model: "deepseek-ai/DeepSeek-V4.1-Flash", reasoning: "reasoning_content", rules: [common, front, ...deepseek] },
  ],
  dashscope: [{ model: "qwen3.8-max", reasoning: "reasoning_content", rules: [limit, common, front, rule.withoutFields("store")] }],
  novita: [{ model: "moonshotai/kimi-k3", reasoning: "reasoning_content", callId: kimiId, rules: [common, front, ...kimi] }],
  vercel: [{ model: "moonshotai/kimi-k3.1-pro", reasoning: "reasoning", callId: kimiId, rules: [common, front] }],
  "ollama-cloud": [{ model: "glm-5.3", reasoning: "reasoning", rules: [limit, common, front, rule.noBooleans, rule.base64Images] }],
  demo: [{ model: "demo", rules: [common] }],
  "openai-compatible": [{ model: "anything", rules: [limit, common, front, noReasoning, rule.onlyFields("reasoning_effort")] }],
};

/** The first refusal of a server for a body. */
export function refusalOf(server: StrictServer, body: rule.ChatBody, seen: rule.Seen): string | undefined {
  for (const check of [...plain, ...server.rules]) {
    const refusal = check(body, seen);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
