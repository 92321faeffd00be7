import { describe, expect, it } from "vitest";
import { readFailure } from "../../../src/wire/failure.ts";

const read = (status: number, body: unknown) =>
  readFailure({ status, headers: {}, text: typeof body === "string" ? body : JSON.stringify(body) }, 0);
const openai = (message: string, code: unknown = null) => ({ error: { message, type: "invalid_request_error", param: null, code } });

describe("a prompt that does not fit", () => {
  it.each<[name: string, status: number, body: unknown, used: number | undefined, max: number | undefined]>([
    ["llama-cpp-python", 400, openai("Requested tokens (9000) exceed context window of 4096"), 9000, 4096],
    ["Lemonade", 400, openai("The number of tokens in the prompt (9000) exceeds the context size (4096)"), 9000, 4096],
    ["Lemonade, on an NPU", 500, openai("Prompt tokens (2068) cannot be greater than the model's max prompt length (2000)"), 2068, 2000],
    ["ONNX Runtime", 500, openai("input sequence_length (5000) is >= max_length (4096)"), 5000, 4096],
    [
      "vllm-mlx",
      500,
      openai(
        "Batch generation failed: Total prompt tokens (11573) exceeds safe limit (2048) for 1 requests. Reduce prompt length or batch size",
      ),
      11573,
      2048,
    ],
    ["two figures", 400, openai("Requested input length 131073 exceeds maximum input length 131072"), 131073, 131072],
    ["two figures and a sign", 400, openai("too many tokens: 5000 > 4096"), 5000, 4096],
    ["two figures, one in brackets", 400, openai("Too many tokens in the prompt: 5000 (max 4096)"), 5000, 4096],
    ["two figures in brackets", 400, openai("prompt tokens (5000) exceed context window (4096)"), 5000, 4096],
    ["two figures, the window's first", 400, openai("Maximum context length: 4,096. Got 5,000."), 5000, 4096],
    ["llama.cpp's word", 400, openai("Error: n_ctx exceeded: prompt has 5000 tokens, n_ctx is 4096"), 5000, 4096],
    ["a status and one figure", 400, openai("Error code: 400 - exceeds the context window of 8192"), undefined, 8192],
    ["a model's name and one figure", 400, openai("gpt-32768-2024 exceeds the context window (8192)"), undefined, 8192],
    ["three figures", 400, openai("context length exceeded: 5000 + 3000 > 4096"), undefined, undefined],
    [
      "SiliconFlow",
      400,
      { code: 20015, message: "length of prompt_tokens (131073) must be less than max_seq_len (131072).", data: null },
      131073,
      131072,
    ],
    [
      "SiliconFlow, of prompt and output, as a bare string",
      400,
      "max_total_tokens (33802) must be less than or equal to max_seq_len (32768)",
      33802,
      32768,
    ],
    [
      "OpenVINO Model Server",
      400,
      {
        error:
          'Mediapipe execution failed. MP status - INVALID_ARGUMENT: CalculatorGraph::Run() failed: \nCalculator::Process() for node "LLMExecutor" failed: Number of prompt tokens: 40000 exceeds model max length: 32768',
      },
      40000,
      32768,
    ],
    [
      "TensorRT-LLM",
      400,
      openai("The sum of prompt length (72417.0), query length (0) should not exceed max_num_tokens (69632)"),
      72417,
      69632,
    ],
    ["TensorRT-LLM's executor", 400, openai("Prompt length (9000) exceeds maximum input length (4096). Set log level to info"), 9000, 4096],
    [
      "TensorRT-LLM without an output limit",
      400,
      openai(
        "`default_max_tokens` (-4904) must be greater than 0, `default_max_tokens` (-4904) = max_seq_len (4096) - `splited_prompt_len` (9000) - `query_token_len` (0)",
      ),
      9000,
      4096,
    ],
    [
      "TensorRT-LLM, older",
      400,
      openai("Deduced max_tokens -4904 is less than 0, because prompt length 9000 plus query length 0 is larger than max_seq_len 4096"),
      9000,
      4096,
    ],
    [
      "SambaNova",
      400,
      openai(
        "Requested generation length 2000 is not possible! The provided prompt is 9000 tokens long, so generating 2000 tokens requires a sequence length of 11000, but the maximum supported sequence length is just 8192!",
      ),
      9000,
      8192,
    ],
    ["Snowflake", 400, { message: "max tokens of 200000 exceeded" }, undefined, 200000],
    [
      "Perplexity",
      400,
      { error: { message: "The total length of all messages is too long.", type: "too_many_prompt_tokens", code: 400 } },
      undefined,
      undefined,
    ],
    ["llama.cpp in the middle of a reply, LM Studio", 500, openai("Context size has been exceeded."), undefined, undefined],
    ["vLLM, of what the prompt leaves", 400, openai("max_tokens must be at least 1, got -4092."), undefined, undefined],
    ["TabbyAPI", 400, openai("Context length 9000 is greater than max_seq_len 4096"), 9000, 4096],
    ["ExLlama", 400, openai("Prompt length 9000 is greater than max_seq_len 4096"), 9000, 4096],
    [
      "watsonx",
      400,
      { errors: [{ message: "the number of input tokens 9000 cannot exceed the total tokens limit 8192 for this model" }] },
      9000,
      8192,
    ],
    [
      "Cohere",
      400,
      { message: "too many tokens: total number of tokens in the prompt cannot exceed 128000 - received 140000" },
      140000,
      128000,
    ],
    [
      "Gemini without the prompt's figure",
      400,
      openai("The input token count exceeds the maximum number of tokens allowed 1048576."),
      undefined,
      1048576,
    ],
    ["Volcano", 400, openai("Total tokens of image and text exceed max message tokens."), undefined, undefined],
    ["Z.ai's word as a code", 400, openai("x", "model_context_window_exceeded"), undefined, undefined],
    [
      "Anthropic",
      400,
      { type: "error", error: { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" } },
      210000,
      200000,
    ],
    [
      "llama.cpp",
      400,
      {
        error: {
          code: 400,
          message: "request (15031 tokens) exceeds the available context size (8192 tokens), try increasing it",
          type: "exceed_context_size_error",
          n_prompt_tokens: 15031,
          n_ctx: 8192,
        },
      },
      15031,
      8192,
    ],
    [
      "llama.cpp, older",
      400,
      {
        error: {
          code: 400,
          message: "the request exceeds the available context size. try increasing the context size or enable context shift",
          type: "exceed_context_size_error",
          n_prompt_tokens: 15031,
          n_ctx: 8192,
        },
      },
      15031,
      8192,
    ],
    [
      "OpenAI",
      400,
      openai(
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens. Please reduce the length of the messages.",
        "context_length_exceeded",
      ),
      130000,
      128000,
    ],
    [
      "OpenAI, Responses",
      400,
      openai("Your input exceeds the context window of this model. Please adjust your input and try again.", "context_length_exceeded"),
      undefined,
      undefined,
    ],
    [
      "OpenAI, configured limit",
      400,
      openai(
        "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens.",
        "context_length_exceeded",
      ),
      300000,
      272000,
    ],
    [
      "vLLM",
      400,
      openai(
        "This model's maximum context length is 2048 tokens. However, your prompt contains 67550 characters (more than 45056 characters, which is the upper bound for 2048 input tokens). Please reduce the length of the input prompt. (parameter=input_text, value=67550)",
      ),
      undefined,
      2048,
    ],
    [
      "vLLM, in tokens",
      400,
      openai(
        "This model's maximum context length is 2048 tokens. However, you requested 3100 tokens (3000 in the messages, 100 in the completion). Please reduce the length.",
      ),
      3000,
      2048,
    ],
    [
      "vLLM, output and input",
      400,
      openai(
        "This model's maximum context length is 2048 tokens. However, you requested 100 output tokens and your prompt contains at least 1949 input tokens, for a total of at least 2049 tokens.",
      ),
      undefined,
      undefined,
    ],
    [
      "vLLM, the prompt alone",
      400,
      openai(
        "You passed 202753 input tokens and requested 0 output tokens. However, the model's context length is only 202752 tokens, resulting in a maximum input length of 202752 tokens.",
      ),
      202753,
      202752,
    ],
    ["LiteLLM, of a server it knows", 400, openai("Input too long: 300000 input tokens, limit is 262144"), 300000, 262144],
    ["vLLM, decoder", 400, openai("The decoder prompt (length 5000) is longer than the maximum model length of 2048."), 5000, 2048],
    ["Ollama", 400, { error: "the input length exceeds the context length" }, undefined, undefined],
    ["Ollama, cloud", 400, { error: "prompt too long; exceeded max context length by 123 tokens" }, undefined, undefined],
    [
      "LM Studio",
      400,
      {
        error:
          "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13450>= n_ctx: 4096). Try to load the model with a larger context length, or provide a shorter input",
      },
      13450,
      4096,
    ],
    ["LM Studio, cutting", 400, { error: "Cannot truncate prompt with n_keep (9000) >= n_ctx (4096)" }, 9000, 4096],
    [
      "LM Studio, older",
      400,
      {
        error:
          "Trying to keep the first 4539 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.",
      },
      4539,
      4096,
    ],
    [
      "GitHub Copilot",
      400,
      { error: { message: "prompt token count of 150000 exceeds the limit of 128000", code: "model_max_prompt_tokens_exceeded" } },
      150000,
      128000,
    ],
    [
      "Workers AI",
      413,
      {
        errors: [
          {
            code: 5021,
            message:
              "AiError: The estimated number of input and maximum output tokens (39206) exceeded this model context window limit (24000).",
          },
        ],
      },
      39206,
      24000,
    ],
    [
      "Azure, under a general sentence",
      400,
      { error: { message: "It is invalid.", details: [{ message: "prompt is too long: 5000 tokens > 4096 maximum" }] } },
      5000,
      4096,
    ],
    [
      "Gemini",
      400,
      [
        {
          error: {
            code: 400,
            message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            status: "INVALID_ARGUMENT",
          },
        },
      ],
      1200000,
      1048576,
    ],
    [
      "Mistral",
      400,
      {
        object: "error",
        message: "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
        type: "invalid_request_error",
        code: "3051",
      },
      40000,
      32768,
    ],
    [
      "Kimi",
      400,
      {
        error: {
          message: "Invalid request: Your request exceeded model token limit: 8192 (requested: 9000)",
          type: "invalid_request_error",
        },
      },
      9000,
      8192,
    ],
    ["Kimi, short", 400, { error: { message: "Input token length too long", type: "invalid_request_error" } }, undefined, undefined],
    [
      "xAI",
      400,
      { code: "x", error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens." },
      537812,
      131072,
    ],
    ["Z.ai", 400, { error: { code: "1261", message: "Prompt exceeds max length" } }, undefined, undefined],
    ["Groq", 400, openai("Please reduce the length of the messages or completion.", "context_length_exceeded"), undefined, undefined],
    [
      "Groq, more than a minute's allowance",
      413,
      openai(
        "Request too large for model `x` in organization `o` on tokens per minute (TPM): Limit 6000, Requested 12000, please reduce your message size and try again.",
        "rate_limit_exceeded",
      ),
      12000,
      6000,
    ],
    [
      "Cerebras",
      400,
      {
        message: "Please reduce the length of the messages or completion. Current length is 9000 while limit is 8192",
        type: "invalid_request_error",
        code: "context_length_exceeded",
      },
      9000,
      8192,
    ],
    [
      "SGLang, Together",
      400,
      { object: "error", message: "The input (9000 tokens) is longer than the model's context length (8192 tokens)." },
      9000,
      8192,
    ],
    ["Together, as 403", 403, openai("The input (9000 tokens) is longer than the model's context length (8192 tokens)."), 9000, 8192],
    ["Bedrock", 400, { message: "Input is too long for requested model." }, undefined, undefined],
    ["MiniMax", 400, { error: { message: "invalid params, context window exceeds limit (2013)" } }, undefined, undefined],
    ["DashScope", 400, openai("Range of input length should be [1, 98304]"), undefined, 98304],
    ["Fireworks", 400, openai("The prompt is too long: 140000, model maximum context length: 131071"), 140000, 131071],
    ["LiteLLM", 400, openai("litellm.ContextWindowExceededError: something"), undefined, undefined],
    ["as 500", 500, openai("context_length_exceeded: n_ctx"), undefined, undefined],
  ])("%s", (_, status, body, used, max) => {
    const failure = read(status, body);
    if (used === undefined && max === undefined && failure.kind === "refused-capability") {
      expect(failure.refused?.field).toBe("max_tokens");
      return;
    }
    expect(failure.kind).toBe("too-long");
    expect(failure.limit?.used).toBe(used);
    expect(failure.limit?.max).toBe(max);
  });
});

describe("a prompt that fits, with too much output asked for", () => {
  it.each<[name: string, body: unknown, used: number, max: number]>([
    [
      "vLLM, DashScope",
      openai(
        "You passed 117345 input tokens and requested 8192 output tokens. However, the model's context length is only 125536 tokens, resulting in a maximum input length of 117344 tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=117345)",
      ),
      117345,
      125536,
    ],
    [
      "Anthropic",
      openai(
        "input length and `max_tokens` exceed context limit: 188240 + 32000 > 200000, decrease input length or `max_tokens` and try again",
      ),
      188240,
      200000,
    ],
    [
      "OpenAI",
      openai(
        "This model's maximum context length is 8192 tokens. However, you requested 10000 tokens (6000 in the messages, 4000 in the completion).",
        "context_length_exceeded",
      ),
      6000,
      8192,
    ],
    [
      "OpenRouter",
      openai(
        "This endpoint's maximum context length is 131072 tokens. However, you requested about 135000 tokens (100000 of text input, 3000 of tool input, 32000 in the output). Please reduce the length",
      ),
      103000,
      131072,
    ],
    [
      "SGLang",
      openai(
        "Requested token count exceeds the model's maximum context length of 32768 tokens. You requested a total of 45000 tokens: 13000 tokens from the input messages and 32000 tokens for the completion.",
      ),
      13000,
      32768,
    ],
    [
      "vLLM",
      openai(
        "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 40960 tokens and your request has 12000 input tokens (32000 > 40960 - 12000).",
      ),
      12000,
      40960,
    ],
    [
      "Azure",
      openai(
        "This model's maximum context length is 128000 tokens, however you requested 130000 tokens (98000 in your prompt; 32000 for the completion). Please reduce your prompt; or completion length.",
      ),
      98000,
      128000,
    ],
    [
      "text generation inference",
      openai(
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 4000 `inputs` tokens and 500 `max_new_tokens`",
      ),
      4000,
      4097,
    ],
    [
      "OpenVINO Model Server",
      openai("Number of prompt tokens: 12000 + max tokens value: 32000 exceeds model max length: 32768"),
      12000,
      32768,
    ],
    [
      "SambaNova",
      openai(
        "Requested generation length 2000 is not possible! The provided prompt is 7000 tokens long, so generating 2000 tokens requires a sequence length of 9000, but the maximum supported sequence length is just 8192!",
      ),
      7000,
      8192,
    ],
  ])("%s", (_, body, used, max) => {
    expect(read(400, body)).toMatchObject({
      kind: "refused-capability",
      refused: { field: "max_tokens", capability: "max_tokens_context_overflow" },
      limit: { used, max },
    });
  });
});

describe("prompt and output, of which only the sum is named,", () => {
  it.each<[name: string, message: string, total: number, max: number]>([
    ["SiliconFlow", "max_total_tokens (33802) must be less than or equal to max_seq_len (32768)", 33802, 32768],
    ["Kimi", "Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)", 269030, 262144],
    [
      "Workers AI",
      "AiError: The estimated number of input and maximum output tokens (39206) exceeded this model context window limit (24000).",
      39206,
      24000,
    ],
    ["OpenAI", "This model's maximum context length is 4097 tokens, however you requested 5000 tokens.", 5000, 4097],
  ])("are told apart by what was asked for: %s", (_, message, total, max) => {
    const asked = (output: number) => readFailure({ status: 400, headers: {}, text: JSON.stringify(openai(message)) }, 0, output);
    const output = total - max + 100;
    expect(asked(output)).toMatchObject({ refused: { field: "max_tokens" }, limit: { used: total - output, max } });
    expect(asked(10)).toMatchObject({ kind: "too-long", limit: { used: total - 10, max } });
    expect(asked(total)).toMatchObject({ kind: "too-long", limit: { used: total, max } });
  });

  it("are nothing but the prompt where the output stands apart, and is none", () => {
    const message =
      "This endpoint's maximum context length is 32768 tokens. However, you requested about 42832 tokens (42832 of text input). Please reduce";
    expect(readFailure({ status: 400, headers: {}, text: JSON.stringify(openai(message)) }, 0, 32000)).toMatchObject({
      kind: "too-long",
      limit: { used: 42832 },
    });
  });
});

it("an output limit that is larger than the window says nothing of the prompt", () => {
  expect(read(400, openai("max_tokens (32000) is larger than the maximum context length of 8192"))).toMatchObject({
    kind: "refused-capability",
    refused: { field: "max_tokens", capability: "max_tokens_context_overflow" },
    limit: { max: 8192 },
  });
});

describe("what only sounds like it", () => {
  it.each<[name: string, status: number, body: unknown, kind: string]>([
    ["Bedrock's throttle", 429, { message: "Too many tokens, please wait before trying again." }, "rate-limited"],
    [
      "a minute's allowance that is used up",
      429,
      openai(
        "Rate limit reached for gpt on tokens per min (TPM): Limit 6000, Used 5000, Requested 2000. Please try again in 1.5s.",
        "rate_limit_exceeded",
      ),
      "rate-limited",
    ],
    ["a model that is not there", 404, openai("The model `long-context-8k` does not exist"), "not-found"],
    ["a program's -1 for as much as there is", 400, openai("max_tokens must be at least 1, got -1."), "bad-request"],
    ...["tools[1].function.description", "messages[1].tool_calls[0].id", "input[3].call_id", "prompt_cache_key", "tools[0].name"].map(
      (path): [string, number, unknown, string] => [
        `another string than the prompt: ${path}`,
        400,
        openai(
          `Invalid '${path}': string too long. Expected a string with maximum length 64, but got one with length 99.`,
          "string_above_max_length",
        ),
        "bad-request",
      ],
    ),
    ...["messages[0].content", "input[0].content[1].text", "input", "input[4].output"].map((path): [string, number, unknown, string] => [
      `which it is: ${path}`,
      400,
      openai(
        `Invalid '${path}': string too long. Expected a string with maximum length 10485760, but got more.`,
        "string_above_max_length",
      ),
      "too-long",
    ]),
    [
      "another string, as GitHub Copilot writes it",
      400,
      openai("bad_request: [ApiIdParam] [input[5].id] [string_above_max_length] Invalid 'input[5].id'"),
      "bad-request",
    ],
    ["Kimi's limit of bytes", 400, openai("total message size 2100954 exceeds limit 2097152"), "too-long"],
    ["a page too large", 413, "<html><title>413 Request Entity Too Large</title></html>", "too-large"],
  ])("%s", (_, status, body, kind) => {
    expect(read(status, body).kind).toBe(kind);
  });
});
