import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";

/** Where JSON Schema has an object; PHP writes an empty one as a list. */
const objects = new Set(["properties", "patternProperties", "$defs", "definitions", "additionalProperties"]);

/**
 * One schema whose properties are schemas, as OpenAI demands ("'object' is not of type 'object', 'boolean'"). An MCP server's brace in the
 * wrong place leaves a keyword among them, `{"path": {...}, "type": "object"}`: it goes. Of a property that says nothing, `null` or a list, the
 * name stays.
 */
export function withOnlySchemas(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (objects.has(key) && Array.isArray(value)) return [key, {}];
    return [key, key === "properties" && isObject(value) ? onlySchemas(value) : value];
  });
  return Object.fromEntries(entries);
}

function onlySchemas(properties: JsonSchema): JsonSchema {
  const named = Object.entries(properties).filter(([, property]) => typeof property !== "string");
  return Object.fromEntries(named.map(([name, property]) => [name, isObject(property) || typeof property === "boolean" ? property : {}]));
}
