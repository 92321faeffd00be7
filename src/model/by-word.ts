/** A table that has the words for each meaning, by word. */
export function byWord<Meaning extends string, Word extends string | number = string>(
  table: Readonly<Partial<Record<Meaning, readonly NoInfer<Word>[]>>>,
): ReadonlyMap<Word, Meaning> {
  const entries = Object.entries(table) as [Meaning, readonly Word[]][];
  return new Map(entries.flatMap(([meaning, words]) => words.map((word) => [word, meaning])));
}
