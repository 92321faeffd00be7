import { splitAt } from "../markup/split-at.ts";
import type { Family } from "./family.ts";

export type Capture = ReturnType<typeof createCapture>;

/** How much of the text's beginning and of its end a family is shown: more than any of its marks, behind white space. */
const longestHead = 200;
const longestEnd = 64;
/** More than a model writes in one reply. To read it as calls costs many times its size in memory, and stops everything else meanwhile. */
const longestCapture = 4 * 1024 * 1024;

/**
 * Takes the text behind an opener, up to the closer that is the real one. Of what may be one there can be many, so at each the family is shown what
 * was seen on the way, not the text again.
 */
export function createCapture(family: Family, opener: string) {
  const atCloser = splitAt(family.close);
  /** What stands before the last closer that was none; that itself, and what came behind it; and the beginning of the next one, perhaps. */
  let judged = "";
  let since = "";
  let held = "";
  /** What the family is shown. */
  const seen = { head: "", end: "", valued: false };
  let none = false;
  let raw = false;

  /** Whether what came last stands in text that has no tags. */
  const isRaw = (): boolean => {
    if (family.raw === undefined) return false;
    const [opened, closed] = family.raw.map((mark) => since.lastIndexOf(mark));
    if (opened !== closed) raw = (opened ?? -1) > (closed ?? -1);
    return raw;
  };
  const isSettled = (): boolean => {
    if (isRaw()) return false;
    if (family.settled === undefined) return true;
    seen.end = (seen.end + since.slice(-longestEnd)).slice(-longestEnd);
    seen.valued ||= family.value?.test(since) === true;
    return family.settled(seen);
  };
  return {
    family,
    opener,
    /** The closer and what follows it, once it has come. */
    push(text: string): { readonly closer: string; readonly after: string } | undefined {
      if (seen.head.length < longestHead) {
        seen.head += text.slice(0, longestHead - seen.head.length);
        none = family.begins?.test(seen.head) === false;
      }
      if (none) {
        held += text;
        return undefined;
      }
      for (let next = held + text; ; ) {
        const { before, marker, rest } = atCloser(next);
        since += before;
        held = marker === undefined ? rest : "";
        if (marker === undefined) return undefined;
        const isReal = isSettled();
        judged += since;
        since = isReal ? "" : marker;
        if (isReal) return { closer: marker, after: rest };
        next = rest;
      }
    },
    /** What came cannot begin a call: a sentence names the opener. */
    isNone: () => none,
    /** So long that it stays text. */
    isTooLong: () => judged.length + since.length + held.length > longestCapture,
    body: () => judged + since + held,
  };
}
