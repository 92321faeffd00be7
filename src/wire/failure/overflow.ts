/** The prompt, or the prompt together with the output that was asked for, does not fit into the model's window. Figures in tokens. */
export interface Overflow {
  /** "output": the prompt alone would fit; less output has to be asked for. */
  readonly of: "prompt" | "output";
  readonly used?: number;
  readonly max?: number;
}

const n = "([\\d][\\d,_.]*)";

/**
 * How servers word it, with the places of the figures: `prompt`, the prompt's tokens; `total`, prompt and output together; `max`, the
 * window. The first match wins, so that exact sentences stand before loose ones.
 */
const sentences: readonly {
  readonly pattern: RegExp;
  readonly figures: readonly ("prompt" | "total" | "max" | "output" | "text" | "tool")[];
}[] = [
  // Anthropic
  { pattern: at(`prompt is too long:? ${n} tokens > ${n}`), figures: ["prompt", "max"] },
  { pattern: at(`input length and .?max_tokens.? exceed context limit: ${n} \\+ ${n} > ${n}`), figures: ["prompt", "output", "max"] },
  // Fireworks
  { pattern: at(`prompt is too long:? ${n}, model maximum context length: ${n}`), figures: ["prompt", "max"] },
  // llama.cpp
  { pattern: at(`request \\(${n} tokens\\) exceeds the available context size \\(${n} tokens\\)`), figures: ["prompt", "max"] },
  // OpenRouter
  {
    pattern: at(
      `maximum context length is ${n} tokens\\. however, you requested about ${n} tokens \\(${n} of text input, ${n} of tool input, ${n} in the output`,
    ),
    figures: ["max", "total", "text", "tool", "output"],
  },
  {
    pattern: at(
      `maximum context length is ${n} tokens\\. however, you requested about ${n} tokens \\(${n} of text input, ${n} in the output`,
    ),
    figures: ["max", "total", "prompt", "output"],
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
    pattern: at(`input token count \\(?${n}\\)? exceeds the maximum number of (?:input )?tokens allowed \\(?${n}`),
    figures: ["prompt", "max"],
  },
  { pattern: at(`input token count exceeds the maximum number of (?:input )?tokens allowed:? \\(?${n}`), figures: ["max"] },
  // llama-cpp-python
  { pattern: at(`requested tokens \\(${n}\\) exceed context window of ${n}`), figures: ["prompt", "max"] },
  // Lemonade
  {
    pattern: at(`tokens in the (?:prompt|input|request) \\(${n}\\) exceeds? the context (?:size|length|window) \\(?${n}`),
    figures: ["prompt", "max"],
  },
  // SiliconFlow, ExLlama
  {
    pattern: at(
      `(?:length of (?:prompt_tokens|prompt|input)|(?:prompt|input) length) \\(?${n}\\)? (?:must be less than|is greater than|is longer than|exceeds) max_(?:seq|model)_len \\(?${n}`,
    ),
    figures: ["prompt", "max"],
  },
  // watsonx
  { pattern: at(`number of input tokens ${n} cannot exceed the total tokens limit ${n}`), figures: ["prompt", "max"] },
  // Cohere
  { pattern: at(`tokens in the prompt cannot exceed ${n} - received ${n}`), figures: ["max", "prompt"] },
  // Mistral
  { pattern: at(`prompt contains ${n} tokens.*?too large for model with ${n} maximum context length`), figures: ["prompt", "max"] },
  { pattern: at(`too large for model with ${n} maximum context length`), figures: ["max"] },
  // xAI
  { pattern: at(`maximum prompt length is ${n} but the request contains ${n} tokens`), figures: ["max", "prompt"] },
  { pattern: at(`maximum prompt length is ${n}`), figures: ["max"] },
  // Kimi
  { pattern: at(`exceeded model token limit: ?${n} ?\\(requested: ?${n}\\)`), figures: ["max", "total"] },
  { pattern: at(`exceeded model token limit: ?${n}`), figures: ["max"] },
  // Cerebras
  { pattern: at(`current length is ${n} while limit is ${n}`), figures: ["prompt", "max"] },
  // DashScope
  { pattern: at(`range of input length should be \\[\\d+, ?${n}\\]`), figures: ["max"] },
  // Groq, OpenAI: one request larger than a minute's allowance never fits, however long one waits.
  { pattern: at(`request too large.*?limit:? ${n}, requested:? ${n}`), figures: ["max", "prompt"] },
];

/** A window's size in a sentence that is an overflow by its words. */
const window = at(`(?:maximum context length|context (?:window|length|size|limit))(?: (?:is|of|limit))?(?: only)?:? \\(?${n}`);

/** Sentences that say it without a figure, or with figures of which we do not know the meaning. */
const phrases =
  /prompt (?:is |was )?too long|input is too long|input token length too long|(?:input|prompt|request)(?: token)?s?(?: length| count)? (?:exceeds?|exceeded|is (?:longer|greater|larger) than)(?: the)?(?: available| configured| maximum| model'?s?)*(?: max(?:imum)?)? (?:context|input length|prompt length|token limit)|maximum context length|max(?:imum)? context (?:length|window|size)|(?:exceed(?:s|ed)?|greater than|longer than|over)(?: the| this| its| your)?(?: available| maximum| max| model'?s?)* context (?:length|window|size|limit)|context (?:window|length|size) (?:is |was )?(?:exceeded|exceeds|overflow|limit)|context_length_exceeded|context_window_exceeded|contextwindowexceeded|exceed_context_size|model_max_prompt_tokens_exceeded|string_above_max_length|prompt_too_long|prompt exceeds max length|exceeds? the context window|exceeded max context length|reduce the length of (?:the|your) (?:messages|prompt|input)|too many (?:input |prompt )?tokens|exceeds? (?:the )?n_ctx|n_ctx (?:is |was )?exceeded|token limit exceeded|exceeds? max message tokens|input length .*exceeds|input tokens exceed/i;

const codes = new Set([
  "context_length_exceeded",
  "context_window_exceeded",
  "exceed_context_size_error",
  "model_max_prompt_tokens_exceeded",
  "prompt_too_long",
  "string_above_max_length",
  "contextwindowexceedederror",
  "model_context_window_exceeded",
  // Z.ai
  "1261",
]);

/**
 * Tells whether an error says that the request does not fit, and the figures where it gives them. `used` and `max` are figures that
 * stood in fields of their own. "Too many tokens" with status 429 is a rate limit (Bedrock), not an overflow.
 */
export function readOverflow(
  status: number,
  message: string,
  tokens: readonly string[],
  fields: { readonly used?: number | undefined; readonly max?: number | undefined },
): Overflow | undefined {
  if (status === 401 || status === 402 || status === 404) return undefined;
  const told = figuresOf(message);
  if (status === 429 && told?.request !== true) return undefined;
  const known = told !== undefined || tokens.some((token) => codes.has(token)) || (fields.used !== undefined && fields.max !== undefined);
  if (!known) return undefined;
  const max = fields.max ?? told?.max;
  const prompt = fields.used ?? told?.prompt;
  if (told?.output !== undefined && prompt !== undefined && max !== undefined && prompt < max) {
    return { of: "output", used: prompt, max };
  }
  if (prompt !== undefined && max !== undefined && prompt < max && outputLimit.test(message)) {
    return { of: "output", used: prompt, max };
  }
  if (prompt === undefined && told?.total === undefined && outputAlone.test(message))
    return { of: "output", ...(max === undefined ? {} : { max }) };
  const used = prompt ?? told?.total;
  // A figure that is not above the maximum is the server's own count of something else.
  const plausible = used !== undefined && (max === undefined || used > max);
  return {
    of: "prompt",
    ...(plausible ? { used } : {}),
    ...(max === undefined ? {} : { max }),
  };
}

const outputLimit = /max_(?:completion_|output_|new_)?tokens/;

/** The output limit alone is compared with the window: nothing is said of the prompt. */
const outputAlone = /\bmax_(?:completion_|output_|new_)?tokens\b[^.]{0,60}(?:exceed|larger|greater|too large|less than|smaller)/i;

interface Figures {
  prompt?: number | undefined;
  total?: number | undefined;
  max?: number | undefined;
  output?: number | undefined;
  text?: number | undefined;
  tool?: number | undefined;
  request?: boolean;
}

function figuresOf(message: string): Figures | undefined {
  for (const { pattern, figures } of sentences) {
    const found = pattern.exec(message);
    if (found === null) continue;
    const out: Figures = {};
    figures.forEach((name, index) => {
      out[name] = figure(found[index + 1]);
    });
    if (out.text !== undefined) out.prompt = out.text + (out.tool ?? 0);
    if (/^request too large/i.test(found[0])) {
      if ((out.prompt ?? 0) <= (out.max ?? 0)) continue;
      out.request = true;
    }
    return out;
  }
  if (!phrases.test(message)) return undefined;
  const pair = pairOf(message);
  if (pair !== undefined) return pair;
  const found = window.exec(message);
  return found === null ? {} : { max: figure(found[1]) };
}

/** Exactly two counts in a sentence that says that one exceeds the other: in whatever order and words, the larger is what was sent. */
function pairOf(message: string): Figures | undefined {
  if (outputLimit.test(message)) return undefined;
  const [first, second, ...more] = [...message.matchAll(count)].map(([text]) => figure(text) ?? 0);
  if (first === undefined || second === undefined || more.length > 0 || first === second) return undefined;
  return { total: Math.max(first, second), max: Math.min(first, second) };
}

/** Of four digits at least, which a status has not, and no part of a name, a date or a value, nor of something else than tokens. */
const count = /(?<![\w.,:=/-])\d[\d,_]{2,}\d(?![\w/-]|[.,]\d| ?(?:characters|chars|bytes|requests|messages|images|ms\b|seconds))/gi;

function figure(text: string | undefined): number | undefined {
  const value = Number((text ?? "").replace(/[,_]|\.$/g, ""));
  return Number.isFinite(value) && value > 0 ? Math.round(value) : undefined;
}

function at(source: string): RegExp {
  return new RegExp(source, "is");
}
