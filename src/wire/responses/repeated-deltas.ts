import type { JsonObject } from "../json.ts";

/**
 * Knows a delta that was sent twice, word for word and with the same `sequence_number`. The number counts once it has told two deltas of one part
 * apart: there are servers that give all of them the same.
 */
export function repeatedDeltas() {
  let last: JsonObject | undefined;
  let areNumbered = false;
  return (type: string | undefined, event: JsonObject): boolean => {
    if (type?.endsWith(".delta") !== true || typeof event.sequence_number !== "number") return false;
    const before = last;
    last = event;
    if (before === undefined || !partOf.every((name) => before[name] === event[name])) return false;
    areNumbered ||= before.sequence_number !== event.sequence_number;
    return areNumbered && before.sequence_number === event.sequence_number && before.delta === event.delta;
  };
}

/** What a delta says of the part that it is of. */
const partOf = ["type", "item_id", "output_index", "content_index", "summary_index"];
