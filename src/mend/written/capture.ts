import { anyOf } from "../markup/any-of.ts";
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
  const longest = Math.max(0, ...family.close.map((close) => close.length));
  const closers = anyOf(family.close, "g");
  /** What stands before the last closer that was none, and that itself; then what came behind it. */
  const judged: string[] = [];
  let since: string[] = [];
  /** The end of what came, in which a closer may have begun. */
  let tail = "";
  let head = "";
  let end = "";
  let valued = false;
  let start = "";
  let none = false;

  const settled = (more: string): boolean => {
    judged.push(more);
    if (family.settled === undefined) return true;
    if (head.length < longestHead) head += more.slice(0, longestHead - head.length);
    end = (end + more.slice(-longestEnd)).slice(-longestEnd);
    valued ||= family.value?.test(more) === true;
    return family.settled({ head, end, valued });
  };
  return {
    family,
    opener,
    push(text) {
      if (family.begins !== undefined && start.length < longestHead) {
        start += text.slice(0, longestHead - start.length);
        none = !family.begins.test(start);
      }
      if (none || family.close.length === 0) {
        since.push(text);
        return undefined;
      }
      const window = tail + text;
      closers.lastIndex = 0;
      let match = closers.exec(window);
      const open = match === null ? text : since.join("") + text;
      let looked = 0;
      let taken = 0;
      for (; match !== null; match = closers.exec(window)) {
        const at = open.length - window.length + match.index;
        if (settled(open.slice(taken, at))) {
          since = [];
          return { closer: match[0], after: open.slice(at + match[0].length) };
        }
        taken = at;
        // A closer that was looked at must not be found again.
        looked = closers.lastIndex;
      }
      if (looked > 0) since = [];
      since.push(open.slice(taken));
      tail = window.slice(Math.max(looked, window.length - longest + 1));
      return undefined;
    },
    isNone: () => none,
    body: () => judged.join("") + since.join(""),
  };
}
