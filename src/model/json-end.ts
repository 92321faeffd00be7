/**
 * Follows JSON text as it comes, each character once: gives where in a piece the object or list that began the text ends (after its last bracket).
 * What follows belongs to something else. Undefined where it does not end there.
 */
export function followJson(): (piece: string, from?: number) => number | undefined {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (piece, from = 0) => {
    for (let at = from; at < piece.length && depth >= 0; at += 1) {
      const code = piece.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === 0x5c) escaped = true;
        else if (code === 0x22) inString = false;
      } else if (code === 0x22) inString = true;
      else if (code === 0x7b || code === 0x5b) depth += 1;
      else if (code === 0x7d || code === 0x5d) {
        depth -= 1;
        if (depth === 0) return at + 1;
      }
    }
    return undefined;
  };
}

/** Where the JSON object or list that starts at `from` ends, or undefined when it does not. */
export const jsonEnd = (text: string, from: number): number | undefined => followJson()(text, from);
