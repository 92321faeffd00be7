import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { withoutMeta } from "./no-meta.ts";
import { isOfType } from "./types-of.ts";
import { walkSchema } from "./walk.ts";

/** What Anthropic's structured outputs take of JSON Schema; any other keyword is a 400. */
const taken = new Set([
  ...["type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "definitions"],
  ...["title", "description", "default"],
]);
const formats = new Set<unknown>(["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]);

/**
 * A reply's schema as the Messages wire has it: every object closed, and what a keyword says that it does not take said in the description.
 * undefined where that would be another schema: of an object whose names are not told beforehand, or of a value of any kind.
 */
export function closedSchema(schema: JsonSchema): JsonSchema | undefined {
  let isOpen = false;
  const closed = walkSchema(withoutMeta(schema), (inner) => {
    isOpen ||= takesAnyName(inner) || takesAnything(inner);
    const { oneOf, ...rest } = inner;
    return describe(oneOf === undefined || rest.anyOf !== undefined ? inner : { ...rest, anyOf: oneOf });
  });
  return isOpen ? undefined : closed;
}

function takesAnyName(schema: JsonSchema): boolean {
  const { properties, additionalProperties, patternProperties } = schema;
  if (!isOfType(schema, "object") || additionalProperties === false) return false;
  return isObject(additionalProperties) || patternProperties !== undefined || !isObject(properties) || Object.keys(properties).length === 0;
}

function takesAnything(schema: JsonSchema): boolean {
  return ["type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref"].every((name) => schema[name] === undefined);
}

function describe(schema: JsonSchema): JsonSchema {
  const isTaken = ([name, value]: [string, unknown]) =>
    taken.has(name) || (name === "format" && formats.has(value)) || (name === "minItems" && (value === 0 || value === 1));
  const entries = Object.entries(schema);
  const left = entries.filter((entry) => !isTaken(entry)).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const told = [schema.description, left.join(", ")].filter((text) => typeof text === "string" && text !== "");
  return {
    ...Object.fromEntries(entries.filter(isTaken)),
    ...(left.length > 0 && { description: told.join(" ") }),
    ...(isOfType(schema, "object") && { additionalProperties: false }),
  };
}
