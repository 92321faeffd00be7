import { jsonrepair } from "jsonrepair";
import { withShortStrings } from "./long-strings.ts";
import { anyQuote, countRepairs } from "./repair-cost.ts";

/** What is an escape in JSON, or in Python's strings, and a backslash that is none. */
const backslash = /\\(?:["\\/bfnrt']|u[0-9a-fA-F]{4}|(_?))/g;
/** Who escapes names as Markdown does (Mixtral) does so in values too. */
const escapedKey = /"(?:\w|\\_)*\\_\w*"\s*:/;
/** jsonrepair takes such a backslash away, and with it what a pattern, a path or a quoted `$` means. */
function withLoneBackslashes(text: string): string {
  const low = escapedKey.test(text) ? "_" : "\\\\_";
  return text.replace(backslash, (pair, lone?: string) => (lone === undefined ? pair : lone === "" ? "\\\\" : low));
}

/**
 * `jsonrepair`; undefined where it finds no repair, where to look for one would cost the square of the text, or its cube, and where it took a
 * quote in a string for the string's end, and what came behind for members that nobody wrote, or made another quote of it.
 */
export function repairJson(text: string): string | undefined {
  const escaped = withLoneBackslashes(withShortStrings(text));
  const repairs = countRepairs(escaped);
  if (repairs === undefined) return undefined;
  try {
    const repaired = jsonrepair(escaped);
    const hasQuotes = (repaired.match(escapedQuote)?.length ?? 0) < escaped.split('"').length;
    return hasQuotes && (!startsQuoted.test(escaped) || hasNames(escaped, repaired, repairs === 0)) ? repaired : undefined;
  } catch {
    return undefined;
  }
}

const escapedQuote = /(?<!\\)(?:\\\\)*\\"/g;
/** Whoever quotes the first name quotes all, but for some where nothing else is wrong. */
const startsQuoted = new RegExp(`^\\s*\\[?\\s*\\{\\s*(?:${anyQuote.source})`);

/** Whether the text has each name of the repaired one's members, in quotes, of which the first may be missing, and with a colon behind it. */
function hasNames(text: string, repaired: string, mayBeBare: boolean): boolean {
  const pieces = text.split(anyQuote);
  const named = pieces.filter((_, at) => pieces[at + 1]?.trimStart().startsWith(":"));
  const names = new Set(named.flatMap((piece) => [piece, /[{,]\s*([\w-]+)$/.exec(piece)?.[1] ?? piece]));
  let has = true;
  JSON.parse(repaired, function (this: unknown, name, value: unknown) {
    // The name of the whole is empty.
    has &&= Array.isArray(this) || names.has(name) || name === "" || (mayBeBare && /^[\w-]+$/.test(name));
    return value;
  });
  return has;
}
