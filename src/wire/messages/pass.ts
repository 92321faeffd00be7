import { type FieldSpan, fieldNamed, parsed, type Span, splice } from "../json-bytes.ts";

/**
 * Where the model's name stands in the body of a request: the JSON string with its quotes, and what it says. Of the body's own fields
 * only, whatever stands in messages or tool schemas; of duplicate fields the last, as JSON parsers take it. undefined where the body is
 * no object or has no such string.
 */
export function findModel(bytes: Buffer, fields: readonly FieldSpan[] | undefined): (Span & { readonly value: string }) | undefined {
  const span = fieldNamed(bytes, fields, "model")?.value;
  const value = span === undefined ? undefined : parsed(bytes, span);
  return span !== undefined && typeof value === "string" ? { ...span, value } : undefined;
}

/** The body with another model's name; every other byte stays. */
export function replaceModel(bytes: Buffer, { start, end }: Span, model: string): Buffer {
  return splice(bytes, [{ start, end, by: JSON.stringify(model) }]);
}
