/** First in, first out, at the same cost however many wait: `Array.prototype.shift` of a long list moves all the others. */
export interface Queue<Item> {
  first(): Item | undefined;
  last(): Item | undefined;
  push(item: Item): void;
  shift(): Item | undefined;
  /** All that wait, the first one first. */
  all(): readonly Item[];
}

/** How many that have had their turn may be held until they are let go together. */
const kept = 1024;

export function createQueue<Item>(): Queue<Item> {
  let items: Item[] = [];
  let gone = 0;
  return {
    first: () => items[gone],
    last: () => items.at(-1),
    push: (item) => void items.push(item),
    shift() {
      const item = items[gone];
      if (gone < items.length) gone += 1;
      if (gone === items.length || (gone >= kept && gone * 2 >= items.length)) {
        items = items.slice(gone);
        gone = 0;
      }
      return item;
    },
    all: () => items.slice(gone),
  };
}
