/** What is put out until it is taken, all that came of one input together. */
export interface Outbox<Item> {
  put(item: Item): void;
  take(): Item[];
}

export function createOutbox<Item>(): Outbox<Item> {
  let items: Item[] = [];
  return {
    put: (item) => void items.push(item),
    take() {
      const taken = items;
      items = [];
      return taken;
    },
  };
}
