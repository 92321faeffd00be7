import { isObject } from "../../model/json.ts";
import { append } from "../../model/lists.ts";
import type { WrittenCall } from "./call.ts";
import { looseJson } from "./loose-json.ts";
import { escapeNestedQuotes } from "./nested-quotes.ts";
import { piece, withLists } from "./python-values.ts";

/** Each level is read again by the next. */
const deepestPrint = 8;

/**
 * Calls in Python's spelling: `NAME(a="x", n=2)`, several in a list or one per line, perhaps inside `print(...)`. Gemma's tool_code,
 * LFM2, Llama's built-in tools. Undefined where the text is anything else.
 */
export function pythonCalls(text: string): WrittenCall[] | undefined {
  const escaped = escapeNestedQuotes(text);
  return escaped === undefined ? undefined : readCalls(escaped);
}

function readCalls(text: string, depth = 0): WrittenCall[] | undefined {
  if (depth > deepestPrint) return undefined;
  let source = text.trim();
  if (source.startsWith("[") && source.endsWith("]")) source = source.slice(1, -1);
  const calls: WrittenCall[] = [];
  let at = 0;
  while (at < source.length) {
    const head = /^[\s,;]*([A-Za-z_][\w.-]*)\(/.exec(source.slice(at));
    if (head?.[1] === undefined) return source.slice(at).trim() === "" && calls.length > 0 ? calls : undefined;
    const from = at + head[0].length;
    const given = argumentsFrom(source, from);
    if (given === undefined) return undefined;
    if (head[1] === "print") {
      const printed = readCalls(source.slice(from, given.end), depth + 1);
      if (printed === undefined) return undefined;
      append(calls, printed);
    } else {
      const value = keywordArguments(given.texts);
      if (value === undefined) return undefined;
      // Llama's built-in tools are called as `NAME.call(...)`.
      calls.push({ name: head[1].replace(/\.call$/, ""), arguments: { value } });
    }
    at = given.end + 1;
  }
  return calls.length > 0 ? calls : undefined;
}

/** The arguments behind an opening bracket, and where it is closed. */
function argumentsFrom(text: string, from: number): { readonly texts: readonly string[]; readonly end: number } | undefined {
  const texts: string[] = [];
  let depth = 0;
  let start = from;
  for (const { 0: what, index } of text.slice(from).matchAll(piece)) {
    if ("([{".includes(what)) depth += 1;
    else if (")]}".includes(what)) depth -= 1;
    if (depth < 0 || (depth === 0 && what === ",")) {
      texts.push(text.slice(start, from + index));
      start = from + index + 1;
    }
    if (depth < 0) return { texts, end: from + index };
  }
  return undefined;
}

function keywordArguments(texts: readonly string[]): Record<string, unknown> | undefined {
  const pairs: string[] = [];
  for (const text of texts) {
    if (text.trim() === "") continue;
    const match = /^\s*([A-Za-z_]\w*)\s*=([\s\S]*)$/.exec(text);
    if (match?.[1] === undefined || match[2] === undefined) return undefined;
    pairs.push(`${JSON.stringify(match[1])}:${withLists(match[2].trim())}`);
  }
  const value = looseJson(`{${pairs.join(",")}}`);
  return isObject(value) ? value : undefined;
}
