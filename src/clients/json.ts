import { isObject, type JsonObject } from "../model/json.ts";
import type { Prepared } from "./client.ts";

/** A file of JSON for the private folder. */
export function jsonFile(name: string, content: object): Prepared["files"][number] {
  return { name, content: `${JSON.stringify(content, null, 2)}\n` };
}

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
