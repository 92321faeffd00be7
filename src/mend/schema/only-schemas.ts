import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { changeKeywords } from "./walk.ts";

/** Where JSON Schema has an object; PHP writes an empty one as a list. */
const objects = new Set(["properties", "patternProperties", "$defs", "definitions", "additionalProperties"]);

/**
 * One schema whose properties are schemas, as OpenAI demands ("'object' is not of type 'object', 'boolean'"). An MCP server's brace in the
 * wrong place leaves a keyword among them, `{"path": {...}, "type": "object"}`: it goes. Of a property that says nothing, `null` or a list, the
 * name stays.
 */
export function withOnlySchemas(schema: JsonSchema): JsonSchema {
  return changeKeywords(schema, (key, value) => {
    if (Array.isArray(value)) return objects.has(key) ? {} : value;
    return key === "properties" && isObject(value) ? onlySchemas(value) : value;
  });
}

function onlySchemas(properties: JsonSchema): JsonSchema {
  return changeKeywords(properties, (_, property) => {
    if (typeof property === "string") return undefined;
    return isObject(property) || typeof property === "boolean" ? property : {};
  });
}
