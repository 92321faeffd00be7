import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";

/**
 * One schema without `true` and `false` in the place of others (JSON Schema 2020-12, 4.3.2), which grammar builders and typed readers refuse:
 * anything is an empty schema, nothing is left out. `additionalProperties` is a boolean nearly everywhere, and is understood.
 */
export function withoutBooleans(schema: JsonSchema): JsonSchema {
  const out: Record<string, unknown> = { ...schema };
  if (out.items === true) out.items = {};
  if (out.items === false) delete out.items;
  for (const key of ["anyOf", "oneOf", "allOf", "prefixItems"]) {
    const branches = out[key];
    if (Array.isArray(branches)) out[key] = branches.filter((branch) => branch !== false).map(anything);
  }
  const { properties, required } = schema;
  if (!isObject(properties)) return out;
  const kept = Object.entries(properties).filter(([, property]) => property !== false);
  out.properties = Object.fromEntries(kept.map(([name, property]) => [name, anything(property)]));
  if (Array.isArray(required)) out.required = required.filter((name) => typeof name !== "string" || properties[name] !== false);
  return out;
}

const anything = (schema: unknown): unknown => (schema === true ? {} : schema);
