/** A figure. */
export const n = "([\\d][\\d,_.]*)";

/** `prompt`: the prompt's tokens; `total`: prompt and output together; `max`: the window. */
export type FigureName = "prompt" | "output" | "total" | "max";

/**
 * How servers word it, with the places of the figures, of which some may be left out. The first match wins, so that exact sentences stand
 * before loose ones.
 */
export const sentences: readonly { readonly pattern: RegExp; readonly figures: readonly FigureName[] }[] = [
  // Anthropic
  { pattern: at(`prompt is too long:? ${n} tokens > ${n}`), figures: ["prompt", "max"] },
  { pattern: at(`input length and .?max_tokens.? exceed context limit: ${n} \\+ ${n} > ${n}`), figures: ["prompt", "output", "max"] },
  // Fireworks
  { pattern: at(`prompt is too long:? ${n}, model maximum context length: ${n}`), figures: ["prompt", "max"] },
  // llama.cpp
  { pattern: at(`request \\(${n} tokens\\) exceeds the available context size \\(${n} tokens\\)`), figures: ["prompt", "max"] },
  // OpenRouter: "(100000 of text input, 3000 of tool input, 32000 in the output)", or the input alone.
  {
    pattern: at(
      `maximum context length is ${n} tokens\\. however, you requested about ${n} tokens \\([\\d,]+ of text input[^)]*, ${n} in the output`,
    ),
    figures: ["max", "total", "output"],
  },
  {
    pattern: at(`maximum context length is ${n} tokens\\. however, you requested about ${n} tokens \\([\\d,]+ of text input`),
    figures: ["max", "prompt"],
  },
  // OpenAI, vLLM, DeepSeek
  {
    pattern: at(
      `maximum context length is ${n} tokens.*?(?:requested|resulted in) ${n} tokens? \\(${n} in (?:the|your) (?:messages|prompt)[^)]*?[,;] ${n} (?:in|for) the (?:completion|output)`,
    ),
    figures: ["max", "total", "prompt", "output"],
  },
  { pattern: at(`maximum context length is ${n} tokens and your (?:request|prompt) has ${n} input tokens`), figures: ["max", "prompt"] },
  {
    pattern: at(
      `maximum context length is ${n} tokens.*?requested ${n} output tokens and your prompt contains (?:at least )?${n} input tokens`,
    ),
    figures: ["max", "output", "prompt"],
  },
  {
    pattern: at(
      `maximum context length is ${n} tokens.*?(?:resulted in|your (?:prompt|request|input) (?:contains|has)(?: at least)?) ${n}(?: input)? tokens`,
    ),
    figures: ["max", "prompt"],
  },
  { pattern: at(`maximum context length is ${n} tokens.*?requested (?:about )?${n} tokens`), figures: ["max", "total"] },
  {
    pattern: at(`you passed (?:at least )?${n} input tokens and requested ${n} output tokens\\..*?context length is only ${n} tokens`),
    figures: ["prompt", "output", "max"],
  },
  { pattern: at(`decoder prompt \\(length ${n}\\) is longer than the maximum model length of ${n}`), figures: ["prompt", "max"] },
  {
    pattern: at(`prompt length (?:of )?\\(?${n}\\)? (?:is longer than|exceeds) the maximum model length (?:of )?\\(?${n}`),
    figures: ["prompt", "max"],
  },
  { pattern: at(`exceed the configured limit of ${n} tokens\\. your messages resulted in ${n} tokens`), figures: ["max", "prompt"] },
  // SGLang, Together
  {
    pattern: at(
      `maximum context length of ${n} tokens\\. you requested a total of ${n} tokens: ${n} tokens from the input(?: messages)? and ${n} tokens for the completion`,
    ),
    figures: ["max", "total", "prompt", "output"],
  },
  {
    pattern: at(`input \\(${n} tokens\\) is longer than the model.?s (?:maximum )?context length \\(${n} tokens\\)`),
    figures: ["prompt", "max"],
  },
  // Text generation inference
  { pattern: at(`must be <= ${n}\\. given: ${n} .?inputs.? tokens and ${n} .?max_new_tokens`), figures: ["max", "prompt", "output"] },
  { pattern: at(`inputs.? must have less than ${n} tokens\\. given: ${n}`), figures: ["max", "prompt"] },
  // LM Studio
  { pattern: at(`n_keep:? ?\\(?${n}\\)? ?>= ?n_ctx:? ?\\(?${n}`), figures: ["prompt", "max"] },
  {
    pattern: at(`keep the first ${n} tokens when context (?:the )?overflows.*?context length of only ${n} tokens`),
    figures: ["prompt", "max"],
  },
  { pattern: at(`reached context length of ${n} tokens`), figures: ["max"] },
  // GitHub Copilot
  { pattern: at(`prompt token count of ${n} exceeds the limit of ${n}`), figures: ["prompt", "max"] },
  // Workers AI
  {
    pattern: at(`estimated number of input and maximum output tokens \\(${n}\\) exceeded this model context window limit \\(${n}\\)`),
    figures: ["total", "max"],
  },
  // Gemini
  {
    pattern: at(`input token count(?: \\(?${n}\\)?)? exceeds the maximum number of (?:input )?tokens allowed:? \\(?${n}`),
    figures: ["prompt", "max"],
  },
  // llama-cpp-python
  { pattern: at(`requested tokens \\(${n}\\) exceed context window of ${n}`), figures: ["prompt", "max"] },
  // Lemonade
  {
    pattern: at(`tokens in the (?:prompt|input|request) \\(${n}\\) exceeds? the context (?:size|length|window) \\(?${n}`),
    figures: ["prompt", "max"],
  },
  // OpenVINO Model Server
  {
    pattern: at(`number of prompt tokens: ${n} \\+ max tokens value: ${n} exceeds model max length: ${n}`),
    figures: ["prompt", "output", "max"],
  },
  { pattern: at(`number of prompt tokens: ${n} exceeds model max length: ${n}`), figures: ["prompt", "max"] },
  // Lemonade, on an NPU
  { pattern: at(`prompt tokens \\(${n}\\) cannot be greater than the model.?s max prompt length \\(${n}`), figures: ["prompt", "max"] },
  // ONNX Runtime's generator, which Foundry Local stands on
  { pattern: at(`input sequence_length \\(${n}\\) is >= max_length \\(${n}`), figures: ["prompt", "max"] },
  // vllm-mlx and what is made of it
  { pattern: at(`total prompt tokens \\(${n}\\) exceeds safe limit \\(${n}`), figures: ["prompt", "max"] },
  // TensorRT-LLM
  { pattern: at(`sum of prompt length \\(${n}\\).*?should not exceed max_num_tokens \\(${n}`), figures: ["prompt", "max"] },
  { pattern: at(`prompt length \\(${n}\\) exceeds maximum input length \\(${n}`), figures: ["prompt", "max"] },
  { pattern: at(`= .?max_seq_len.? \\(${n}\\) - .?splited_prompt_len.? \\(${n}`), figures: ["max", "prompt"] },
  { pattern: at(`prompt length ${n} plus query length \\d+ is larger than max_seq_len ${n}`), figures: ["prompt", "max"] },
  // SambaNova
  {
    pattern: at(`generation length ${n} is not possible.*?prompt is ${n} tokens long,.*?maximum supported sequence length is just ${n}`),
    figures: ["output", "prompt", "max"],
  },
  // Snowflake
  { pattern: at(`max tokens of ${n} exceeded`), figures: ["max"] },
  // SiliconFlow, ExLlama
  {
    pattern: at(
      `(?:length of (?:prompt_tokens|prompt|input)|(?:prompt|input|context) length) \\(?${n}\\)? (?:must be less than|is greater than|is longer than|exceeds) max_(?:seq|model)_len \\(?${n}`,
    ),
    figures: ["prompt", "max"],
  },
  { pattern: at(`max_total_tokens \\(${n}\\) must be less than or equal to max_seq_len \\(${n}`), figures: ["total", "max"] },
  // watsonx
  { pattern: at(`number of input tokens ${n} cannot exceed the total tokens limit ${n}`), figures: ["prompt", "max"] },
  // Cohere
  { pattern: at(`tokens in the prompt cannot exceed ${n} - received ${n}`), figures: ["max", "prompt"] },
  // Mistral
  { pattern: at(`prompt contains ${n} tokens.*?too large for model with ${n} maximum context length`), figures: ["prompt", "max"] },
  { pattern: at(`too large for model with ${n} maximum context length`), figures: ["max"] },
  // xAI
  { pattern: at(`maximum prompt length is ${n}(?: but the request contains ${n} tokens)?`), figures: ["max", "prompt"] },
  // A gateway that LiteLLM knows
  { pattern: at(`input too long: ${n} input tokens, limit is ${n}`), figures: ["prompt", "max"] },
  // Kimi
  { pattern: at(`exceeded model token limit: ?${n}(?: ?\\(requested: ?${n}\\))?`), figures: ["max", "total"] },
  // Kimi, of bytes
  { pattern: at("total message size \\d+ exceeds limit \\d+"), figures: [] },
  // Cerebras
  { pattern: at(`current length is ${n} while limit is ${n}`), figures: ["prompt", "max"] },
  // DashScope
  { pattern: at(`range of input length should be \\[\\d+, ?${n}\\]`), figures: ["max"] },
  // Groq, OpenAI: one request larger than a minute's allowance never fits, however long one waits.
  { pattern: at(`request too large.*?limit:? ${n}, requested:? ${n}`), figures: ["max", "prompt"] },
];

/** Servers differ in case, and some break their lines. */
export function at(source: string): RegExp {
  return new RegExp(source, "is");
}
