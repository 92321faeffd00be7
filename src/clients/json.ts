import { isObject, type JsonObject } from "../model/json.ts";

/** An object, or the JSON text of one, with comments or without; undefined where there is none. */
export function objectIn(value: unknown): JsonObject | undefined {
  if (isObject(value)) return value;
  if (typeof value !== "string") return undefined;
  try {
    const read: unknown = JSON.parse(
      value.replace(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) => (part.startsWith('"') ? part : "")),
    );
    return typeof read === "object" ? objectIn(read) : undefined;
  } catch {
    return undefined;
  }
}
