import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { withoutMeta } from "./no-meta.ts";
import { walkSchema } from "./walk.ts";

/** Moonshot's flavour: tuples are `prefixItems`, and a type beside branches stands in the branches. */
export function moonshotSchema(schema: JsonSchema): Record<string, unknown> {
  return walkSchema(withoutMeta(schema), (inner) => branched(tupled(inner)));
}

function tupled(schema: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(schema.items)) return schema;
  const { items, additionalItems, ...rest } = schema;
  return { ...rest, prefixItems: items, ...(additionalItems === undefined ? {} : { items: additionalItems }) };
}

function branched(schema: Record<string, unknown>): Record<string, unknown> {
  const { type, ...rest } = schema;
  const keys = ["anyOf", "oneOf"].filter((key) => Array.isArray(schema[key]));
  if (type === undefined || keys.length === 0) return schema;
  const typed = keys.map((key) => [
    key,
    (schema[key] as unknown[]).map((branch) =>
      isObject(branch) && !("type" in branch) && !("$ref" in branch) ? { type, ...branch } : branch,
    ),
  ]);
  return { ...rest, ...Object.fromEntries(typed) };
}
