/** The prompt's tokens, those of the output, of both together, and the window. */
export type FigureName = "prompt" | "output" | "total" | "max";

const figure = (name: FigureName): string => `(?<${name}>\\d[\\d,_.]*)`;
const max = figure("max");
const prompt = figure("prompt");
const output = figure("output");
const total = figure("total");

/**
 * How servers word it, with the figures, of which some may be left out. The first match wins, so that exact sentences stand before loose ones.
 */
export const sentences: readonly RegExp[] = [
  // Anthropic
  at(`prompt is too long:? ${prompt} tokens > ${max}`),
  at(`input length and .?max_tokens.? exceed context limit: ${prompt} \\+ ${output} > ${max}`),
  // Fireworks
  at(`prompt is too long:? ${prompt}, model maximum context length: ${max}`),
  // llama.cpp
  at(`request \\(${prompt} tokens\\) exceeds the available context size \\(${max} tokens\\)`),
  // OpenRouter: "(100000 of text input, 3000 of tool input, 32000 in the output)", or the input alone.
  at(
    `maximum context length is ${max} tokens\\. however, you requested about ${total} tokens \\([\\d,]+ of text input[^)]*, ${output} in the output`,
  ),
  at(`maximum context length is ${max} tokens\\. however, you requested about ${prompt} tokens \\([\\d,]+ of text input`),
  // OpenAI, vLLM, DeepSeek
  at(
    `maximum context length is ${max} tokens.*?(?:requested|resulted in) ${total} tokens? \\(${prompt} in (?:the|your) (?:messages|prompt)[^)]*?[,;] ${output} (?:in|for) the (?:completion|output)`,
  ),
  at(`maximum context length is ${max} tokens and your (?:request|prompt) has ${prompt} input tokens`),
  at(
    `maximum context length is ${max} tokens.*?requested ${output} output tokens and your prompt contains (?:at least )?${prompt} input tokens`,
  ),
  at(
    `maximum context length is ${max} tokens.*?(?:resulted in|your (?:prompt|request|input) (?:contains|has)(?: at least)?) ${prompt}(?: input)? tokens`,
  ),
  at(`maximum context length is ${max} tokens.*?requested (?:about )?${total} tokens`),
  at(`you passed (?:at least )?${prompt} input tokens and requested ${output} output tokens\\..*?context length is only ${max} tokens`),
  at(`decoder prompt \\(length ${prompt}\\) is longer than the maximum model length of ${max}`),
  at(`prompt length (?:of )?\\(?${prompt}\\)? (?:is longer than|exceeds) the maximum model length (?:of )?\\(?${max}`),
  at(`exceed the configured limit of ${max} tokens\\. your messages resulted in ${prompt} tokens`),
  // SGLang, Together
  at(
    `maximum context length of ${max} tokens\\. you requested a total of ${total} tokens: ${prompt} tokens from the input(?: messages)? and ${output} tokens for the completion`,
  ),
  at(`input \\(${prompt} tokens\\) is longer than the model.?s (?:maximum )?context length \\(${max} tokens\\)`),
  // Text generation inference
  at(`must be <= ${max}\\. given: ${prompt} .?inputs.? tokens and ${output} .?max_new_tokens`),
  at(`inputs.? must have less than ${max} tokens\\. given: ${prompt}`),
  // LM Studio
  at(`n_keep:? ?\\(?${prompt}\\)? ?>= ?n_ctx:? ?\\(?${max}`),
  at(`keep the first ${prompt} tokens when context (?:the )?overflows.*?context length of only ${max} tokens`),
  at(`reached context length of ${max} tokens`),
  // GitHub Copilot
  at(`prompt token count of ${prompt} exceeds the limit of ${max}`),
  // Workers AI
  at(`estimated number of input and maximum output tokens \\(${total}\\) exceeded this model context window limit \\(${max}\\)`),
  // Gemini
  at(`input token count(?: \\(?${prompt}\\)?)? exceeds the maximum number of (?:input )?tokens allowed:? \\(?${max}`),
  // llama-cpp-python
  at(`requested tokens \\(${prompt}\\) exceed context window of ${max}`),
  // Lemonade
  at(`tokens in the (?:prompt|input|request) \\(${prompt}\\) exceeds? the context (?:size|length|window) \\(?${max}`),
  // OpenVINO Model Server
  at(`number of prompt tokens: ${prompt} \\+ max tokens value: ${output} exceeds model max length: ${max}`),
  at(`number of prompt tokens: ${prompt} exceeds model max length: ${max}`),
  // Lemonade, on an NPU
  at(`prompt tokens \\(${prompt}\\) cannot be greater than the model.?s max prompt length \\(${max}`),
  // ONNX Runtime's generator, which Foundry Local stands on
  at(`input sequence_length \\(${prompt}\\) is >= max_length \\(${max}`),
  // vllm-mlx and what is made of it
  at(`total prompt tokens \\(${prompt}\\) exceeds safe limit \\(${max}`),
  // TensorRT-LLM
  at(`sum of prompt length \\(${prompt}\\).*?should not exceed max_num_tokens \\(${max}`),
  at(`prompt length \\(${prompt}\\) exceeds maximum input length \\(${max}`),
  at(`= .?max_seq_len.? \\(${max}\\) - .?splited_prompt_len.? \\(${prompt}`),
  at(`prompt length ${prompt} plus query length \\d+ is larger than max_seq_len ${max}`),
  // SambaNova
  at(`generation length ${output} is not possible.*?prompt is ${prompt} tokens long,.*?maximum supported sequence length is just ${max}`),
  // Snowflake
  at(`max tokens of ${max} exceeded`),
  // SiliconFlow, ExLlama
  at(
    `(?:length of (?:prompt_tokens|prompt|input)|(?:prompt|input|context) length) \\(?${prompt}\\)? (?:must be less than|is greater than|is longer than|exceeds) max_(?:seq|model)_len \\(?${max}`,
  ),
  at(`max_total_tokens \\(${total}\\) must be less than or equal to max_seq_len \\(${max}`),
  // watsonx
  at(`number of input tokens ${prompt} cannot exceed the total tokens limit ${max}`),
  // Cohere
  at(`tokens in the prompt cannot exceed ${max} - received ${prompt}`),
  // Mistral
  at(`prompt contains ${prompt} tokens.*?too large for model with ${max} maximum context length`),
  at(`too large for model with ${max} maximum context length`),
  // xAI
  at(`maximum prompt length is ${max}(?: but the request contains ${prompt} tokens)?`),
  // A gateway that LiteLLM knows
  at(`input too long: ${prompt} input tokens, limit is ${max}`),
  // Kimi
  at(`exceeded model token limit: ?${max}(?: ?\\(requested: ?${total}\\))?`),
  // Kimi, of bytes
  at("total message size \\d+ exceeds limit \\d+"),
  // Cerebras
  at(`current length is ${prompt} while limit is ${max}`),
  // DashScope
  at(`range of input length should be \\[\\d+, ?${max}\\]`),
  // Groq, OpenAI: one request larger than a minute's allowance never fits, however long one waits.
  at(`request too large.*?limit:? ${max}, requested:? ${prompt}`),
];

/** Sentences that say it without a figure, or with figures of which we do not know the meaning. */
export const phrases: readonly RegExp[] = [
  /prompt (?:is |was )?too long/i,
  /input is too long/i,
  /input token length too long/i,
  /(?:input|prompt|request)(?: token)?s?(?: length| count)? (?:exceeds?|exceeded|is (?:longer|greater|larger) than)(?: the)?(?: available| configured| maximum| model'?s?)*(?: max(?:imum)?)? (?:context|input length|prompt length|token limit)/i,
  /max(?:imum)? context (?:length|window|size)/i,
  /(?:exceed(?:s|ed)?|greater than|longer than|over)(?: the| this| its| your)?(?: available| maximum| max| model'?s?)* context (?:length|window|size|limit)/i,
  /context (?:window|length|size) (?:is |was |has been )?(?:exceeded|exceeds|overflow|limit)/i,
  /context_length_exceeded/i,
  /context_window_exceeded/i,
  /contextwindowexceeded/i,
  /exceed_context_size/i,
  /model_max_prompt_tokens_exceeded/i,
  /string_above_max_length/i,
  /prompt_too_long/i,
  /prompt exceeds max length/i,
  /reduce the length of (?:the|your) (?:messages|prompt|input)/i,
  /too many (?:input |prompt )?tokens/i,
  /exceeds? (?:the )?n_ctx/i,
  /n_ctx (?:is |was )?exceeded/i,
  /token limit exceeded/i,
  /exceeds? max message tokens/i,
  /input length .*exceeds/i,
  /input tokens exceed/i,
  /max_(?:completion_)?tokens must be at least 1, got -(?!1\b)/i,
];

/** A window's size in a sentence that is an overflow by its words. */
export const windowSentence = at(
  `(?:maximum context length|context (?:window|length|size|limit))(?: (?:is|of|limit))?(?: only)?:? \\(?${max}`,
);

/** Servers differ in case, and some break their lines. */
function at(source: string): RegExp {
  return new RegExp(source, "is");
}
