import { stringifyExactly } from "../model/exact-json.ts";
import type { JsonObject } from "./json.ts";
import { fieldSpans, nameOf, rootOf, type Span, spansWithout, splice } from "./json-bytes.ts";

/**
 * The bytes of a body with what differs between the object that they say, `before`, and another one: a field that was not changed is the same
 * value in both. Every other byte stays.
 */
export function replaceFields(bytes: Buffer, before: JsonObject, after: JsonObject): Buffer {
  const fields = fieldSpans(bytes, rootOf(bytes));
  const [first] = fields ?? [];
  const changed = new Set(Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]));
  if (fields === undefined || first === undefined || changed.size === 0) return bytes;
  const names = fields.map((field) => nameOf(bytes, field));
  const by = (name: string) => stringifyExactly(after[name]);
  const isLast = (at: number) => names.lastIndexOf(names[at] ?? "") === at;
  // Of several with one name the last counts, and without it another one would.
  const isCut = (at: number) => changed.has(names[at] ?? "") && (after[names[at] ?? ""] === undefined || !isLast(at));
  const replaced = fields.flatMap(({ value }, at) => {
    const name = names[at] ?? "";
    return changed.has(name) && !isCut(at) ? [{ ...value, by: by(name) }] : [];
  });
  const added = [...changed].filter((name) => after[name] !== undefined && !names.includes(name));
  const beside = added.map((name) => `${JSON.stringify(name)}:${by(name)}`).join(",");
  const comma = beside !== "" && fields.some((_, at) => !isCut(at)) ? "," : "";
  const places: (Span & { readonly by?: string })[] = [{ start: first.start, end: first.start, by: beside + comma }];
  return splice(bytes, [...places, ...replaced, ...spansWithout(fields, isCut)]);
}
