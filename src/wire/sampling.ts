import type { Sampling } from "../model/request.ts";

/** The fields by which all wires say how freely the model chooses; `numberOf` has a field's value, each wire with its own word for one that is none. */
export function samplingOf(numberOf: (field: string) => number | undefined): Sampling {
  const temperature = numberOf("temperature");
  const topP = numberOf("top_p");
  const topK = numberOf("top_k");
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
  };
}
