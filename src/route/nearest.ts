/** Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, substitutions and swaps of neighbours. */
export function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let best = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

/** The known name that was probably meant: case, `_` and `-` count for nothing, and at most a third of it may differ. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const folded = fold(name);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const other = fold(candidate);
    const most = Math.min(least - 1, Math.max(1, Math.floor(Math.max(folded.length, other.length) / 3)));
    // Each letter that one has more is a difference. Most names end here: a launch compares many before anything is optimised.
    if (Math.abs(folded.length - other.length) > most) continue;
    const away = folded === other ? 0 : distance(folded, other);
    if (away > most) continue;
    best = candidate;
    least = away;
  }
  return best;
}

/** The one name that this is the beginning of: people stop typing where they think that it is clear. */
function begun(name: string, known: readonly string[]): string | undefined {
  const folded = fold(name);
  const [only, ...more] = folded.length < 3 ? [] : known.filter((one) => fold(one).startsWith(folded));
  return more.length === 0 ? only : undefined;
}

/** " Did you mean ...?" or nothing, to end a sentence with. */
export function didYouMean(name: string, known: readonly string[]): string {
  const meant = nearest(name, known) ?? begun(name, known);
  return meant === undefined ? "" : ` Did you mean "${meant}"?`;
}

/** No name is longer; what a client asks for may be. */
const longest = 100;
const fold = (name: string) => name.slice(0, longest).toLowerCase().replace(/[_-]/g, "");
