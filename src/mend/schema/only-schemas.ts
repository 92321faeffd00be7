import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";

/**
 * One schema whose properties are schemas, as OpenAI demands ("'object' is not of type 'object', 'boolean'"). An MCP server's brace in the
 * wrong place leaves a keyword among them, `{"path": {...}, "type": "object"}`: it goes. Of a property that says nothing, `null` or a list, the
 * name stays.
 */
export function withOnlySchemas(schema: JsonSchema): JsonSchema {
  const { properties } = schema;
  if (!isObject(properties)) return schema;
  const named = Object.entries(properties).filter(([, property]) => typeof property !== "string");
  const schemas = named.map(([name, property]) => [name, isObject(property) || typeof property === "boolean" ? property : {}] as const);
  return { ...schema, properties: Object.fromEntries(schemas) };
}
