import { distance } from "../route/nearest.ts";

/** The known name that was probably meant: case, `_` and `-` count for nothing, and at most a third of it may differ. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const folded = fold(name.slice(0, 100));
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const away = distance(folded, fold(candidate));
    if (away < bestDistance) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best !== undefined && bestDistance <= Math.max(1, Math.floor(Math.max(folded.length, best.length) / 3)) ? best : undefined;
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

const fold = (name: string) => name.toLowerCase().replace(/[_-]/g, "");
