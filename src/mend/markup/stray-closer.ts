import { byOpener } from "../written/families.ts";
import { createCodeSpans } from "./code-spans.ts";
import { splitAt } from "./split-at.ts";
import { openedByTemplates } from "./think-marks.ts";

/** Which closing tags are taken out of running text when nothing opened them: the template did. */
const strays = openedByTemplates.map(([, close]) => close);
/** Where running text has opened one, it speaks of tags; or it calls a tool, and what stands in the call is the tool's. */
const spoken = new Set([...openedByTemplates.map(([open]) => open), ...[...byOpener.keys()].filter((open) => /^[<[]/.test(open))]);
const longestSpoken = Math.max(...[...spoken].map((tag) => tag.length));
const atTag = splitAt([...spoken, ...strays], strays);

/**
 * Takes the first closing tag that nobody opened out of running text: its template opened it, and what stood before has gone out as text.
 * Between words it is a word of the sentence, and where a tag was opened before it, the text speaks of tags.
 */
export function createStrayCloser() {
  let isOver = false;
  /** The beginning of such a tag, or one of which what follows will decide. */
  let held = "";
  /** The last characters of the text, where a tag may have begun; what is held too. */
  let recent = "";
  let code = createCodeSpans();

  return {
    /** What of the text goes on. */
    push(text: string): string {
      let told = "";
      for (let next = text; next !== ""; ) {
        if (isOver) return told + next;
        const { before, marker, rest } = atTag(recent + next);
        const all = held + next;
        const untold = before.slice(recent.length - held.length);
        recent = (recent + next).slice(-longestSpoken);
        held = "";
        if (marker !== undefined && spoken.has(marker)) {
          isOver = true;
          return told + all;
        }
        code.feed(untold);
        told += untold;
        if (marker === undefined || rest === "" || rest === " ") {
          held = (marker ?? "") + rest;
          return told;
        }
        isOver = !code.inside() && !(code.afterWord() && /^ \S/.test(rest));
        if (!isOver) {
          code.feed(marker);
          told += marker;
          recent = "";
        }
        next = rest;
      }
      return told;
    },
    /** What was held of a text that is over, unless it is such a tag. */
    end(): string {
      const rest = !strays.includes(held.trimEnd()) || code.inside() ? held : "";
      held = "";
      recent = "";
      code = createCodeSpans();
      return rest;
    },
  };
}

/** The closing tag that nobody opened in a text, where it is no word of it. */
export function unopened(text: string): string | undefined {
  const { before, marker, rest } = atTag(text);
  if (marker === undefined || spoken.has(marker)) return undefined;
  const code = createCodeSpans();
  code.feed(before);
  const isProse = code.inside() || (code.afterWord() && /^ ?(?:\S|$)/.test(rest));
  return isProse ? undefined : marker;
}
