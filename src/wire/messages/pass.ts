import { type Span, splice } from "../json-bytes.ts";

/** The body with another model's name; every other byte stays. */
export function replaceModel(bytes: Buffer, { start, end }: Span, model: string): Buffer {
  return splice(bytes, [{ start, end, by: JSON.stringify(model) }]);
}
