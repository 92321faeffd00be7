import { isSpace } from "../arguments/scanner.ts";
import { anyOf } from "../markup/split-at.ts";

/** Where more is wrong than this, no repair finds what was meant; and each costs jsonrepair a copy of all that it has written. */
const mostRepairs = 2000;
/** How often a text may be read again: where jsonrepair took a wrong place for a string's end, it goes back to the string's beginning. */
const mostReads = 32;

const doubles = ['"', "“", "”"];
const singles = ["'", "`", "´", "‘", "’"];
const entities = ["&quot;", "&apos;", "&#34;", "&#39;", "&#x22;", "&#x27;"];
const quotes = [...doubles, ...singles, ...entities];
export const anyQuote = anyOf(quotes);
const characters = [...doubles, ...singles].join("");
/** What ends a string that has no quote at its end. */
const cuts = ",[]/{}\n+";
const delimiters = `${cuts}:()`;
const word = `[^\\s${characters},:+[\\]{}/&\\\\][^\\n${characters},:+[\\]{}/&\\\\]*`;
const comment = /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)/;
const token = new RegExp(`(?<quote>${anyQuote.source})|(?<word>${word})|${comment.source}|[^]`, "g");

/** Where a string with this quote may end, and where it is cut if it has no end. */
const boundsOf = (open: string) => {
  const isPlain = open === '"' || open === "'" || entities.includes(open);
  const ends = isPlain ? [open] : doubles.includes(open) ? doubles : singles;
  return { end: anyOf([...ends, "\\"], "g"), cut: anyOf([...ends, ...cuts], "g") };
};
const bounds = new Map(quotes.map((open) => [open, boundsOf(open)]));

/** What jsonrepair would have to put right, by going its way through the text; undefined where that would cost too much. */
export function countRepairs(text: string): number | undefined {
  let repairs = 0;
  let reread = 0;
  let depth = 0;
  let before: "open" | "comma" | "colon" | "value" = "open";
  const value = (): void => {
    if (before === "value") repairs += 1;
    before = "value";
  };
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const what = match[0];
    if (match.groups?.quote !== undefined) {
      value();
      const string = readString(text, match.index, what);
      repairs += string.repairs;
      reread += string.read - string.end;
      token.lastIndex = string.end;
    } else if (match.groups?.word !== undefined) value();
    else if (what === "{" || what === "[") {
      value();
      before = "open";
      depth += 1;
    } else if (what === "}" || what === "]") {
      if (before === "comma" || before === "colon" || depth === 0) repairs += 1;
      before = "value";
      depth = Math.max(0, depth - 1);
    } else if (what === "," || what === ":" || what === "+") {
      if (before !== "value" || what === "+") repairs += 1;
      before = what === ":" ? "colon" : "comma";
    } else if (what.startsWith("/") && what.includes('"')) {
      // No comment: the rest of a string that was taken to end before it.
      return undefined;
    }
    if (repairs + depth > mostRepairs || reread > mostReads * text.length) return undefined;
  }
  return repairs + depth;
}

interface StringRead {
  /** Where reading goes on. */
  readonly end: number;
  /** How far it had to look to know that. */
  readonly read: number;
  readonly repairs: number;
}

/** A string as jsonrepair reads it. A quote in it that cannot be its end is a repair, and shows whether it ended before that. */
function readString(text: string, from: number, open: string): StringRead {
  const { end, cut } = bounds.get(open) ?? boundsOf(open);
  const start = from + open.length;
  const isEscaped = text[from - 1] === "\\";
  const cutOff = (): number => {
    cut.lastIndex = start;
    const match = cut.exec(text);
    if (match === null) return text.length;
    return cuts.includes(match[0]) ? match.index : cut.lastIndex;
  };
  let repairs = 0;
  end.lastIndex = start;
  for (let match = end.exec(text); match !== null && repairs <= mostRepairs; match = end.exec(text)) {
    if (match[0] === "\\") {
      if (!isEscaped) end.lastIndex += 1;
      continue;
    }
    const read = match.index + match[0].length;
    if (isEnd(text, start, match.index, read)) return { end: read, read, repairs };
    repairs += 1;
    // It opens another string, behind one that has no quote at its end; else it stands in this one, and is escaped.
    const last = lastInk(text, match.index);
    if (text[last] === ",") return { end: last, read, repairs };
    if (isDelimiter(text[last])) return { end: cutOff(), read, repairs };
  }
  const isCut = isDelimiter(text[lastInk(text, text.length)]);
  return { end: isCut ? cutOff() : text.length, read: text.length, repairs: repairs + 1 };
}

/** Whether the string from `start` to `quote` is over there, by what stands behind the quote. */
function isEnd(text: string, start: number, quote: number, behind: number): boolean {
  let at = behind;
  while (text[at] !== "\n" && isSpace(text[at])) at += 1;
  const next = text[at];
  if (next === undefined || (next >= "0" && next <= "9")) return true;
  if (isDelimiter(next)) {
    const opening = "([{"[")]}".indexOf(next)];
    if (opening === undefined) return true;
    const string = text.slice(start, quote);
    return string.split(opening).length <= string.split(next).length;
  }
  if (!characters.includes(next)) return false;
  at += 1;
  while (isSpace(text[at])) at += 1;
  return at < text.length && !isDelimiter(text[at]);
}

function lastInk(text: string, before: number): number {
  let at = before - 1;
  while (at > 0 && isSpace(text[at])) at -= 1;
  return at;
}

function isDelimiter(character: string | undefined): boolean {
  return character !== undefined && delimiters.includes(character);
}
