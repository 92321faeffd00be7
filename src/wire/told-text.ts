export type ToldText = ReturnType<typeof createToldText>;

/** What is kept of a text that comes in pieces, to know it in its whole: not the text, which may be longer than there is memory for. */
export function createToldText() {
  let length = 0;
  let hash = basis;
  return {
    get length() {
      return length;
    },
    add(piece: string): void {
      length += piece.length;
      hash = hashOf(piece, piece.length, hash);
    },
    /** To one in four thousand million, if the length fits. */
    isStartOf: (whole: string) => whole.length >= length && hashOf(whole, length, basis) === hash,
  };
}

/** What the whole of a text brings beyond what came in pieces. Nothing where they differ: some servers clean up, or sum up, what they streamed. */
export function untold(whole: string, told: ToldText): string {
  return told.isStartOf(whole) ? whole.slice(told.length) : "";
}

const basis = 0x811c9dc5;
const prime = 0x01000193;

/** FNV-1a, of the first `end` characters behind those that `hash` is of. */
function hashOf(text: string, end: number, hash: number): number {
  let value = hash;
  for (let at = 0; at < end; at += 1) value = Math.imul(value ^ text.charCodeAt(at), prime);
  return value;
}
