import type { JsonSchema } from "../../model/request.ts";
import { omit, walkSchema } from "./walk.ts";

export const metaKeywords: ReadonlySet<string> = new Set([
  ...["$schema", "$id", "id", "$comment", "$anchor", "$dynamicAnchor", "$dynamicRef", "$vocabulary"],
]);

/** Keywords about the schema itself, which strict readers refuse. */
export function withoutMeta(schema: JsonSchema): JsonSchema {
  return walkSchema(schema, (inner) => omit(inner, metaKeywords));
}
