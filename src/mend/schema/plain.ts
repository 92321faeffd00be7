import { objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { inlineReferences } from "./inline-references.ts";
import { withoutBooleans } from "./no-booleans.ts";
import { metaKeywords } from "./no-meta.ts";
import { omit, walkSchema } from "./walk.ts";

/** What grammar engines do not build: conditions, negations, patterns over names; and what nothing refers to any more. */
const refused = new Set([
  ...metaKeywords,
  ...["not", "if", "then", "else", "patternProperties", "propertyNames", "contains", "minContains", "maxContains", "uniqueItems"],
  ...["unevaluatedItems", "unevaluatedProperties", "dependencies", "dependentRequired", "dependentSchemas"],
  ...["format", "contentEncoding", "contentMediaType", "examples", "deprecated", "readOnly", "writeOnly", "$defs", "definitions"],
]);

/** Without the patterns a closed object would admit none of the names that it is for. */
const refusedBeside = new Set([...refused, "additionalProperties"]);
const isClosedToPatterns = ({ additionalProperties, patternProperties }: JsonSchema) =>
  additionalProperties === false && Object.keys(objectOf(patternProperties)).length > 0;

/** References inlined, constants as enumerations, no booleans for schemas, only the keywords that constrained decoding knows. */
export function plainSchema(schema: JsonSchema): JsonSchema {
  return walkSchema(inlineReferences(schema), (inner) => {
    const { const: constant, ...rest } = withoutBooleans(omit(inner, isClosedToPatterns(inner) ? refusedBeside : refused));
    return constant === undefined ? rest : { ...rest, enum: [constant] };
  });
}
