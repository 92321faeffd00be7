import { anyOf } from "./any-of.ts";
import { createCodeSpans } from "./code-spans.ts";

/** K2 Horizon's tags tell how hard it thinks. */
const horizon = ["think", "think_fast", "think_faster"].map((name) => [`<ifm|${name}>`, `</ifm|${name}>`] as const);

/** How model families mark reasoning inside their text. */
export const families: readonly (readonly [open: string, close: string])[] = [
  ["<think>", "</think>"],
  ["<thinking>", "</thinking>"],
  ["<thought>", "</thought>"],
  ["<reasoning>", "</reasoning>"],
  ["<seed:think>", "</seed:think>"], // Seed-OSS
  ["<longcat_think>", "</longcat_think>"],
  ["◁think▷", "◁/think▷"], // Kimi VL
  ["[THINK]", "[/THINK]"], // Magistral
  ["<|channel>thought", "<channel|>"], // Gemma 4
  ["<|channel>", "<channel|>"], // The same, the channel's name forgotten
  ["<|START_THINKING|>", "<|END_THINKING|>"], // Command A
  ["<mm:think>", "</mm:think>"], // MiniMax M3
  ["<|think:start|>", "<|think:end|>"], // Solar Open 2
  ["<|open|>think<|sep|>", "<|close|>think<|sep|>"], // Kimi K3
  ...horizon,
];
export const closers = families.map(([, close]) => close);
export const markers = [...families.map(([open]) => open), ...closers];
/** Which closing tags are taken out of running text when nothing opened them: the template did. */
export const strays = [
  "</think>",
  "◁/think▷",
  "[/THINK]",
  "</mm:think>",
  "<|close|>think<|sep|>",
  "<channel|>",
  "<|END_THINKING|>",
  ...horizon.map(([, close]) => close),
];
const strayStart = /[<◁[]/;
/** Where running text has opened one, it speaks of tags. */
export const spoken = [
  "<think>",
  "◁think▷",
  "[THINK]",
  "<mm:think>",
  "<|open|>think<|sep|>",
  "<|channel>thought",
  "<|START_THINKING|>",
  ...horizon.map(([open]) => open),
];
export const longestSpoken = Math.max(...spoken.map((tag) => tag.length));
const anyTag = anyOf([...spoken, ...strays]);

/** The first of the tags that running text may hold. */
export function firstTag(text: string): RegExpExecArray | null {
  return strayStart.test(text) ? anyTag.exec(text) : null;
}

/** The closing tag that nobody opened in a text, where it is no word of it. */
export function unopened(text: string): string | undefined {
  const match = firstTag(text);
  if (match === null || spoken.includes(match[0])) return undefined;
  const code = createCodeSpans();
  code.feed(text.slice(0, match.index));
  const prose = code.inside() || (code.afterWord() && /^ ?(?:\S|$)/.test(text.slice(match.index + match[0].length)));
  return prose ? undefined : match[0];
}
