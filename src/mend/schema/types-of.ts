import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";

/** Whether a schema says that it admits this type, perhaps beside others. */
export function isOfType({ type }: JsonSchema, wanted: string): boolean {
  return type === wanted || (Array.isArray(type) && type.includes(wanted));
}

/** What types a schema admits, as far as it says so on its own level or in its branches. */
export function typesOf(schema: unknown): Set<string> {
  const types = new Set<string>();
  if (!isObject(schema)) return types;
  if (typeof schema.type === "string") types.add(schema.type);
  else if (Array.isArray(schema.type)) for (const type of schema.type) if (typeof type === "string") types.add(type);
  for (const branches of [schema.anyOf, schema.oneOf]) {
    if (Array.isArray(branches)) for (const branch of branches) for (const type of typesOf(branch)) types.add(type);
  }
  if (types.size === 0) {
    const values = Array.isArray(schema.enum) ? schema.enum : "const" in schema ? [schema.const] : [];
    for (const value of values) types.add(value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
  }
  return types;
}
