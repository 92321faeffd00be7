import type { JsonSchema } from "../../model/request.ts";
import { inlineReferences } from "./inline-references.ts";
import { withoutBooleans } from "./no-booleans.ts";
import { withoutMeta } from "./no-meta.ts";
import { omit, walkSchema } from "./walk.ts";

/** What grammar engines do not build: conditions, negations, patterns over names. */
const refused = new Set([
  "not",
  "if",
  "then",
  "else",
  "patternProperties",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
  "dependencies",
  "dependentRequired",
  "dependentSchemas",
  "contains",
  "minContains",
  "maxContains",
  "contentEncoding",
  "contentMediaType",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "uniqueItems",
  "format",
]);

/** References inlined, constants as enumerations, no booleans for schemas, only the keywords that constrained decoding knows. */
export function plainSchema(schema: JsonSchema): JsonSchema {
  return walkSchema(withoutBooleans(withoutMeta(inlineReferences(schema))), (inner) => {
    const { const: constant, ...rest } = inner;
    return omit("const" in inner ? { ...rest, enum: [constant] } : inner, refused);
  });
}
