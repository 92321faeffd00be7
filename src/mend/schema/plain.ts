import { isObject, objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { inlineReferences } from "./inline-references.ts";
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

/** What a grammar spells out: a bound as so many repetitions, a pattern as rules of its own. */
const spelledOut = new Set([
  ...["pattern", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
]);

/**
 * A plain schema without bounds and patterns, for engines that make one grammar of all tools: where one of them has `maxLength: 2000`, or all
 * together too many rules, llama.cpp refuses the whole request.
 */
export function boundlessSchema(schema: JsonSchema): JsonSchema {
  return walkSchema(plainSchema(schema), (inner) => omit(inner, spelledOut));
}
