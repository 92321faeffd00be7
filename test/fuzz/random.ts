/** Numbers that follow from a seed (mulberry32). */
export interface Random {
  readonly seed: number;
  /** From 0 to below `limit`. */
  below(limit: number): number;
  chance(of: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    seed,
    below: (limit) => Math.floor(next() * limit),
    chance: (of) => next() * of < 1,
    pick(items) {
      if (items.length === 0) throw new Error("there is nothing to pick from");
      return items[Math.floor(next() * items.length)] as (typeof items)[number];
    },
  };
}

/** The seed of one input: of the run, the target's name, and its number. */
export function seedOf(run: number, name: string, index: number): number {
  let hash = 0x811c9dc5 ^ run;
  for (const text of [name, String(index)]) {
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ 0x2f, 0x01000193);
  }
  return hash >>> 0;
}
