const longStart = /(?<=[:,[(]\s{0,9})"""/g;
const longEnd = /"""(?=\s{0,99}[,}\])])/g;
const inOneLine = (text: string): string =>
  text.replace(/\\[\s\S]|["\n\r\t]/g, (piece) => (piece.length > 1 ? piece : JSON.stringify(piece).slice(1, -1)));

/** Python's long strings to JSON's: jsonrepair takes the three quotes for an empty one, and what follows it for another member. */
export function withShortStrings(text: string): string {
  const pieces: string[] = [];
  let at = 0;
  longStart.lastIndex = 0;
  for (let start = longStart.exec(text); start !== null; start = longStart.exec(text)) {
    longEnd.lastIndex = longStart.lastIndex;
    const end = longEnd.exec(text);
    if (end === null) break;
    pieces.push(text.slice(at, start.index), '"', inOneLine(text.slice(longStart.lastIndex, end.index)), '"');
    at = longEnd.lastIndex;
    longStart.lastIndex = at;
  }
  return pieces.join("") + text.slice(at);
}
