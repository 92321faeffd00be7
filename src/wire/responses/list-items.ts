import { isObject, type JsonObject } from "../json.ts";

/** What a listing asks for, as its query has it. */
export interface Listing {
  readonly order?: string | null;
  readonly limit?: string | null;
  /** The id of the item that the last page ended with. */
  readonly after?: string | null;
}

/**
 * `GET /responses/{id}/input_items`: what a reply was asked with, in the API's own form. The newest come first, unless the order is asked for
 * (`InputItemListParams` of OpenAI's SDK), and 20 at a time.
 */
export function listItems(items: readonly JsonObject[], { order, limit, after }: Listing): JsonObject {
  const ids = new Set<string>();
  const named = items.map((item, index) => inFull(item, index, ids));
  if (order !== "asc") named.reverse();
  const rest = named.slice(after ? named.findIndex(({ id }) => id === after) + 1 : 0);
  const data = rest.slice(0, Math.min(100, Math.max(1, Number.parseInt(limit ?? "", 10) || 20)));
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return { object: "list", data, ...ends, has_more: data.length < rest.length };
}

/** With what clients leave out, the API fills in, and readers count on: id, type, content as a list. */
function inFull(item: JsonObject, index: number, ids: Set<string>): JsonObject {
  const { type = "message", content } = item;
  // OpenAI knows kinds of items by how their ids begin.
  const prefix = type === "message" ? "msg" : type === "reasoning" ? "rs" : "fc";
  const part = item.role === "assistant" ? { type: "output_text", annotations: [] } : { type: "input_text" };
  const parts = typeof content === "string" ? { content: [{ ...part, text: content }] } : {};
  // A reader goes on after an id: of two items with the same one it would come back to the first, again and again.
  const id = typeof item.id === "string" && !ids.has(item.id) ? item.id : `${prefix}_input_${index}`;
  ids.add(id);
  return { ...item, id, type, ...parts, ...(isObject(content) ? { content: [content] } : {}) };
}
