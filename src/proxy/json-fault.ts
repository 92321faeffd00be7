/** Where a text stops being JSON (RFC 8259): a place in UTF-16 units, with line and column from 1. */
export interface JsonFault {
  readonly position: number;
  readonly line: number;
  readonly column: number;
  readonly atEnd: boolean;
}

/**
 * Finds the place that `JSON.parse` refused. Its own message names it only for some faults, and quotes the text for the others, which is
 * the client's conversation.
 */
export function findJsonFault(text: string): JsonFault {
  const position = Math.min(faultAt(text), text.length);
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { position, line: before.split("\n").length, column: position - lineStart + 1, atEnd: position >= text.length };
}

const whitespace = /[ \t\n\r]*/y;
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

function faultAt(text: string): number {
  let at = 0;
  const skip = () => {
    whitespace.lastIndex = at;
    whitespace.test(text);
    at = whitespace.lastIndex;
  };
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  // What closes each open object or list; no recursion, since the depth is the client's.
  const open: ("}" | "]")[] = [];
  let expecting: "value" | "first-value" | "key" | "first-key" | "after" = "value";
  for (;;) {
    skip();
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
      if (character !== '"' || !take(string)) return inString(text, at);
      skip();
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
      if (!take(string)) return inString(text, at);
      expecting = "after";
    } else {
      if (!take(scalar)) return at;
      expecting = "after";
    }
  }
}

/** The first character that cannot stand in the string that begins here. */
function inString(text: string, start: number): number {
  if (text[start] !== '"') return start;
  const piece = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
  piece.lastIndex = start + 1;
  piece.test(text);
  return Math.max(piece.lastIndex, start + 1);
}
