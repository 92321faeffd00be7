import { isObject, type JsonObject } from "../model/json.ts";
import type { Prepared } from "./client.ts";

/** A file of JSON for the private folder. */
export function jsonFile(name: string, content: object): Prepared["files"][number] {
  return { name, content: `${JSON.stringify(content, null, 2)}\n` };
}

/** An object, or the JSON text of one as the clients take it, with comments and commas at the end of a list; undefined where there is none. */
export function objectIn(value: unknown): JsonObject | undefined {
  if (isObject(value)) return value;
  if (typeof value !== "string") return undefined;
  const uncommented = value.replace(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, onlyStrings);
  try {
    const read: unknown = JSON.parse(uncommented.replace(/"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g, onlyStrings));
    return typeof read === "object" ? objectIn(read) : undefined;
  } catch {
    return undefined;
  }
}

const onlyStrings = (part: string) => (part.startsWith('"') ? part : "");
