import { isSpace } from "../../wire/json-bytes.ts";

/** Where a text stops being JSON (RFC 8259): an index in UTF-16 code units, with line and column from 1. */
export interface JsonFault {
  readonly position: number;
  readonly line: number;
  readonly column: number;
  readonly atEnd: boolean;
}

/**
 * Finds the place that `JSON.parse` refused. Its own message has it only for some faults, and for others quotes the text, which is the client's
 * conversation.
 */
export function findJsonFault(text: string): JsonFault {
  const position = Math.min(faultAt(text), text.length);
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { position, line: before.split("\n").length, column: position - lineStart + 1, atEnd: position >= text.length };
}

const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** Character by character: a regular expression would run out of stack on tens of megabytes in one string or of nested brackets. */
function faultAt(text: string): number {
  let at = 0;
  // What closes each open object or list. No recursion, since the client decides the depth.
  const open: ("}" | "]")[] = [];
  let expecting: "value" | "first-value" | "key" | "first-key" | "after" = "value";
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at += 1;
    const character = text[at];
    if (character === undefined) return text.length;
    if (expecting === "after") {
      const closing = open.at(-1);
      if (closing === undefined) return at;
      if (character === ",") expecting = closing === "}" ? "key" : "value";
      else if (character === closing) open.pop();
      else return at;
      at += 1;
    } else if (expecting === "key" || expecting === "first-key") {
      if (expecting === "first-key" && character === "}") {
        open.pop();
        at += 1;
        expecting = "after";
        continue;
      }
      if (character !== '"') return at;
      const key = readString(text, at);
      if (!key.whole) return key.at;
      at = key.at;
      while (isSpace(text.charCodeAt(at))) at += 1;
      if (text[at] !== ":") return at;
      at += 1;
      expecting = "value";
    } else if (expecting === "first-value" && character === "]") {
      open.pop();
      at += 1;
      expecting = "after";
    } else if (character === "{" || character === "[") {
      open.push(character === "{" ? "}" : "]");
      at += 1;
      expecting = character === "{" ? "first-key" : "first-value";
    } else if (character === '"') {
      const value = readString(text, at);
      if (!value.whole) return value.at;
      at = value.at;
      expecting = "after";
    } else {
      scalar.lastIndex = at;
      if (!scalar.test(text)) return at;
      at = scalar.lastIndex;
      expecting = "after";
    }
  }
}

/** The string that begins at `start`: the place after it, or of the first character that cannot stand in it. */
function readString(text: string, start: number): { readonly at: number; readonly whole: boolean } {
  for (let at = start + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { at: at + 1, whole: true };
    if (code < 0x20) return { at, whole: false };
    if (code !== 0x5c) at += 1;
    else if ('"\\/bfnrt'.includes(text.charAt(at + 1) || " ")) at += 2;
    else if (/^u[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 6))) at += 6;
    else return { at, whole: false };
  }
  return { at: text.length, whole: false };
}
