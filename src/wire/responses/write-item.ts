import type { TokenLogprob } from "../../model/event.ts";
import type { Seal } from "../../model/opaque.ts";
import type { Ids } from "../../model/stage.ts";
import type { JsonObject } from "../json.ts";

/** Puts out one event of the wire: its type and its fields. */
export type Send = (type: string, fields: object) => void;

/** How a part's item ends: "incomplete" where the reply was cut there, "failed" where it failed. */
export type Close = (ending: "completed" | "incomplete" | "failed") => void;

/** An item that is being written. It is announced with the first thing in it, a call with its name. */
export interface OpenItem {
  /** The item as it stands, once it is announced. */
  soFar(): JsonObject | undefined;
  delta(text: string, logprobs?: readonly TokenLogprob[]): void;
  /** What a text cites. */
  note?(annotations: readonly unknown[]): void;
  /** The same as a Messages server says it, of the whole text. */
  cite?(citations: readonly JsonObject[]): void;
  /** What is left to do once it is known how the reply goes on; nothing where that cannot matter. */
  end(seal?: Seal): Close | undefined;
}

/** Where an item is written. */
export interface ItemSink {
  readonly ids: Ids;
  readonly send: Send;
  /** Announces an item and gives its index. */
  add(item: JsonObject): number;
  /** An item that is whole: clients act on it. */
  done(index: number, item: JsonObject): void;
  /** An item that stays unfinished: it is only in the response object. */
  leave(item: JsonObject): void;
}

/** The items of one reply, as they end. */
export function createItems(ids: Ids, send: Send) {
  const all: JsonObject[] = [];
  let next = 0;
  let isBroken = false;
  return {
    ids,
    send,
    all,
    add(item: JsonObject): number {
      send("response.output_item.added", { output_index: next, item });
      return next++;
    },
    done(index: number, item: JsonObject): void {
      all.push(item);
      send("response.output_item.done", { output_index: index, item });
    },
    leave(item: JsonObject): void {
      isBroken = true;
      all.push(item);
    },
    /** One of them stays unfinished. */
    isBroken: () => isBroken,
  };
}
