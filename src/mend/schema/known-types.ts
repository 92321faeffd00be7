import { byWord } from "../../model/by-word.ts";

const types = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
const meant = byWord({
  string: ["str"],
  integer: ["int", "long"],
  number: ["float", "double"],
  boolean: ["bool"],
  object: ["dict"],
  array: ["list"],
});

/**
 * The types of JSON Schema for those that a schema names. MCP servers write those of their own language, Google's in capitals, or `date` and `any`,
 * and OpenAI and DeepSeek refuse the whole request for one: "'date' is not valid under any of the given schemas". undefined where one of them is
 * none: of `["date", "null"]` nothing but null would be left.
 */
export function knownTypes(type: unknown): unknown {
  const names = [type].flat().map(knownType);
  if (names.length === 0 || names.includes(undefined)) return undefined;
  return Array.isArray(type) ? [...new Set(names)] : names[0];
}

function knownType(type: unknown): string | undefined {
  if (typeof type !== "string") return undefined;
  const name = type.toLowerCase();
  return types.has(name) ? name : meant.get(name);
}
