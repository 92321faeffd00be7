import type { JsonSchema } from "../../model/request.ts";

const known = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
const meant: ReadonlyMap<string, string> = new Map([
  ["str", "string"],
  ["int", "integer"],
  ["long", "integer"],
  ["float", "number"],
  ["double", "number"],
  ["bool", "boolean"],
  ["dict", "object"],
  ["list", "array"],
]);

/**
 * One schema with the types of JSON Schema alone. MCP servers write those of their own language, Google's in capitals, or `date` and `any`,
 * and OpenAI and DeepSeek refuse the whole request for one: "'date' is not valid under any of the given schemas". What names none goes.
 */
export function withKnownTypes(schema: JsonSchema): JsonSchema {
  const { type, ...rest } = schema;
  if (typeof type === "string") {
    const name = knownType(type);
    return name === undefined ? rest : { ...schema, type: name };
  }
  if (!Array.isArray(type)) return schema;
  const names = type.map(knownType).filter((name) => name !== undefined);
  return names.length === 0 ? rest : { ...schema, type: [...new Set(names)] };
}

function knownType(type: unknown): string | undefined {
  const name = String(type).toLowerCase();
  return known.has(name) ? name : meant.get(name);
}
