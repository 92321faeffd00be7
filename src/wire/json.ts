import { listOf, objectOf } from "../model/json.ts";

export { isObject, type JsonObject, listOf, objectOf, parseJson } from "../model/json.ts";

export function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value where it is a string with something in it. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The same for a piece of text, which Workers AI sends as the number or truth value that it spells. */
export function pieceOf(value: unknown): string | undefined {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : textOf(value);
}

/** The texts of a list of parts, as one. */
export function textsOf(parts: unknown): string {
  return listOf(parts)
    .map((part) => textOf(objectOf(part).text) ?? "")
    .join("");
}

/** A value of any kind inside a sentence. `String` throws at an object whose own `toString` is no function, which JSON can say. */
export function inWords(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(shallow(value)) ?? "undefined").slice(0, 100);
}

/** Levels of nesting; what means something to anybody has fewer. */
const deepest = 100;

/** Without what is nested deeper than anybody means it: V8 reads JSON of any depth, but up to Node 24 it cannot write some thousand levels. */
export function shallow(value: unknown, levels = deepest): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) return null;
  if (Array.isArray(value)) return value.map((item) => shallow(item, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shallow(item, levels - 1)]));
}

/** A whole number as programs and servers write it: sometimes as a float or a string. */
export function wholeOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? Math.round(number) : undefined;
}

/** What a server counted. A figure beyond all measure counts nothing, and Codex cannot read it. */
export function countOf(value: unknown): number | undefined {
  const count = wholeOf(value);
  return count !== undefined && count <= Number.MAX_SAFE_INTEGER ? count : undefined;
}

/**
 * JSON text without half a surrogate pair, which stands in it as an escape: no UTF-8 says it, and strict parsers refuse the whole body
 * for it.
 */
export function wellFormedEscapes(json: string): string {
  // In a text with few backslashes a string is found thirty times as fast as an expression.
  if (!json.includes("\\u") || !/\\u[dD]/.test(json)) return json;
  return json.replace(escapes, (whole, surrogate) => (surrogate === undefined ? whole : "\\ufffd"));
}

/** A backslash, a pair, half of one. */
const escapes = /\\(?:\\|u(?:d[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(d[89a-f][0-9a-f]{2})))/gi;
