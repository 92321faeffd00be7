import { createCodeSpans } from "./code-spans.ts";
import { partialMarker } from "./partial-marker.ts";
import { firstTag, longestSpoken, spoken, strays } from "./think-marks.ts";

/**
 * Takes the first closing tag that nobody opened out of running text: its template opened it, and what stood before has gone out as text.
 * Between words it is a word of the sentence, and where a tag was opened before it, the text speaks of tags.
 */
export interface StrayCloser {
  /** What of the text goes on. */
  push(text: string): string;
  /** What was held of a text that is over, unless it is such a tag. */
  end(): string;
}

export function createStrayCloser(): StrayCloser {
  let isOver = false;
  /** The beginning of such a tag, or one of which what follows will decide. */
  let held = "";
  /** The last characters of the text, where a tag may have begun; what is held too. */
  let recent = "";
  let code = createCodeSpans();

  return {
    push(text) {
      let told = "";
      for (let next = text; next !== ""; ) {
        if (isOver) return told + next;
        const all = held + next;
        const window = recent + next;
        const match = firstTag(window);
        recent = window.slice(-longestSpoken);
        held = "";
        if (match !== null && spoken.includes(match[0])) {
          isOver = true;
          return told + all;
        }
        const tag = match?.[0] ?? "";
        const at = match === null ? all.length - partialMarker(all, strays) : match.index - (window.length - all.length);
        const before = all.slice(0, at);
        const after = all.slice(at + tag.length);
        code.feed(before);
        told += before;
        if (match === null || after === "" || after === " ") {
          held = tag + after;
          return told;
        }
        isOver = !code.inside() && !(code.afterWord() && /^ \S/.test(after));
        if (!isOver) {
          code.feed(tag);
          told += tag;
          recent = "";
        }
        next = after;
      }
      return told;
    },
    end() {
      const rest = !strays.includes(held.trimEnd()) || code.inside() ? held : "";
      held = "";
      recent = "";
      code = createCodeSpans();
      return rest;
    },
  };
}
