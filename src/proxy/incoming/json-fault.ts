import { isSpace } from "../../wire/json-bytes.ts";

/** Where a text stops being JSON (RFC 8259): an index in UTF-16 code units, with line and column from 1. */
interface JsonFault {
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
  const position = faultAt(text);
  const before = text.slice(0, position);
  return { position, line: before.split("\n").length, column: position - before.lastIndexOf("\n"), atEnd: position === text.length };
}

/** Character by character: a regular expression would run out of stack on tens of megabytes in one string or of nested brackets. */
function faultAt(text: string): number {
  let at = 0;
  let expecting: "value" | "key" | "colon" | "after" = "value";
  // What closes each open object or list. No recursion, since the client decides the depth.
  const open: ("}" | "]")[] = [];
  // Right after an opening: nothing may be in it.
  let first = false;
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at += 1;
    const character = text[at];
    if (character === undefined) return at;
    const closing = open.at(-1);
    let next = at + 1;
    const opens = expecting === "value" && (character === "{" || character === "[");
    if (opens) {
      open.push(character === "{" ? "}" : "]");
      expecting = character === "{" ? "key" : "value";
    } else if ((first || expecting === "after") && character === closing) {
      open.pop();
      expecting = "after";
    } else if (expecting === "after" && character === "," && closing !== undefined) expecting = closing === "}" ? "key" : "value";
    else if (expecting === "colon" && character === ":") expecting = "value";
    else if (expecting === "value" || (expecting === "key" && character === '"')) {
      const token = character === '"' ? readString(text, at) : readScalar(text, at);
      if (!token.whole) return token.end;
      expecting = expecting === "key" ? "colon" : "after";
      next = token.end;
    } else return at;
    first = opens;
    at = next;
  }
}

/** A string or scalar: the place after it, or of the first character that cannot stand in it. */
interface Token {
  readonly end: number;
  readonly whole: boolean;
}

const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

function readScalar(text: string, start: number): Token {
  scalar.lastIndex = start;
  const whole = scalar.test(text);
  return { end: whole ? scalar.lastIndex : start, whole };
}

function readString(text: string, start: number): Token {
  for (let at = start + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { end: at + 1, whole: true };
    if (code === 0x5c) {
      const escaped = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, at + 6))?.[0];
      if (escaped === undefined) return { end: at, whole: false };
      at += escaped.length;
    } else if (code < 0x20) return { end: at, whole: false };
    else at += 1;
  }
  return { end: text.length, whole: false };
}
