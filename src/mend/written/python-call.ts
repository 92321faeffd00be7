import { isObject } from "../../model/json.ts";
import { append } from "../../model/lists.ts";
import type { WrittenCall } from "./call.ts";
import { looseJson } from "./loose-json.ts";

/** Each level is read again by the next. */
const deepestPrint = 8;

/**
 * Calls in Python's spelling: `NAME(a="x", n=2)`, several in a list or one per line, perhaps inside `print(...)`. Gemma's tool_code,
 * LFM2, Llama's built-in tools. Undefined where the text is anything else.
 */
export function pythonCalls(text: string, depth = 0): WrittenCall[] | undefined {
  if (depth > deepestPrint) return undefined;
  let source = text.trim();
  if (source.startsWith("[") && source.endsWith("]")) source = source.slice(1, -1);
  const calls: WrittenCall[] = [];
  let at = 0;
  while (at < source.length) {
    const head = /^[\s,;]*([A-Za-z_][\w.-]*)\(/.exec(source.slice(at));
    if (head?.[1] === undefined) return source.slice(at).trim() === "" && calls.length > 0 ? calls : undefined;
    const from = at + head[0].length;
    const to = closing(source, from);
    if (to === undefined) return undefined;
    const inner = source.slice(from, to);
    if (head[1] === "print") {
      const printed = pythonCalls(inner, depth + 1);
      if (printed === undefined) return undefined;
      append(calls, printed);
    } else {
      const value = keywordArguments(inner);
      if (value === undefined) return undefined;
      // Llama's built-in tools are called as `NAME.call(...)`.
      calls.push({ name: head[1].replace(/\.call$/, ""), arguments: { value } });
    }
    at = to + 1;
  }
  return calls.length > 0 ? calls : undefined;
}

function keywordArguments(text: string): Record<string, unknown> | undefined {
  const members: string[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    if (character === '"' || character === "'") at = stringEnd(text, at);
    else if (character === "(" || character === "[" || character === "{") at = closing(text, at + 1) ?? text.length;
    else if (character === ",") {
      members.push(text.slice(from, at));
      from = at + 1;
    }
    at += 1;
  }
  members.push(text.slice(from));
  const pairs: string[] = [];
  for (const member of members) {
    if (member.trim() === "") continue;
    const match = /^\s*([A-Za-z_]\w*)\s*=([\s\S]*)$/.exec(member);
    if (match?.[1] === undefined || match[2] === undefined) return undefined;
    pairs.push(`${JSON.stringify(match[1])}:${match[2].trim()}`);
  }
  const value = looseJson(`{${pairs.join(",")}}`);
  return isObject(value) ? value : undefined;
}

function closing(text: string, from: number): number | undefined {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' || character === "'") at = stringEnd(text, at);
    else if (character === "(" || character === "[" || character === "{") depth += 1;
    else if (character === ")" || character === "]" || character === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

function stringEnd(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
