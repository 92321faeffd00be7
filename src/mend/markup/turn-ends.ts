/** Tokens with which a turn ends; a server that does not know its model's leaves them at the end of the text. */
export const turnEnds = ["return", "end", "call", "im_end", "eot_id", "eot", "eom_id", "eom", "endoftext", "end_of_text", "observation"]
  // Of Cohere's models, and of Ling.
  .concat("END_OF_TURN_TOKEN", "role_end")
  .map((name) => `<|${name}|>`)
  .concat("<｜end▁of▁sentence｜>", "<end_of_turn>", "<turn|>", "<|plamo:tag|>");

/** Holds such tokens back until it is known whether they are the last of the text. */
export function createTurnEnds() {
  let waiting: string[] = [];
  return {
    /** What of the text goes on: all but the tokens at its end, after those that waited unless there is nothing else yet. */
    push(text: string): string {
      const at = text.length - endsLength(text);
      if (waiting.length > 0 && text.slice(0, at).trim() === "") {
        waiting.push(text);
        return "";
      }
      const before = waiting.join("") + text.slice(0, at);
      waiting = at < text.length ? [text.slice(at)] : [];
      return before;
    },
    /** What waits, which waits no more. */
    take(): string {
      const taken = waiting.join("");
      waiting = [];
      return taken;
    },
  };
}

/** How much of the text's end is such tokens, with the white space behind them. */
export function endsLength(text: string): number {
  let length = 0;
  for (let rest = text.trimEnd(); rest.endsWith(">"); rest = rest.trimEnd()) {
    const token = turnEnds.find((one) => rest.endsWith(one));
    if (token === undefined) break;
    rest = rest.slice(0, -token.length);
    length = text.length - rest.length;
  }
  return length;
}
