import { byWord } from "../model/by-word.ts";
import { anthropic } from "./anthropic.ts";
import { azureOpenai } from "./azure-openai.ts";
import { bedrock } from "./bedrock.ts";
import { cerebras } from "./cerebras.ts";
import { codestral } from "./codestral.ts";
import { compatible } from "./compatible.ts";
import { dashscope } from "./dashscope.ts";
import { deepseek } from "./deepseek.ts";
import { demo } from "./demo.ts";
import { fireworks } from "./fireworks.ts";
import { gemini } from "./gemini.ts";
import { gguf } from "./gguf.ts";
import { githubModels } from "./github-models.ts";
import { groq } from "./groq.ts";
import { huggingface } from "./huggingface.ts";
import { kimi } from "./kimi.ts";
import { kimiCoding } from "./kimi-coding.ts";
import { litellm } from "./litellm.ts";
import { llamacpp } from "./llamacpp.ts";
import { lmstudio } from "./lmstudio.ts";
import { minimax } from "./minimax.ts";
import { mistral } from "./mistral.ts";
import { novita } from "./novita.ts";
import { nvidia } from "./nvidia.ts";
import { ollama } from "./ollama.ts";
import { ollamaCloud } from "./ollama-cloud.ts";
import { openai } from "./openai.ts";
import { opencode } from "./opencode.ts";
import { opencodeGo } from "./opencode-go.ts";
import { openrouter } from "./openrouter.ts";
import type { Row } from "./row.ts";
import { sglang } from "./sglang.ts";
import { siliconflow } from "./siliconflow.ts";
import { together } from "./together.ts";
import { vercel } from "./vercel.ts";
import { vertex } from "./vertex.ts";
import { vllm } from "./vllm.ts";
import { wafer } from "./wafer.ts";
import { xai } from "./xai.ts";
import { zai } from "./zai.ts";

export { limitsOf, mergeQuirks, quirksOf, wiresOf } from "./quirks-of.ts";
export { compatible };

/** The rows that a target can name, by id, in the order in which they are shown. To add a provider: a file with its row, and its name here. */
export const rows: Readonly<Record<string, Row>> = byId([
  ...[ollama, llamacpp, gguf, lmstudio, vllm, sglang, litellm],
  ...[anthropic, openai, azureOpenai, bedrock, gemini, vertex, openrouter, deepseek],
  ...[kimi, kimiCoding, zai, minimax, dashscope, mistral, codestral, xai],
  ...[
    groq,
    cerebras,
    fireworks,
    together,
    nvidia,
    huggingface,
    vercel,
    novita,
    siliconflow,
    wafer,
    opencode,
    opencodeGo,
    ollamaCloud,
    githubModels,
  ],
  ...[compatible, demo],
]);

/** Other spellings of ids: those of free-claude-code, of LiteLLM and OpenCode, and what people write. */
export const aliases = byWord({
  nvidia: ["nvidia_nim", "nvidia-nim", "nim"],
  openrouter: ["open_router", "open-router"],
  openai: ["openai_api"],
  gemini: ["google", "google-ai", "googleai"],
  codestral: ["mistral_codestral", "mistral-codestral"],
  lmstudio: ["lm_studio", "lm-studio"],
  llamacpp: ["llama_cpp", "llama-cpp", "llama.cpp", "llama-server"],
  "ollama-cloud": ["ollama_cloud"],
  opencode: ["opencode_zen", "opencode-zen", "zen"],
  "opencode-go": ["opencode_go"],
  kimi: ["moonshot", "moonshotai", "moonshot-ai"],
  "kimi-coding": ["kimi_coding", "kimi_code", "kimi-for-coding"],
  zai: ["z.ai", "z_ai", "z-ai", "zai_api", "zhipu", "zhipuai"],
  "azure-openai": ["azure", "azure_openai"],
  bedrock: ["aws", "aws_bedrock", "aws-bedrock", "amazon-bedrock", "amazon_bedrock"],
  vertex: ["vertex_ai", "vertex-ai", "vertexai", "google-vertex"],
  xai: ["grok", "x.ai"],
  dashscope: ["qwen", "alibaba", "alibaba_cloud"],
  fireworks: ["fireworks_ai", "fireworks-ai", "fireworks.ai"],
  together: ["together_ai", "together-ai", "together.ai", "togetherai"],
  novita: ["novita-ai", "novitaai"],
  vllm: ["hosted_vllm"],
  ollama: ["ollama_chat"],
  huggingface: ["hf", "hugging_face"],
  "github-models": ["github_models"],
  vercel: ["vercel_ai_gateway"],
  "openai-compatible": ["compatible", "openai_compatible"],
});

function byId(list: readonly Row[]): Readonly<Record<string, Row>> {
  // Without a prototype, so that a provider called "constructor" is unknown like any other.
  return Object.freeze(Object.assign(Object.create(null) as Record<string, Row>, Object.fromEntries(list.map((row) => [row.id, row]))));
}
