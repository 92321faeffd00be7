import { hunyuanMarks } from "../written/hunyuan-call.ts";
import { kimiThinking } from "../written/kimi-call.ts";

type Tags = readonly (readonly [open: string, close: string])[];

/** Templates may write the opening tag, so that only the closing one stands in the text. */
export const openedByTemplates: Tags = [
  ["<think>", "</think>"],
  ["◁think▷", "◁/think▷"], // Kimi VL
  ["[THINK]", "[/THINK]"], // Magistral
  ["<|channel>thought", "<channel|>"], // Gemma 4
  ["<|START_THINKING|>", "<|END_THINKING|>"], // Command A
  ["<mm:think>", "</mm:think>"], // MiniMax M3
  ...kimiThinking, // Kimi K3
  ...hunyuanMarks.map((mark) => [`<think${mark}>`, `</think${mark}>`] as const),
  ["<|plamo:begin_think:plamo|>", "<|plamo:end_think:plamo|>"],
  // K2 Horizon's tags tell how hard it thinks.
  ...["think", "think_fast", "think_faster"].map((name) => [`<ifm|${name}>`, `</ifm|${name}>`] as const),
];
/** How model families mark reasoning inside their text. */
export const families: Tags = [
  ...openedByTemplates,
  ["<thinking>", "</thinking>"],
  ["<thought>", "</thought>"],
  ["<reasoning>", "</reasoning>"],
  ["<seed:think>", "</seed:think>"], // Seed-OSS
  ["<longcat_think>", "</longcat_think>"],
  ["<|channel>", "<channel|>"], // Gemma 4, the channel's name forgotten
  ["<|think:start|>", "<|think:end|>"], // Solar Open 2
  ["<|content_thinking|>", "<|end_message|>"], // Inkling
];
export const markers = families.flat();
export const closers = families.map(([, close]) => close);
