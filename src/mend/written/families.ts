import { splitAt } from "../markup/split-at.ts";
import { calls, endsWith, type Family, jsonCalls } from "./family.ts";
import { functionGemma, gemma } from "./gemma-call.ts";
import { hunyuan } from "./hunyuan-call.ts";
import { kimiFrames, kimiTags } from "./kimi-call.ts";
import { minimaxTags } from "./minimax-call.ts";
import { pythonCalls } from "./python-call.ts";
import {
  dots,
  functionCallsTag,
  functionTag,
  glimmer,
  horizon,
  invoke,
  iquest,
  minimax,
  namedFunction,
  seed,
  solar,
  step,
  toolCallsTag,
  toolCallTags,
} from "./tag-families.ts";
import { apertus, deepseek, dsml, dsmlInvoke, dsmlParameterClosers, kimi, mistral, plamo, pythonTag } from "./token-families.ts";

const json = (open: string, ...close: readonly string[]): Family => ({ open: [open], close, settled: endsWith("}", "]"), read: jsonCalls });

/**
 * Qwen2.5-Coder's own tags, and what others (IBM's older Granite) put JSON into. They are words of markup languages too, so the JSON's first
 * bracket belongs to the opener; the model may leave the closer out, or in the middle.
 */
const wrapped = (tag: string): Family => ({
  open: ["", " ", "\n"].flatMap((gap) => ["{", "["].map((bracket) => `<${tag}>${gap}${bracket}`)),
  close: [`</${tag}>`],
  settled: endsWith("}", "]"),
  read: (body, opener) => jsonCalls(opener.slice(tag.length + 2) + body.replace(/<\/[\w-]*>?\s*$/, "")),
});

export const families: readonly Family[] = [
  toolCallTags,
  functionTag,
  seed,
  minimax,
  minimaxTags,
  functionCallsTag,
  invoke,
  dsml,
  dsmlInvoke,
  deepseek,
  kimi,
  kimiTags,
  mistral,
  pythonTag,
  step,
  glimmer,
  namedFunction,
  solar,
  horizon,
  apertus,
  plamo,
  iquest,
  dots,
  json("<|function_call|>", "</s>"), // GigaChat 3.1
  ...["<|message_sep|>\n\n", ""].map((end) => json(`${end}function call<|role_sep|>\n`, "</s>")), // GigaChat 3
  json("<TOOLCALL>", "</TOOLCALL>"), // Nemotron
  json("[TOOL_REQUEST]", "[END_TOOL_REQUEST]"), // What LM Studio teaches models that have no format of their own
  toolCallsTag,
  hunyuan,
  json("<|content_invoke_tool_json|>", "<|end_message|>", "<|content_model_end_sampling|>"), // Inkling
  json("<longcat_tool_call>", "</longcat_tool_call>"), // LongCat
  json("<|tool_calls|>", "<|/tool_calls|>", "<|end|>"), // Phi
  json("<|tool_call|>", "<|/tool_call|>", "<|end_of_text|>"), // Granite, Phi-4-mini
  ...["tools", "function", "function_call", "function-call"].map(wrapped),
  { open: ["functools["], close: ["<|end|>"], read: (body) => jsonCalls(`[${body}`) }, // Phi-4-mini without its tokens
  json("[unused11]", "[unused12]"), // openPangu, whose newer models write LFM2's tokens
  json("<|START_ACTION|>", "<|END_ACTION|>"), // Command A
  json("<|action_start|><|plugin|>", "<|action_end|>"), // InternLM
  { open: ["<|tool_call_start|>"], close: ["<|tool_call_end|>"], read: (body) => jsonCalls(body) ?? calls(pythonCalls(body)) }, // LFM2
  functionGemma,
  gemma,
  {
    open: ["```tool_code\n", "```tool_call\n"],
    close: ["\n```"],
    read: (body) => calls(pythonCalls(body)) ?? jsonCalls(body),
    fence: true,
  }, // Gemma 3
  { open: ["Action: ```json", "Action:```json"], close: ["\n```"], read: jsonCalls, fence: true }, // Command R
];

/** What parts Command A's answer from the rest. */
const cohereFrames = ["RESPONSE", "TEXT"].flatMap((name) => [`<|START_${name}|>`, `<|END_${name}|>`]);
/** What parts an answer from the rest: it means nothing to a reader. */
const frames: readonly string[] = kimiFrames.concat(
  cohereFrames,
  // Inkling, of what is no call.
  ["<|message_model|>", "<|content_text|>", "<|end_message|>", "<|content_model_end_sampling|>"],
);
/** What is no call by itself either, where there may be some: closers, with an opener or without, and frames. */
const strayClosers: readonly string[] = dsml.close.concat(
  dsmlInvoke.close,
  dsmlParameterClosers,
  frames,
  ["<ifm|tool_calls>", "</ifm|tool_calls>"], // K2 Horizon
  "<|tool_response>",
);
/**
 * Closers that some models write although they wrote no opener, DeepSeek's last token, and the end of reasoning in which Qwen called: taken for
 * markup directly after a call.
 */
export const lateClosers: readonly string[] = [...new Set(families.flatMap((family) => family.close))]
  .filter((close) => close.startsWith("<"))
  .concat("<｜end▁of▁sentence｜>", "</think>");

export const byOpener = new Map(families.flatMap((family) => family.open.map((open) => [open, family] as const)));
export const stray = new Set(strayClosers);
export const late = new Set(lateClosers.filter((closer) => !stray.has(closer)));
export const atMarker = {
  text: splitAt([...byOpener.keys(), ...lateClosers, ...strayClosers]),
  thinking: splitAt([...families.filter((family) => family.inThinking).flatMap((family) => family.open), ...strayClosers]),
};
/** Where nothing can be called, and an answer streams whatever it looks like. */
export const atFrame = splitAt(frames);
