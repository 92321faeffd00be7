import { withoutStacks } from "./without-stacks.ts";

/** Parsed JSON from outside: anything may be in it. */
export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object, or an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value, or undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  if (isPlainlyNone(text)) return undefined;
  try {
    return withoutStacks(() => JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** By its first and last character: even without a stack, what V8 throws costs more than a short text. */
function isPlainlyNone(text: string): boolean {
  const inner = text.trim();
  const first = inner[0] ?? "";
  const last = closing[first];
  return last === undefined ? !/[-\dtfn]/.test(first) : last !== inner.at(-1);
}

const closing: Readonly<Record<string, string>> = { "{": "}", "[": "]", '"': '"' };
