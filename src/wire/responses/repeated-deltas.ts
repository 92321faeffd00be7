import { type JsonObject, textOf } from "../json.ts";

/**
 * Knows a delta that was sent twice, word for word and with the same `sequence_number`. The number counts once it has told two deltas apart: there are
 * servers that give all of them the same.
 */
export function repeatedDeltas() {
  let last: JsonObject | undefined;
  let areNumbered = false;
  return (type: string | undefined, event: JsonObject): boolean => {
    if (type?.endsWith(".delta") !== true || typeof event.sequence_number !== "number") return false;
    const before = last;
    last = event;
    if (before === undefined) return false;
    if (before.sequence_number !== event.sequence_number) {
      areNumbered = true;
      return false;
    }
    const isSame = ["type", "item_id", "output_index", "content_index", "summary_index"].every((name) => before[name] === event[name]);
    return areNumbered && isSame && textOf(event.delta) === textOf(before.delta);
  };
}
