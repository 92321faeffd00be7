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

export function createCodeSpans(): CodeSpans {
  let fence = 0;
  /** How long the run was that opened the fence: only one as long closes it, with nothing behind it in its line. */
  let width = 0;
  let opening = false;
  let closing = false;
  let inline = false;
  let blank = true;
  let space = false;
  // A run of backticks or tildes: which, how many, and whether it began the line.
  let mark = 0;
  let run = 0;
  let headed = true;
  const endRun = (): void => {
    if (mark === backtick && run < 3 && fence === 0) inline = !inline;
    run = 0;
    mark = 0;
  };
  return {
    feed(text) {
      for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (code === backtick || code === tilde) {
          if (code !== mark && run > 0) endRun();
          if (run === 0) {
            mark = code;
            headed = blank;
            closing = false;
          }
          run += 1;
          blank = false;
          if (run === 3 && headed && fence === 0) {
            fence = code;
            opening = true;
            inline = false;
          }
          if (opening) width = run;
          else if (headed && fence === code && run >= width) closing = true;
          continue;
        }
        if (run > 0) endRun();
        opening = false;
        if (code === newline) {
          if (closing) fence = 0;
          closing = false;
          inline = false;
          blank = true;
        } else if (code !== 32 && code !== 9) {
          blank = false;
          if (code !== carriageReturn) closing = false;
        }
      }
      if (text !== "") space = /[ \t]$/.test(text);
    },
    inside: () => (fence !== 0 && !closing) || (inline ? !(mark === backtick && run > 0) : mark === backtick && run > 0 && run < 3),
    atLineStart: () => blank,
    afterWord: () => space && !blank,
  };
}
