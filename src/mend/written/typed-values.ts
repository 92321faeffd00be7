import { parseExactly } from "../../model/exact-json.ts";
import { isObject, objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { typesOf } from "../schema/types-of.ts";
import { looseJson } from "./call.ts";

/** Members as written to a value, each by what the tool's schema says of it: `3` is a number only where a number is asked for. */
export function typedMembers(members: readonly (readonly [string, string])[], schema: JsonSchema): Record<string, unknown> {
  const properties = objectOf(schema.properties);
  return Object.fromEntries(members.map(([key, text]) => [key, typedValue(text, properties[key])]));
}

const wrappers = ["arguments", "parameters", "properties", "input"];

/** The arguments out of one argument that the tool does not have, into which a model put all of them. */
export function unwrap(value: Readonly<Record<string, unknown>>, schema: JsonSchema): Readonly<Record<string, unknown>> {
  const [[key, member] = ["", undefined], ...others] = Object.entries(value);
  const properties = objectOf(schema.properties);
  if (others.length > 0 || !wrappers.includes(key) || key in properties) return value;
  const inner = typeof member === "string" ? looseJson(member) : member;
  const keys = isObject(inner) ? Object.keys(inner) : [];
  return isObject(inner) && keys.length > 0 && keys.every((one) => one in properties) ? inner : value;
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
  try {
    return parseExactly(trimmed);
  } catch {
    return text;
  }
}
