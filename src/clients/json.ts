import { isObject, type JsonObject, parseJson } from "../model/json.ts";
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
  const read = parseJson(uncommented.replace(/"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g, onlyStrings));
  return isObject(read) ? read : undefined;
}

const onlyStrings = (part: string) => (part.startsWith('"') ? part : "");
