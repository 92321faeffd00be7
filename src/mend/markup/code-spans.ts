/** Knows whether the place reached in a Markdown text is inside a fence or inline code, where markup is an example and stays text. */
export interface CodeSpans {
  feed(text: string): void;
  inside(): boolean;
  /** Only white space stands before this place in its line. */
  atLineStart(): boolean;
  /** A word and a space stand before this place in its line. */
  afterWord(): boolean;
}

const newline = 10;
const carriageReturn = 13;
const backtick = 96;
const tilde = 126;
const greater = 62;

/** What may stand before a fence in its line: white space, and the marks of quotes and of list items. */
const container = /^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)*\d{0,9}$/;
const longestContainer = 40;

export function createCodeSpans(): CodeSpans {
  let fence = 0;
  /** How long the run was that opened the fence: only one as long closes it, with nothing behind it in its line. */
  let width = 0;
  /** The fence stands in a quote: what closes it does too, and a line outside of the quote ends it. */
  let quoted = false;
  let closing = false;
  /** How long the run of backticks was that opened code in this line; 0: none did. One as long closes it. */
  let inline = 0;
  /**
   * Code that is open at the end of its line is a fence if three backticks or more began it, at the line's start or with no more than a
   * word behind them: models begin one behind a sentence too. "word": it may be the language's; "gap": the word is over.
   */
  let opens: "fence" | "word" | "gap" | "no" = "no";
  let blank = true;
  let space = false;
  /** What stands before this place in its line, while it may stand before a fence. */
  let lead: string | undefined = "";
  // A run of backticks or tildes: which, how many, and whether a fence may open or close there.
  let mark = 0;
  let run = 0;
  let headed = true;
  let last = true;
  const endRun = (): void => {
    if (fence === 0 && mark === tilde && run >= 3 && headed) {
      fence = tilde;
      width = run;
    } else if (fence === 0 && mark === backtick && run > 0) {
      if (inline === 0) {
        inline = run;
        opens = run < 3 ? "no" : headed ? "fence" : "word";
      } else if (inline === run) inline = 0;
    }
    run = 0;
    mark = 0;
  };
  const endLine = (): void => {
    if (closing) fence = 0;
    else if (fence === 0 && inline > 0 && opens !== "no") {
      fence = backtick;
      width = inline;
    }
    closing = false;
    inline = 0;
    blank = true;
    lead = "";
  };
  return {
    feed(text) {
      for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (code === backtick || code === tilde) {
          if (code !== mark && run > 0) endRun();
          if (run === 0) {
            mark = code;
            headed = lead !== undefined;
            last = blank || (quoted && lead !== undefined && /^[ \t>]*$/.test(lead));
            closing = false;
            if (fence === 0) quoted = lead?.includes(">") === true;
          }
          run += 1;
          blank = false;
          lead = undefined;
          if (last && fence === code && run >= width) closing = true;
          continue;
        }
        if (run > 0) endRun();
        if (code === newline) {
          endLine();
          continue;
        }
        if (lead !== undefined) {
          lead += text[index];
          if (lead.length > longestContainer || !container.test(lead)) lead = blank && (code === 32 || code === 9) ? "" : undefined;
        }
        if (code === 32 || code === 9) {
          if (opens === "word") opens = "gap";
        } else {
          if (quoted && blank && code !== greater) fence = 0;
          blank = false;
          if (code !== carriageReturn) closing = false;
          if (opens === "gap" && code !== carriageReturn) opens = "no";
        }
      }
      if (text !== "") space = /[ \t]$/.test(text);
    },
    inside() {
      if (fence !== 0) return !closing && !(quoted && blank);
      const isRunning = mark === backtick && run > 0;
      return inline === 0 ? isRunning || (mark === tilde && run >= 3 && headed) : !(isRunning && run === inline);
    },
    atLineStart: () => blank,
    afterWord: () => space && !blank,
  };
}
