import { isObject, listOf, objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { inlineReferences } from "./inline-references.ts";
import { note, omit, walkSchema } from "./walk.ts";

/** The keywords of Google's Schema message; any other is a 400. */
const taken = new Set([
  ...["type", "format", "title", "description", "nullable", "enum", "items", "minItems"],
  ...["maxItems", "properties", "required", "minProperties", "maxProperties", "minimum"],
  ...["maximum", "minLength", "maxLength", "pattern", "anyOf", "default", "propertyOrdering"],
]);
const formats = new Map<unknown, readonly string[]>(
  Object.entries({
    string: ["enum", "date-time"],
    integer: ["int32", "int64"],
    number: ["float", "double"],
  }),
);

/** JSON Schema to the subset that Gemini takes. What a keyword said that has to go is said in the description, where it matters. */
export function geminiSchema(schema: JsonSchema): JsonSchema {
  return walkSchema(inlineReferences(schema), (inner) => {
    const steps = [mergeAll, unifyBranches, unifyType, enumerate, bound, fill];
    const mended = steps.reduce((current, step) => step(current), inner);
    return Object.fromEntries(Object.entries(mended).filter(([key]) => taken.has(key)));
  });
}

function mergeAll(schema: JsonSchema): JsonSchema {
  const { allOf, ...rest } = schema;
  if (!Array.isArray(allOf)) return schema;
  const branches = [rest, ...allOf.filter(isObject)];
  const properties: JsonSchema = Object.assign({}, ...branches.map((branch) => branch.properties).filter(isObject));
  const required = [...new Set(branches.flatMap((branch) => listOf(branch.required)))];
  return {
    ...Object.assign({}, ...branches.reverse()),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

function unifyBranches(schema: JsonSchema): JsonSchema {
  const { oneOf, anyOf, ...rest } = schema;
  const branches = [...listOf(anyOf), ...listOf(oneOf)].filter(isObject);
  if (branches.length === 0) return rest;
  const nullable = branches.some((branch) => branch.type === "null") ? { nullable: true } : {};
  // One that only says what is required beside it has no shape of its own.
  const some = branches.filter((branch) => branch.type !== "null" && hasShape(branch));
  const [only] = some;
  if (only === undefined) return { ...(!isObject(rest.properties) && { type: "string" }), ...rest, ...nullable };
  return some.length === 1 ? { ...only, ...rest, ...nullable } : { ...rest, ...nullable, anyOf: some };
}

/** What stands only where a list, or an object, is described. */
const ofType: Readonly<Record<string, readonly string[]>> = {
  array: ["items", "minItems", "maxItems"],
  object: ["properties", "required", "minProperties", "maxProperties"],
};

function unifyType(schema: JsonSchema): JsonSchema {
  if (!Array.isArray(schema.type)) return schema;
  const { type: _, ...rest } = schema;
  const types = schema.type.filter((type) => type !== "null");
  const nullable = types.length < schema.type.length ? { nullable: true } : {};
  if (types.length === 1) return { ...rest, type: types[0], ...nullable };
  const own = (type: string) => Object.fromEntries(Object.entries(rest).filter(([key]) => ofType[type]?.includes(key)));
  const anyOf = types.map((type) => fill({ type, ...own(type) }));
  return { ...omit(rest, new Set(Object.values(ofType).flat())), ...nullable, anyOf };
}

function enumerate(schema: JsonSchema): JsonSchema {
  const { const: constant, enum: values, ...rest } = schema;
  const all = Array.isArray(values) ? values : "const" in schema ? [constant] : undefined;
  if (all === undefined) return schema;
  const texts = all.filter((value) => value !== "" && value !== null);
  const nullable = all.includes(null) ? { nullable: true } : {};
  if (texts.length > 0 && texts.every((value) => typeof value === "string")) return { ...rest, type: "string", ...nullable, enum: texts };
  // Only strings can be enumerated; a number's choices are told in words and its type stays, or is what they are.
  const [kind, ...kinds] = new Set(texts.map((value) => typeof value));
  const type = typeof rest.type !== "string" && kinds.length === 0 && (kind === "number" || kind === "boolean") ? { type: kind } : {};
  return texts.length === 0
    ? { ...rest, ...nullable }
    : note({ ...rest, ...type, ...nullable }, `one of: ${texts.map((value) => JSON.stringify(value)).join(", ")}`);
}

function bound(schema: JsonSchema): JsonSchema {
  let mended = schema;
  if (typeof schema.exclusiveMinimum === "number") {
    mended = note({ minimum: schema.exclusiveMinimum, ...mended }, `more than ${schema.exclusiveMinimum}`);
  }
  if (typeof schema.exclusiveMaximum === "number") {
    mended = note({ maximum: schema.exclusiveMaximum, ...mended }, `less than ${schema.exclusiveMaximum}`);
  }
  const { format, ...rest } = mended;
  if (typeof format !== "string") return mended;
  return formats.get(mended.type)?.includes(format) ? mended : note(rest, `format: ${format}`);
}

function fill(schema: JsonSchema): JsonSchema {
  const { properties, required, ...rest } = schema;
  if (schema.type === "array") return { ...rest, items: shaped(schema.items) };
  // Without a type it is one of `allOf`, whose names stand beside it.
  if (!isObject(properties)) return hasShape(schema) ? rest : schema;
  const filled = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, shaped(property)]));
  const kept = listOf(required).filter((name) => typeof name === "string" && Object.hasOwn(filled, name));
  return { ...rest, type: "object", properties: filled, ...(kept.length > 0 ? { required: kept } : {}) };
}

function shaped(schema: unknown): JsonSchema {
  if (isObject(schema) && hasShape(schema)) return schema;
  const { required, ...rest } = objectOf(schema);
  return { type: "string", ...rest };
}
const hasShape = (schema: JsonSchema): boolean => "type" in schema || "anyOf" in schema;
