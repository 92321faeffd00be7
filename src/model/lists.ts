/**
 * Lists of a conversation, which have hundreds of entries, most of them lists of one. V8 gives an empty list room for seventeen with its
 * first entry, and `flatMap` and `filter` always make a list: a large request would wait for the garbage to be collected.
 */

/** `Array.prototype.flatMap`. Where there is one item it is that item's own list. */
export function flatMap<Item, Out>(items: readonly Item[], make: (item: Item, index: number) => readonly Out[]): readonly Out[] {
  if (items.length === 1) return make(items[0] as Item, 0);
  const out: Out[] = [];
  for (let index = 0; index < items.length; index += 1) append(out, make(items[index] as Item, index));
  return out;
}

/** `Array.prototype.map`: the same list where every item is its own replacement. */
export function replaceEach<Item>(items: readonly Item[], replacement: (item: Item, index: number) => Item): readonly Item[] {
  let out: Item[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index] as Item;
    const replaced = replacement(item, index);
    if (replaced === item) continue;
    out ??= [...items];
    out[index] = replaced;
  }
  return out ?? items;
}

/** A turn or a result whose parts are replaced: the same one where every part is its own replacement. */
export function replaceParts<Whole extends { readonly parts: readonly unknown[] }>(
  whole: Whole,
  replacement: (part: Whole["parts"][number]) => Whole["parts"][number],
): Whole {
  const parts = replaceEach(whole.parts, replacement);
  return parts === whole.parts ? whole : { ...whole, parts };
}

/** `Array.prototype.filter`: the same list where every item is kept. */
export function keepEach<Item>(items: readonly Item[], isKept: (item: Item, index: number) => boolean): readonly Item[] {
  return items.every(isKept) ? items : items.filter(isKept);
}

/** A turn or a result without some of its parts: the same one where every part is kept. */
export function keepParts<Whole extends { readonly parts: readonly unknown[] }>(
  whole: Whole,
  isKept: (part: Whole["parts"][number], index: number) => boolean,
): Whole {
  const parts = keepEach(whole.parts, isKept);
  return parts === whole.parts ? whole : { ...whole, parts };
}

/** `Array.prototype.push` of a list however long: as arguments, some hundred thousand items do not fit the stack. */
export function append<Item>(list: Item[], items: readonly Item[]): void {
  for (let at = 0; at < items.length; at += 1) list.push(items[at] as Item);
}
