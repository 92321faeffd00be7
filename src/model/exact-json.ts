import { parseJson } from "./json.ts";

/**
 * JSON whose long integers stay exact. `JSON.parse` changes 1234567890123456789, often a message's or a database row's id, and the model would
 * then see another id in its own call. An integer that a double cannot hold becomes a marked string when parsed, and an integer again when
 * written. Node's own means for that (`JSON.rawJSON`) begin with version 22.
 */
const mark = "\ud800number:";
/** The mark in JSON text, where a lone surrogate is an escape. */
const escaped = JSON.stringify(mark).slice(0, -1);
/**
 * What almost no text has of the mark. It begins with a backslash, since V8 looks for the first character a block at a time: the mark's own is a quote,
 * which stands everywhere in JSON.
 */
const rare = escaped.slice(1, 7);
const marks = new RegExp(`${escaped.replace("\\", "\\\\")}(-?\\d+)"`, "g");
/** What may be one: 17 digits, or 16 from 9 on, but not the greatest integer that a double holds (9007199254740991), which stands in many schemas. */
const long = /\d{17}|9(?!007199254740991)\d{15}/;
const shortest = 16;
const integersAndBrackets = /(?<![\w.+-])-?[1-9]\d{15,}(?![\w.+-])|[{}[\]]/g;

/**
 * The value, or undefined where the text is not JSON. Numbers inside fewer than `depth` lists and objects stay numbers: they are settings, which
 * fcc computes with.
 */
export function parseExactly(text: string, depth = 0): unknown {
  return parseJson(hasLong(text) ? marked(text, depth) : text);
}

/** Writes what `parseExactly` gave, or what was made of it. */
export function stringifyExactly(value: unknown): string {
  const text = JSON.stringify(value);
  return text?.includes(rare) ? text.replace(marks, "$1") : text;
}

/** Almost no text has a long integer. A run of 16 digits covers one of every sixteenth characters, so that no others need be looked at. */
function hasLong(text: string): boolean {
  for (let at = shortest - 1; at < text.length; at += shortest) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57 && long.test(text.slice(Math.max(0, at - shortest), at + shortest + 1))) return true;
  }
  return false;
}

function marked(text: string, least: number): string {
  const out: string[] = [];
  let depth = 0;
  const kept = (found: string): string => {
    if (found === "{" || found === "[") depth += 1;
    else if (found === "}" || found === "]") depth -= 1;
    else if (depth >= least && String(Number(found)) !== found) return `${escaped}${found}"`;
    return found;
  };
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    out.push(text.slice(at, quote < 0 ? text.length : quote).replace(integersAndBrackets, kept));
    if (quote < 0) break;
    at = endOfString(text, quote);
    out.push(text.slice(quote, at));
  }
  return out.join("");
}

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}
