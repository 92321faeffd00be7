import { type JsonObject, pieceOf, textOf } from "../json.ts";
import type { ItemReader } from "./read-items.ts";

/** An item of a reply as far as it has been seen. */
export interface Item {
  readonly type: string;
  readonly reader: ItemReader;
  /** As it was announced first. */
  given: JsonObject | undefined;
  done: boolean;
}

/** The items of one reply, found again by what servers say of them. What is found nowhere is a new one. */
export function createReplyItems(readerOf: (type: string) => ItemReader) {
  const all: Item[] = [];
  const byIndex = new Map<number, Item>();
  /** A call by its own id too. */
  const byId = new Map<string, Item>();

  const create = (type: string): Item => {
    const item = { type, reader: readerOf(type), given: undefined, done: false };
    all.push(item);
    return item;
  };

  /**
   * What may be meant, the likeliest first. Where there is an index, ids count less: some servers change them from event to event, or give
   * several calls one id of a call. llama.cpp has no index, and some have only a call's own id, which what came of it before did not tell. What
   * names nothing is about the last item.
   */
  const candidates = (index: number | undefined, id: string | undefined, call: string | undefined): readonly (Item | undefined)[] => {
    if (index !== undefined) return [byIndex.get(index), byId.get(id ?? "")];
    const last = all.at(-1);
    if (id === undefined && call === undefined) return [last];
    return [byId.get(id ?? ""), byId.get(call ?? ""), id === undefined && last?.given === undefined ? last : undefined];
  };

  /** LiteLLM gives items of several types one index. */
  const find = (event: JsonObject, { id: given, call_id }: JsonObject, type: string, announced: boolean): Item => {
    const index = indexOf(event.output_index);
    const id = textOf(given);
    const call = pieceOf(call_id);
    const isAnother = (item: Item): boolean => {
      if (item.done && (announced || isOtherCall(item, call))) return true;
      // Without an index a second beginning is the same item's where an id says so.
      if (!announced || index !== undefined || item.given === undefined) return false;
      return id === undefined ? call === undefined : textOf(item.given.id) !== id;
    };
    const known = candidates(index, id, call).find((item) => item?.type === type && !isAnother(item));
    const item = known ?? create(type);
    if (index !== undefined) byIndex.set(index, item);
    if (id !== undefined) byId.set(id, item);
    if (call !== undefined) byId.set(call, item);
    return item;
  };

  return {
    /** In the order in which they began. */
    all,
    /** The item that an event is about, which has an item of this type. */
    about: (event: JsonObject, type: string): Item => find(event, { id: event.item_id }, type, false),
    /** The item that an event has in it. `announced`: it begins with it, so that one which is over is another. */
    within: (event: JsonObject, given: JsonObject, announced: boolean): Item => find(event, given, typeOf(given), announced),
    /** The items in the whole output of a reply, each with what it says of it. */
    inOutput(output: readonly JsonObject[]): readonly (readonly [item: Item, given: JsonObject])[] {
      const named = output.map((given) => {
        const item = byId.get(textOf(given.id) ?? "");
        return item?.type === typeOf(given) ? item : undefined;
      });
      // Where ids are others than before, or none, those of one type are in the order in which they came.
      const unnamed = all.filter((item) => !named.includes(item));
      return output.map((given, place) => {
        const at = unnamed.findIndex(({ type }) => type === typeOf(given));
        const item = named[place] ?? unnamed.splice(at, at < 0 ? 0 : 1)[0] ?? create(typeOf(given));
        return [item, given];
      });
    },
  };
}

/** Some servers number none of their calls, or give all of them one number, and announce none. */
function isOtherCall({ given }: Item, call: string | undefined): boolean {
  const known = pieceOf(given?.call_id);
  return known !== undefined && call !== undefined && known !== call;
}

function indexOf(value: unknown): number | undefined {
  const index = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof index === "number" && Number.isInteger(index) ? index : undefined;
}

const typeOf = (item: JsonObject) => textOf(item.type) ?? "message";
