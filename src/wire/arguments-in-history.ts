import { isObject, parseJson, wellFormedEscapes } from "./json.ts";

/** JSON text of a call in history: servers parse it, and refuse the request where it is no object. */
export function argumentsInHistory(json: string): string {
  return wellFormedEscapes(objectText(json));
}

function objectText(json: string): string {
  if (isObject(parseJson(json))) return json;
  // Takes more for white space than JSON does, a byte order mark too.
  const text = json.trim();
  if (text === "") return "{}";
  const value = parseJson(text);
  // Of a call without arguments, as some servers and programs write it.
  if (value === null) return "{}";
  if (isObject(value)) return text;
  if (typeof value === "string" && isObject(parseJson(value))) return value;
  // A value is kept as it was written, text that is no JSON as text.
  return `{"input":${value === undefined ? JSON.stringify(json) : text}}`;
}
