/**
 * JSON whose integers stay as they were written: `JSON.parse` makes 1234567890123456789 another number (a message's or a row's id, which the
 * model then reads in its own call). One that a double cannot hold is a string behind a mark from parsing to writing. Node has the means
 * for both since version 22 only.
 */
const mark = "\ud800number:";
/** As it stands in JSON text: a lone surrogate is an escape there. */
const escaped = JSON.stringify(mark).slice(0, -1);
const marks = new RegExp(`${escaped.replace("\\", "\\\\")}(-?\\d+)"`, "g");
/** What may be one: 17 digits, or 16 from 9 on, but not the greatest integer that a double holds (9007199254740991), which stands in many schemas. */
const long = /\d{17}|9(?!007199254740991)\d{15}/;
const shortest = 16;
const integersAndBrackets = /(?<![\w.+-])-?[1-9]\d{15,}(?![\w.+-])|[{}[\]]/g;

/** `depth`: so many lists and objects must be around a number; those further out are settings, which are compared and counted. Throws as `JSON.parse`. */
export function parseExactly(text: string, depth = 0): unknown {
  return JSON.parse(hasLong(text) ? marked(text, depth) : text);
}

/** The text of what `parseExactly` gave, or of what was made with it. */
export function stringifyExactly(value: unknown): string {
  const text = JSON.stringify(value);
  return text?.includes(escaped) ? text.replace(marks, "$1") : text;
}

/** Nearly no text has one, not even in a string. A run of 16 digits covers every sixteenth place somewhere: no other place is looked at. */
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
