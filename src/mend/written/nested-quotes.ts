/** More places where a string may end than this, or more such strings: nobody can tell where they do. */
const mostEnds = 32;
const mostStrings = 16;

/** A string, with its last quote where it ends, or a bracket. */
const piece = /"(?:[^"\\]+|\\[\s\S])*("?)|'(?:[^'\\]+|\\[\s\S])*('?)|[()[\]{}]/g;
/** A quote that is not escaped, by itself. */
const escapedOrQuote = /\\[\s\S]|["']/g;

/** A value in three quotes, which are looked for before the white space in front of them; or another string, in which three are nothing special. */
const tripled = /(?="""|''')(?<=[=([{,:]\s*)("""|''')((?:[^\\]|\\[\s\S])*?)\1|"(?:[^"\\]+|\\[\s\S])*"?|'(?:[^'\\]+|\\[\s\S])*'?/g;

/** What may stand behind the end of a string; the last of it is one that Python joins to this one. */
const follows = /\s*(?:[,)\]}:+]|$)|\s+["']/y;
const nextCall = /\s*\)(?:\s*[,;]|[^\S\n]*\n)\s*[A-Za-z_][\w.-]*\(\s*(?:[A-Za-z_]\w*\s*=|\))/y;

function stands(what: RegExp, text: string, at: number): boolean {
  what.lastIndex = at;
  return what.test(text);
}

/** Where brackets do not fit, or a string begins that what stands behind its closing quote says to go on; undefined where all is well. */
function firstBroken(text: string): number | undefined {
  let depth = 0;
  for (const { 0: what, 1: double, 2: single, index } of text.matchAll(piece)) {
    if ("([{".includes(what)) depth += 1;
    else if (")]}".includes(what)) depth -= 1;
    else if (!(double || single) || !stands(follows, text, index + what.length)) return index;
    if (depth < 0) return index;
  }
  return depth === 0 ? undefined : text.length;
}

const escapeIn = (text: string, quote: string): string => text.replace(escapedOrQuote, (what) => (what === quote ? `\\${what}` : what));

function withoutTriples(text: string): string {
  return text.replace(tripled, (whole, quotes?: string, inside = "") => {
    const quote = quotes?.[0];
    return quote === undefined ? whole : quote + escapeIn(inside, quote) + quote;
  });
}

/**
 * Calls in Python's spelling with quotes inside of strings in the same quotes, `command='sed -n '1,9p' f'`, as LFM2 writes them: escaped,
 * where only one quote can be the string's end. Undefined where several can: a command that was cut short is worse than none.
 */
export function escapeNestedQuotes(text: string): string | undefined {
  return escapeFrom(withoutTriples(text), 0);
}

function escapeFrom(text: string, strings: number): string | undefined {
  const start = firstBroken(text);
  const quote = start === undefined ? undefined : text[start];
  if (start === undefined || (quote !== '"' && quote !== "'")) return text;
  if (strings >= mostStrings) return undefined;
  const quotes = [...text.slice(start + 1).matchAll(escapedOrQuote)].filter(([what]) => what === quote);
  const ends = quotes.map(({ index }) => start + 1 + index).filter((at) => stands(follows, text, at + 1));
  if (ends.length > mostEnds) return undefined;
  // Another call begins there: it is no part of the string.
  const last = ends.find((at) => stands(nextCall, text, at + 1));
  let found: string | undefined;
  for (const end of ends) {
    if (last !== undefined && end > last) break;
    const whole = text.slice(0, start + 1) + escapeIn(text.slice(start + 1, end), quote) + text.slice(end);
    const read = end === last ? escapeFrom(whole, strings + 1) : whole;
    if (read === undefined || firstBroken(read) !== undefined) continue;
    if (found !== undefined) return undefined;
    found = read;
  }
  return found;
}
