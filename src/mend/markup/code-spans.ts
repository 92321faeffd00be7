/** Where markup is never an example. */
export const noCode = {
  feed() {},
  inside: () => false,
  atLineStart: () => false,
  afterWord: () => false,
};

type Mark = "backtick" | "tilde";

/** Neighbours of one kind are read together, a carriage return as nothing. */
function kindAt(text: string, index: number): Mark | "newline" | "return" | "space" | "word" {
  const code = text.charCodeAt(index);
  if (code === 32 || code === 9) return "space";
  if (code === 96) return "backtick";
  if (code === 126) return "tilde";
  if (code === 10) return "newline";
  return code === 13 ? "return" : "word";
}

interface Run {
  readonly mark: Mark;
  length: number;
  /** Nothing but marks of quotes and list items stands before it in its line. */
  readonly leads: boolean;
  readonly quoted: boolean;
  /** Where its fence is open, it may close it. */
  readonly closes: boolean;
}

/** Only a run of the same mark that is as long closes it, with nothing behind it in its line; or a line outside of the quote that it stands in. */
interface Fence {
  readonly mark: Mark;
  readonly width: number;
  readonly quoted: boolean;
  /** Such a run has come, and nothing behind it. */
  closed: boolean;
}

/** Code that a run of backticks opened in this line; one as long closes it. */
interface Inline {
  readonly width: number;
  readonly quoted: boolean;
  /**
   * Whether it is a fence if it is open at the end of its line: three backticks or more at the line's start, or with no more than a word behind
   * them, since models begin one behind a sentence too. "word": it may be the language's; "gap": the word is over.
   */
  opens: "fence" | "word" | "gap" | "no";
}

/** What may stand before a fence in its line: white space, and the marks of quotes and of list items. */
const container = /^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)*\d{0,9}$/;
const longestContainer = 40;

/** Knows whether the place reached in a Markdown text is inside a fence or inline code, where markup is an example and stays text. */
export function createCodeSpans() {
  let fence: Fence | undefined;
  let inline: Inline | undefined;
  /** The run that is not over yet. */
  let run: Run | undefined;
  /** What stands before this place in its line: nothing but white space, a word, or a word and a space. */
  let before: "blank" | "word" | "gap" = "blank";
  /** The same to the letter, while it may stand before a fence. */
  let lead: string | undefined = "";

  const isClosed = ({ mark, width, closed }: Fence): boolean =>
    closed || (run?.closes === true && run.mark === mark && run.length >= width);
  const readRun = (mark: Mark, length: number): void => {
    if (run?.mark === mark) run.length += length;
    else {
      endRun();
      if (fence !== undefined) fence.closed = false;
      const closes = before === "blank" || (fence?.quoted === true && lead !== undefined && /^[ \t>]*$/.test(lead));
      run = { mark, length, leads: lead !== undefined, quoted: lead?.includes(">") === true, closes };
    }
    before = "word";
    lead = undefined;
  };
  const endRun = (): void => {
    if (run === undefined) return;
    const { mark, length: width, leads, quoted } = run;
    if (fence !== undefined) fence.closed = isClosed(fence);
    else if (opensTildes(run)) fence = { mark, width, quoted, closed: false };
    else if (mark === "backtick" && inline === undefined) inline = { width, quoted, opens: width < 3 ? "no" : leads ? "fence" : "word" };
    else if (mark === "backtick" && inline?.width === width) inline = undefined;
    run = undefined;
  };
  const endLine = (): void => {
    if (fence?.closed) fence = undefined;
    else if (fence === undefined && inline !== undefined && inline.opens !== "no") fence = { mark: "backtick", ...inline, closed: false };
    inline = undefined;
    before = "blank";
    lead = "";
  };
  const readSpace = (text: string): void => {
    extendLead(text);
    if (inline?.opens === "word") inline.opens = "gap";
    if (before === "word") before = "gap";
  };
  const readWord = (text: string): void => {
    extendLead(text);
    if (fence?.quoted && before === "blank" && !text.startsWith(">")) fence = undefined;
    if (inline?.opens === "gap") inline.opens = "no";
    if (fence !== undefined) fence.closed = false;
    before = "word";
  };
  const extendLead = (text: string): void => {
    if (lead === undefined) return;
    const extended = lead + text;
    const mayLead = extended.length <= longestContainer && container.test(extended);
    lead = mayLead ? extended : before === "blank" && text.trim() === "" ? "" : undefined;
  };

  return {
    feed(text: string): void {
      for (let from = 0, to = 1; from < text.length; from = to, to += 1) {
        const kind = kindAt(text, from);
        while (to < text.length && kindAt(text, to) === kind) to += 1;
        if (kind === "backtick" || kind === "tilde") readRun(kind, to - from);
        else {
          endRun();
          if (kind === "newline") endLine();
          else if (kind === "space") readSpace(text.slice(from, to));
          else if (kind === "word") readWord(text.slice(from, to));
          // A carriage return, which is no space.
          else if (before === "gap") before = "word";
        }
      }
    },
    inside(): boolean {
      if (fence !== undefined) return !isClosed(fence) && !(fence.quoted && before === "blank");
      if (inline !== undefined) return run?.mark !== "backtick" || run.length !== inline.width;
      return run !== undefined && (run.mark === "backtick" || opensTildes(run));
    },
    /** Only white space stands before this place in its line. */
    atLineStart: (): boolean => before === "blank",
    /** A word and a space stand before this place in its line. */
    afterWord: (): boolean => before === "gap",
  };
}

const opensTildes = ({ mark, length, leads }: Run): boolean => mark === "tilde" && length >= 3 && leads;
