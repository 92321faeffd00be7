import { defined } from "../model/defined.ts";
import { listOf, objectOf } from "../model/json.ts";
import type { DiscoveredModel } from "./discovery.ts";
import { at, beyond, count, entriesOf, figure, first, name, yes } from "./shape.ts";

/**
 * How the lists of models spell what they say, each with whom it comes from. The order decides where a list says it twice: what is in
 * force before what the model could do.
 */
const spellings = {
  context: [
    "max_model_len", // vLLM, SGLang
    "meta.n_ctx", // llama.cpp, per slot
    "loaded_context_length", // LM Studio
    "top_provider.context_length", // OpenRouter: of the company that is asked first
    "wafer.context_length", // Wafer
    "context_length", // OpenRouter, Together, Kimi
    "context_window", // Groq, Vercel
    "contextLength", // Fireworks
    "context_size", // Novita
    "max_context_length", // Mistral
    "max_input_tokens", // Anthropic, LiteLLM
    "inputTokenLimit", // Gemini
    "model_info.max_input_tokens", // LiteLLM
    "providers.0.context_length", // Hugging Face: of the company that is asked first
  ],
  trained: ["meta.n_ctx_train"],
  maxOutput: [
    "top_provider.max_completion_tokens",
    "wafer.max_output_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "max_output_length",
    "outputTokenLimit",
    "model_info.max_output_tokens",
    "max_tokens",
  ],
  tools: ["capabilities.function_calling", "wafer.capabilities.tools", "supportsTools", "supports_tools", "supports_function_calling"],
  images: ["capabilities.vision", "wafer.capabilities.vision", "supportsImageInput", "supports_image_in", "supports_vision"],
  reasoning: ["capabilities.reasoning", "wafer.capabilities.reasoning", "thinking", "supports_reasoning"],
  size: ["meta.n_params", "size"],
} as const;

/** Dollars per million tokens, by how the list counts. */
const prices: readonly { readonly input: string; readonly output: string; readonly times: number; readonly as?: "number" | "string" }[] = [
  { input: "pricing.prompt", output: "pricing.completion", times: 1_000_000 }, // OpenRouter
  { input: "wafer.pricing.input_cents_per_million", output: "wafer.pricing.output_cents_per_million", times: 0.01 },
  { input: "input_cost_per_token", output: "output_cost_per_token", times: 1_000_000 }, // LiteLLM
  { input: "model_info.input_cost_per_token", output: "model_info.output_cost_per_token", times: 1_000_000 },
  { input: "input_token_price_per_m", output: "output_token_price_per_m", times: 0.0001 }, // Novita
  { input: "pricing.input", output: "pricing.output", times: 1, as: "number" }, // Together
  { input: "pricing.input", output: "pricing.output", times: 1_000_000, as: "string" }, // Vercel, as OpenRouter counts
];

/** A list of models in any of the shapes that are about: `{data: []}`, `{models: []}`, a bare array. undefined: it is none. */
export function readModelList(json: unknown): readonly DiscoveredModel[] | undefined {
  const shape = objectOf(json);
  const entries = [json, shape["data"], shape["models"]].find(Array.isArray);
  return entries && entriesOf(entries).flatMap((entry) => readModel(entry) ?? []);
}

function readModel(entry: unknown): DiscoveredModel | undefined {
  const id =
    name(at(entry, "id")) ??
    name(at(entry, "name"))?.replace(/^models\//, "") ??
    name(at(entry, "model_group")) ??
    name(at(entry, "model_name")) ??
    name(entry);
  if (id === undefined) return undefined;
  const context = first(entry, spellings.context, count);
  const output = first(entry, spellings.maxOutput, count);
  const price = readPrice(entry);
  const flags = listOf(at(entry, "tags")).concat(listOf(at(entry, "supported_parameters")), listOf(at(entry, "features")));
  const inputs = listOf(at(entry, "architecture.input_modalities"));
  return defined({
    id,
    context: context?.value,
    trainedContext: beyond(context?.value, first(entry, spellings.trained, count)?.value),
    maxOutput: output?.value,
    tools:
      first(entry, spellings.tools, yes)?.value ??
      (flags.some((flag) => flag === "tools" || flag === "tool-use" || flag === "function-calling") || undefined),
    images:
      first(entry, spellings.images, yes)?.value ?? (inputs.length > 0 ? inputs.includes("image") : flags.includes("vision") || undefined),
    reasoning: first(entry, spellings.reasoning, yes)?.value ?? (flags.includes("reasoning") || undefined),
    size: first(entry, spellings.size, count)?.value,
    price: price?.price,
    source: context?.path ?? "model list",
    sources: output || price ? defined({ maxOutput: output?.path, price: price?.path }) : undefined,
  });
}

function readPrice(entry: unknown): { readonly price: NonNullable<DiscoveredModel["price"]>; readonly path: string } | undefined {
  for (const { input, output, times, as } of prices) {
    const [asked, answered] = [at(entry, input), at(entry, output)].map((value) =>
      as === undefined || typeof value === as ? figure(value) : undefined,
    );
    if (asked === undefined && answered === undefined) continue;
    // Twelve digits: enough for any price, without the dust of binary fractions.
    const perMillion = (value: number | undefined) => (value === undefined ? undefined : Number((value * times).toPrecision(12)));
    return { price: defined({ input: perMillion(asked), output: perMillion(answered) }), path: asked === undefined ? output : input };
  }
  return undefined;
}
