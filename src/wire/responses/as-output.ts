import { type JsonObject, listOf, objectOf } from "../json.ts";

/**
 * What the assistant said or thought, as the schema of a reply has it. OpenAI asks a client for no more than the words; servers that check the
 * input by the types of OpenAI's SDK ask for all of it.
 *
 * @param place the item's in the input, which stays the same from turn to turn
 */
export function asOutput(item: JsonObject, place: number): JsonObject {
  if (item.type === "reasoning") return { id: `rs_${place}`, ...item };
  if (item.type !== "message" || item.role !== "assistant") return item;
  return { id: `msg_${place}`, status: "completed", ...item, content: listOf(item.content).map(withAnnotations) };
}

function withAnnotations(part: unknown): JsonObject {
  const { type, ...rest } = objectOf(part);
  return type === "output_text" ? { type, annotations: [], ...rest } : { type, ...rest };
}
