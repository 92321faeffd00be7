import type { Quirks } from "../model/quirks.ts";
import type { Row } from "./row.ts";

/** The quirks of one model at a provider: the row's own, then those of the names in `row.models` that the model begins with, the longest last. */
export function quirksOf(row: Row, model: string): Quirks {
  const name = model.toLowerCase();
  const matches = Object.entries(row.models ?? {})
    .filter(([beginning]) => name.startsWith(beginning.toLowerCase()))
    .sort(([a], [b]) => a.length - b.length)
    .map(([, quirks]) => quirks);
  return Object.assign({}, row.quirks, ...matches) as Quirks;
}
