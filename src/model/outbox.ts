/** What is put out until it is taken, all that came of one input together. */
export interface Outbox<Item> {
  put(...items: Item[]): void;
  take(): readonly Item[];
}

export function createOutbox<Item>(): Outbox<Item> {
  let items: Item[] = none;
  return {
    // Hot: run for each delta in each stage, and nearly always with one item. The list of arguments is used as it is, without a copy.
    put(...more) {
      if (items.length === 0) items = more;
      else items.push(...more);
    },
    take() {
      const taken = items;
      items = none;
      return taken;
    },
  };
}

const none: never[] = [];
