import { isObject } from "./json.ts";
import { fieldNamed, fieldSpans, parsed, rootOf, type Span, splice } from "./json-bytes.ts";

/** The body with other fields beside its own, an object's into one that is there. */
export function withFields(body: Record<string, unknown>, added: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const joined = Object.entries(added).map(([name, value]) => [name, join(body[name], value)]);
  return { ...body, ...Object.fromEntries(joined) };
}

/** The same for the bytes of the object that begins at a place, of which every other one stays. */
export function addFields(bytes: Buffer, added: Readonly<Record<string, unknown>>, at = rootOf(bytes)): Buffer {
  const fields = fieldSpans(bytes, at);
  const last = fields?.at(-1);
  if (last === undefined) return bytes;
  const places: (Span & { readonly by: string })[] = [];
  const beside: string[] = [];
  for (const [name, value] of Object.entries(added)) {
    const own = fieldNamed(bytes, fields, name);
    const before = own && parsed(bytes, own.value);
    const by = JSON.stringify(join(before, value));
    if (own === undefined) beside.push(`,${JSON.stringify(name)}:${by}`);
    else places.push({ ...own.value, by });
  }
  if (beside.length > 0) places.push({ start: last.end, end: last.end, by: beside.join("") });
  return splice(bytes, places);
}

const join = (before: unknown, value: unknown) => (isObject(before) && isObject(value) ? { ...before, ...value } : value);
