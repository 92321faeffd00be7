import { isObject, listOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { inlineReferences } from "./inline-references.ts";
import { withoutMeta } from "./no-meta.ts";
import { walkSchema } from "./walk.ts";

/**
 * Moonshot's flavour: tuples are `prefixItems`, a type beside branches stands in the branches, and a reference stands alone and leads into
 * `$defs`: one to another property, as zod writes them, or with a description beside it is replaced by what it points to.
 */
export function moonshotSchema(schema: JsonSchema): JsonSchema {
  return walkSchema(withoutMeta(hasOtherReferences(schema) ? inlineReferences(schema) : schema), (inner) => branched(tupled(inner)));
}

function hasOtherReferences(schema: JsonSchema): boolean {
  let found = false;
  walkSchema(schema, (inner) => {
    found ||= typeof inner.$ref === "string" && (!inner.$ref.startsWith("#/$defs/") || Object.keys(inner).length > 1);
    return inner;
  });
  return found;
}

function tupled(schema: JsonSchema): JsonSchema {
  if (!Array.isArray(schema.items)) return schema;
  const { items, additionalItems, ...rest } = schema;
  return { ...rest, prefixItems: items, ...(additionalItems === undefined ? {} : { items: additionalItems }) };
}

function branched(schema: JsonSchema): JsonSchema {
  const { type, ...rest } = schema;
  const keys = ["anyOf", "oneOf"].filter((key) => Array.isArray(schema[key]));
  if (type === undefined || keys.length === 0) return schema;
  const typed = keys.map((key) => [
    key,
    listOf(schema[key]).map((branch) => (isObject(branch) && !("type" in branch) && !("$ref" in branch) ? { type, ...branch } : branch)),
  ]);
  return { ...rest, ...Object.fromEntries(typed) };
}
