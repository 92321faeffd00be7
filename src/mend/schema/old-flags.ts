import type { JsonSchema } from "../../model/request.ts";
import { changeKeywords } from "./walk.ts";

/** Bounds that once had a flag beside them, by the flag's name. */
const bounds: Readonly<Record<string, string>> = { exclusiveMinimum: "minimum", exclusiveMaximum: "maximum" };

/**
 * One schema without the flags of the drafts before the sixth, which MCP servers still give and every server refuses ("True is not of type
 * 'array'"): `required: true` in a property goes, `minimum: 0, exclusiveMinimum: true` becomes a bound of today's kind.
 */
export function withoutOldFlags(schema: JsonSchema): JsonSchema {
  return changeKeywords(schema, (key, value) => {
    if (typeof value !== "boolean") return value;
    if (key === "required") return undefined;
    const bound = bounds[key];
    if (bound === undefined) return value;
    return value ? schema[bound] : undefined;
  });
}
