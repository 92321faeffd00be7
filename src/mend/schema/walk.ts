import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";

const single = new Set([
  "items",
  "additionalItems",
  "additionalProperties",
  "contains",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
  "not",
  "if",
  "then",
  "else",
]);
const lists = new Set(["anyOf", "oneOf", "allOf", "prefixItems", "items"]);
const maps = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);

/**
 * Rewrites a JSON Schema from its leaves up: `change` sees each subschema once, its own subschemas already rewritten. Only schema
 * positions are walked, so that a property named `format` or `const`, an enum's values and a default stay what they are.
 */
export function walkSchema(
  schema: JsonSchema,
  change: (schema: Record<string, unknown>) => Record<string, unknown>,
): Record<string, unknown> {
  const inner = (value: unknown): unknown => (isObject(value) ? walkSchema(value, change) : value);
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (Array.isArray(value) && lists.has(key)) out[key] = value.map(inner);
    else if (isObject(value) && single.has(key)) out[key] = inner(value);
    else if (isObject(value) && maps.has(key))
      out[key] = Object.fromEntries(Object.entries(value).map(([name, property]) => [name, inner(property)]));
    else out[key] = value;
  }
  return change(out);
}

export function omit(schema: Record<string, unknown>, keys: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.has(key)));
}
