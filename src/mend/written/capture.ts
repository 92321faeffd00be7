import { splitAt } from "../markup/split-at.ts";
import type { Family } from "./family.ts";

/** The text behind an opener, up to the closer that is the real one. */
export interface Capture {
  readonly family: Family;
  readonly opener: string;
  /** The closer and what follows it, once it has come. */
  push(text: string): { readonly closer: string; readonly after: string } | undefined;
  /** What came cannot begin a call: a sentence names the opener. */
  isNone(): boolean;
  body(): string;
}

/** How much of the text's beginning and of its end a family is shown: more than any of its marks, behind white space. */
const longestHead = 200;
const longestEnd = 64;

/** Of what may be a closer there can be many, so at each the family is shown what was seen on the way, not the text again. */
export function createCapture(family: Family, opener: string): Capture {
  const atCloser = splitAt(family.close);
  /** What stands before the last closer that was none; that itself, and what came behind it; and the beginning of the next one, perhaps. */
  const judged: string[] = [];
  let since: string[] = [];
  let held = "";
  let head = "";
  let end = "";
  let valued = false;
  let none = false;

  const isSettled = (more: string): boolean => {
    if (family.settled === undefined) return true;
    end = (end + more.slice(-longestEnd)).slice(-longestEnd);
    valued ||= family.value?.test(more) === true;
    return family.settled({ head, end, valued });
  };
  return {
    family,
    opener,
    push(text) {
      if (head.length < longestHead) {
        head += text.slice(0, longestHead - head.length);
        none = family.begins?.test(head) === false;
      }
      if (none) {
        held += text;
        return undefined;
      }
      for (let next = held + text; ; ) {
        const { before, marker, rest } = atCloser(next);
        since.push(before);
        held = marker === undefined ? rest : "";
        if (marker === undefined) return undefined;
        const more = since.join("");
        judged.push(more);
        since = [];
        if (isSettled(more)) return { closer: marker, after: rest };
        since.push(marker);
        next = rest;
      }
    },
    isNone: () => none,
    body: () => judged.join("") + since.join("") + held,
  };
}
