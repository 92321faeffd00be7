import { allOf, namedCall, type WrittenCall } from "./call.ts";
import { calls, type Family, type Written } from "./family.ts";
import { pythonCalls } from "./python-call.ts";

/** One quote too many behind another one's string, or one too few before the last brace. */
function evenQuotes(text: string, quote: string): string {
  if (text.split(quote).length % 2 === 1) return text;
  const one = text.indexOf(`'${quote}`);
  return one >= 0 ? text.slice(0, one + 1) + text.slice(one + 1 + quote.length) : `${text.slice(0, -1)}${quote}}`;
}

/** A member's name, which has no quotes: to jsonrepair a brace in a string would count then. In a string of plain quotes there is none. */
const bareName = /(?<!\\)"(?:[^"\\]|\\[\s\S])*"|([{,]\s*)([A-Za-z_][\w.-]*)(?=\s*:)/g;

/** The marker and the braces are as documented, or not: github.com/vllm-project/vllm/issues/53431 and 53642. */
const spelling = /^(?:call:)?([\w.:/-]+?)\s*(?:\{([\s\S]*)\}|\(([\s\S]*)\))\s*$/;

function readCall(piece: string, quote: string): WrittenCall | undefined {
  const [, name, braced, rounded] = spelling.exec(piece) ?? [];
  const members = braced ?? rounded;
  if (name === undefined || members === undefined) return undefined;
  const parts = evenQuotes(`{${members}}`, quote).split(quote);
  const quoted = parts.map((part, index) => (index % 2 === 1 ? JSON.stringify(part) : part.replace(bareName, nameInQuotes)));
  const json = quoted.join("");
  const inPython = rounded?.includes(quote) === true ? json.slice(1, -1) : rounded;
  return (inPython === undefined ? undefined : pythonCalls(`${name}(${inPython})`)?.[0]) ?? namedCall(name, json);
}

function nameInQuotes(whole: string, before?: string, name?: string): string {
  return before === undefined ? whole : `${before}"${name}"`;
}

/** `call:NAME{key:<escape>text<escape>,n:1}`: strings are quoted by tokens of their own. */
function readCalls(body: string, quote: string): Written | undefined {
  // The look ahead comes first: white space is looked at only before a call.
  const parts = body.replace(/^\s*:/, "").split(/(?=call:)(?<=(?:^|[\n,])\s*)/);
  const pieces = parts.map((part) => part.trim().replace(/,$/, "")).filter((piece) => piece !== "");
  return calls(allOf(pieces.map((piece) => readCall(piece, quote))));
}

// Both stop where the tool's answer would begin.
export const functionGemma: Family = {
  open: ["<start_function_call>"],
  close: ["<end_function_call>", "<start_function_response>"],
  read: (body) => readCalls(body, "<escape>"),
};
/** Gemma 4. */
export const gemma: Family = {
  open: ["<|tool_call>"],
  close: ["<tool_call|>", "<|tool_response>", "<turn|>"],
  read: (body) => readCalls(body, '<|"|>'),
};
