import { parseExactly } from "../../model/exact-json.ts";
import { objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { typesOf } from "../schema/types-of.ts";
import { looseJson } from "./loose-json.ts";

/** Members as written to a value, each by what the tool's schema says of it: `3` is a number only where a number is asked for. */
export function typedMembers(members: readonly (readonly [string, string])[], schema: JsonSchema): Record<string, unknown> {
  const properties = objectOf(schema.properties);
  return Object.fromEntries(members.map(([key, text]) => [key, typedValue(text, properties[key])]));
}

export function typedValue(text: string, schema: unknown): unknown {
  const types = typesOf(schema);
  const trimmed = text.trim();
  if (types.has("null") && trimmed === "null") return null;
  if (types.has("string")) return text;
  if (types.size > 0 && trimmed === "null") return null;
  if (types.has("boolean") && /^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === "true";
  if ((types.has("integer") || types.has("number")) && trimmed !== "" && Number.isFinite(Number(trimmed)))
    return /^-?[1-9]\d*$/.test(trimmed) ? parseExactly(trimmed) : Number(trimmed);
  if (types.has("object") || types.has("array")) {
    const value = /^[[{]/.test(trimmed) ? looseJson(trimmed) : undefined;
    return value === undefined ? text : value;
  }
  if (types.size > 0) return text;
  const value = parseExactly(trimmed);
  return value === undefined ? text : value;
}
