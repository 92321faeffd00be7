import { byOpener } from "../written/markers.ts";
import { anyOf, anyStart } from "./any-of.ts";
import { createCodeSpans } from "./code-spans.ts";

type Tags = readonly (readonly [open: string, close: string])[];

/** Templates may write the opening tag, so that only the closing one stands in the text. */
const openedByTemplates: Tags = [
  ["<think>", "</think>"],
  ["◁think▷", "◁/think▷"], // Kimi VL
  ["[THINK]", "[/THINK]"], // Magistral
  ["<|channel>thought", "<channel|>"], // Gemma 4
  ["<|START_THINKING|>", "<|END_THINKING|>"], // Command A
  ["<mm:think>", "</mm:think>"], // MiniMax M3
  ["<|open|>think<|sep|>", "<|close|>think<|sep|>"], // Kimi K3
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
];
export const markers = families.flat();
export const closers = families.map(([, close]) => close);
/** Which closing tags are taken out of running text when nothing opened them: the template did. */
export const strays = openedByTemplates.map(([, close]) => close);
/** Where running text has opened one, it speaks of tags; or it calls a tool, and what stands in the call is the tool's. */
export const spoken = [...openedByTemplates.map(([open]) => open), ...[...byOpener.keys()].filter((open) => /^[<[]/.test(open))];
export const longestSpoken = Math.max(...spoken.map((tag) => tag.length));
const tagStart = anyStart([...spoken, ...strays]);
const anyTag = anyOf([...spoken, ...strays]);

/** The first of the tags that running text may hold. */
export function firstTag(text: string): RegExpExecArray | null {
  return tagStart.test(text) ? anyTag.exec(text) : null;
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
