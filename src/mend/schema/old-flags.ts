import type { JsonSchema } from "../../model/request.ts";

/** Bounds that once had a flag beside them, by the flag's name. */
const bounds: Readonly<Record<string, string>> = { exclusiveMinimum: "minimum", exclusiveMaximum: "maximum" };

/**
 * One schema without the flags of the drafts before the sixth, which MCP servers still give and every server refuses ("True is not of type
 * 'array'"): `required: true` in a property goes, `minimum: 0, exclusiveMinimum: true` becomes a bound of today's kind.
 */
export function withoutOldFlags(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (typeof value !== "boolean") return [[key, value]];
    if (key === "required") return [];
    const bound = bounds[key];
    if (bound === undefined) return [[key, value]];
    return value && schema[bound] !== undefined ? [[key, schema[bound]]] : [];
  });
  return Object.fromEntries(entries);
}
