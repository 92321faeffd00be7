import { stringifyExactly } from "../../model/exact-json.ts";
import { parseJson } from "../../model/json.ts";
import { typedValue } from "../written/typed-values.ts";
import type { Place } from "./place.ts";

// What a value becomes that its place does not take, where only one thing can be meant; all else goes on for the client to refuse. Undefined: the
// argument is left out.

/** Whether an argument that is nothing is the same as none. */
export function mayGo({ isOptional, types }: Place): boolean {
  return isOptional && types.size > 0;
}

/** Whether a string there has to be whole before anything of it can go on. */
export function takesNoString({ types }: Place): boolean {
  return types.size > 0 && !types.has("string");
}

/** Whether the empty string is none of those that there are to choose from, and so is nothing. */
export function takesNoEmptyString(place: Place): boolean {
  return mayGo(place) && place.strings !== undefined && !place.strings.has("");
}

/** A string where there is none to be: what it spells. `token`: as it was written, in quotes. */
export function fittedString(token: string, place: Place): string | undefined {
  const text = parseJson(token);
  if (typeof text !== "string") return token;
  const value = typedValue(text, place.schema);
  if (value === null) return fittedWord("null", place);
  if (text.trim() === "" && mayGo(place)) return undefined;
  return value === text ? token : stringifyExactly(value);
}

/** `true`, `false` or `null`. */
export function fittedWord(word: string, place: Place): string | undefined {
  return word === "null" && mayGo(place) && !place.types.has("null") ? undefined : word;
}

export function fittedNumber(text: string, { types }: Place): string {
  if (!types.has("number") && !types.has("integer")) return types.has("string") ? JSON.stringify(text) : text;
  // Grok's 1000.0 is no integer for Rust, and with it for Codex (openai/codex#33452).
  const value = /[.eE]/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? String(value) : text;
}
