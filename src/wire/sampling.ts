import { defined } from "../model/defined.ts";
import type { Sampling } from "../model/request.ts";

/** The fields by which all wires say how freely the model chooses; `numberOf` has a field's value, each wire with its own word for one that is none. */
export function samplingOf(numberOf: (field: string) => number | undefined): Sampling {
  return defined({ temperature: numberOf("temperature"), topP: numberOf("top_p"), topK: numberOf("top_k") });
}
