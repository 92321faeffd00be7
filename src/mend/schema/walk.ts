import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";

const single = new Set([
  ...["items", "additionalItems", "additionalProperties", "contains", "propertyNames"],
  ...["unevaluatedItems", "unevaluatedProperties", "not", "if", "then", "else"],
]);
const lists = new Set(["anyOf", "oneOf", "allOf", "prefixItems", "items"]);
const maps = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);

/**
 * Rewrites a JSON Schema from its leaves up: `change` sees each subschema once, its own subschemas already rewritten. Only schema
 * positions are walked, so that a property named `format` or `const`, an enum's values and a default stay what they are.
 */
export function walkSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const inner = (value: unknown): unknown => (isObject(value) ? walkSchema(value, change) : value);
  const walked = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return lists.has(key) ? value.map(inner) : value;
    if (isObject(value) && maps.has(key))
      return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, inner(property)]));
    return single.has(key) ? inner(value) : value;
  };
  return change(Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, walked(key, value)])));
}

/** One schema with the keywords that `change` gives other values, without those to which it gives none; itself where nothing changes. */
export function changeKeywords(schema: JsonSchema, change: (key: string, value: unknown) => unknown): JsonSchema {
  let changed: Record<string, unknown> | undefined;
  for (const key of Object.keys(schema)) {
    const value = change(key, schema[key]);
    if (value === schema[key]) continue;
    changed ??= { ...schema };
    if (value === undefined) delete changed[key];
    else changed[key] = value;
  }
  return changed ?? schema;
}

export function omit(schema: JsonSchema, keys: ReadonlySet<string>): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.has(key)));
}

/** Each value once, by its JSON. */
export function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** What a keyword said that has to go, in the description. */
export function note(schema: JsonSchema, text: string): JsonSchema {
  const { description } = schema;
  return { ...schema, description: typeof description === "string" && description !== "" ? `${description} (${text})` : text };
}
