import type { Failure } from "../../model/failure.ts";
import { type FigureName, phrases, sentences, windowSentence } from "./overflow-sentences.ts";
import { saysAny } from "./sentences.ts";

/** The prompt, or the prompt together with the output that was asked for, does not fit into the model's window. */
interface Overflow {
  /** "output": the prompt alone would fit; less output has to be asked for. */
  readonly of: "prompt" | "output";
  readonly limit: NonNullable<Failure["limit"]>;
}

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
  // Perplexity
  "too_many_prompt_tokens",
]);

/** OpenAI says so of every string, an id or a description too. GitHub Copilot: "[input[5].id] [string_above_max_length] Invalid ...". */
const anotherString =
  /invalid ['"`](?!\S*?(?:content|text|input|output|arguments|instructions|prompt)(?:\[\d+\])*['"`])\S+: string too long|\.id\] \[string_above_max_length/i;

/**
 * Tells whether an error says that the request does not fit, and the figures where it gives them. `used` and `max` are figures that
 * stood in fields of their own, `output` what was asked for beside the prompt: some servers name only the sum. "Too many tokens" with status
 * 429 is a rate limit (Bedrock), not an overflow.
 */
export function readOverflow(
  status: number,
  message: string,
  tokens: readonly string[],
  fields: { readonly used?: number | undefined; readonly max?: number | undefined; readonly output?: number | undefined },
): Overflow | undefined {
  if (status === 401 || status === 402 || status === 404 || anotherString.test(message)) return undefined;
  const told = figuresOf(message);
  if (status === 429 && told?.request !== true) return undefined;
  const known = told !== undefined || tokens.some((token) => codes.has(token)) || (fields.used !== undefined && fields.max !== undefined);
  if (!known) return undefined;
  const max = fields.max ?? told?.max;
  const prompt = fields.used ?? told?.prompt ?? promptIn(told?.total, told?.output ?? fields.output);
  const namesOutput = told?.output !== undefined || told?.total !== undefined || outputField.test(message);
  if (namesOutput && prompt !== undefined && max !== undefined && prompt < max) {
    // vLLM reads of a prompt one token more than the output leaves room for.
    const isBound = prompt + (told?.output ?? 0) === max + 1;
    return { of: "output", limit: { used: prompt, max, ...(isBound ? { atLeast: true } : {}) } };
  }
  const window = max === undefined ? {} : { max };
  const used = prompt ?? told?.total;
  if (used === undefined && outputAlone.test(message)) return { of: "output", limit: window };
  // A figure that is not above the maximum is the server's own count of something else.
  const plausible = used !== undefined && (max === undefined || used > max);
  return { of: "prompt", limit: plausible ? { used, ...window } : window };
}

function promptIn(total: number | undefined, output: number | undefined): number | undefined {
  return total !== undefined && output !== undefined && output < total ? total - output : undefined;
}

const outputField = /max_(?:completion_|output_|new_)?tokens/;

/** The output limit alone is compared with the window: nothing is said of the prompt. */
const outputAlone = /\bmax_(?:completion_|output_|new_)?tokens\b[^.]{0,60}(?:exceed|larger|greater|too large|less than|smaller)/i;

type Figures = { [Name in FigureName]?: number | undefined } & {
  /** One request is larger than what a minute allows. */
  request?: true;
};

function figuresOf(message: string): Figures | undefined {
  for (const sentence of sentences) {
    const found = sentence.exec(message);
    if (found === null) continue;
    const figures = figuresIn(found);
    if (!/^request too large/i.test(found[0])) return figures;
    if ((figures.prompt ?? 0) > (figures.max ?? 0)) return { ...figures, request: true };
  }
  if (!saysAny(message, phrases)) return undefined;
  const pair = pairOf(message);
  if (pair !== undefined) return pair;
  const found = windowSentence.exec(message);
  return found === null ? {} : figuresIn(found);
}

function figuresIn({ groups: { prompt, output, total, max } = {} }: RegExpExecArray): Figures {
  return { prompt: figure(prompt), output: figure(output), total: figure(total), max: figure(max) };
}

/** Exactly two counts in a sentence that says that one exceeds the other: in whatever order and words, the larger is what was sent. */
function pairOf(message: string): Figures | undefined {
  if (outputField.test(message)) return undefined;
  const [first, second, ...more] = [...message.matchAll(count)].map(([text]) => figure(text) ?? 0);
  if (first === undefined || second === undefined || more.length > 0 || first === second) return undefined;
  return { prompt: Math.max(first, second), max: Math.min(first, second) };
}

/** Of four digits at least, which a status has not, and no part of a name, a date or a value, nor of something else than tokens. */
const count = /(?<![\w.,:=/-])\d[\d,_]{2,}\d(?![\w/-]|[.,]\d| ?(?:characters|chars|bytes|requests|messages|images|ms\b|seconds))/gi;

function figure(text: string | undefined): number | undefined {
  const value = Number((text ?? "").replace(/[,_]|\.$/g, ""));
  return Number.isFinite(value) && value > 0 ? Math.round(value) : undefined;
}
