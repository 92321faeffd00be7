import { parseExactly, stringifyExactly } from "../../model/exact-json.ts";
import { isObject, listOf, objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { typesOf } from "../schema/types-of.ts";
import { looseJson, withoutFence } from "../written/loose-json.ts";
import { createArgumentScanner } from "./scanner.ts";

/**
 * The JSON object of arguments that a text stands for which is none itself: it has one in a fence, in a string, in a list or behind words,
 * or is broken, or is what the tool's one argument should be. Undefined where it stands for none. `unpacked`: it came in a string.
 */
export function asObject(text: string, schema: JsonSchema, unpacked = false): string | undefined {
  const trimmed = text.trim();
  const isFenced = trimmed.startsWith("```");
  const inner = withoutFence(trimmed);
  // Of several lines (a patch, a script) the last may need its end; of one it is only in the way.
  const verbatim = !isFenced && inner.includes("\n") ? text : inner;
  const value = parseExactly(inner);
  if (value === undefined)
    return inner.includes("{") ? fromBraces(inner, verbatim, schema) : (fromList(inner, schema) ?? fromValue(verbatim, schema));
  const packed = !unpacked && typeof value === "string" && /^\s*[[{"`]/.test(value) ? value : undefined;
  const found = packed === undefined ? fromValue(value, schema) : asObject(packed, schema, true);
  // JSON that is no object would pass for arguments with a client that looks no further.
  return found ?? (isPlain(value) ? fromValue(verbatim, schema) : undefined) ?? "{}";
}

function fromBraces(text: string, verbatim: string, schema: JsonSchema): string | undefined {
  const object = text.slice(text.indexOf("{"));
  const mayNameMembers = object === text && /^\{\s*(?:["'`{}]|[\w-]+\s*:)/.test(object);
  // Braces in a text that was meant as the one argument (a patch, a script, `{ cd a; ls; }`) are no object of arguments.
  const isArgument = !mayNameMembers && !namesMember(object, schema) && onlyParameter(schema) !== undefined;
  if (isArgument) return fromValue(verbatim, schema);
  const scanner = createArgumentScanner();
  const first = scanner.push(object);
  return scanner.state() === "complete" ? first + scanner.rest() : fromValue(looseJson(object), schema);
}

function fromList(text: string, schema: JsonSchema): string | undefined {
  const value = looseJson(text);
  if (value === undefined || typeof value === "string") return undefined;
  // Of lines or commas the repairer makes a list that nobody wrote.
  return fromValue(value, schema) ?? (Array.isArray(value) && !text.startsWith("[") ? undefined : "{}");
}

/** An object, the first of a list of them, or the one argument's own value. */
function fromValue(value: unknown, schema: JsonSchema): string | undefined {
  if (isObject(value)) return stringifyExactly(value);
  const only = onlyParameter(schema);
  const types = typesOf(only?.schema);
  // A list of objects may also be the one argument of a tool that takes a list of them.
  const isArgument = only !== undefined && types.has("array");
  if (Array.isArray(value) && isObject(value[0]) && !(isArgument && !Object.hasOwn(value[0], only.name))) return stringifyExactly(value[0]);
  return only !== undefined && kindsOf(value).some((kind) => types.has(kind)) ? stringifyExactly({ [only.name]: value }) : undefined;
}

/** What is no object and no text; where the one argument is a text, it is that as it was written. */
function isPlain(value: unknown): boolean {
  return typeof value === "number" || (Array.isArray(value) && value.length > 0 && !isObject(value[0]));
}

function kindsOf(value: unknown): readonly string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return ["array"];
  return Number.isInteger(value) ? ["integer", "number"] : [typeof value];
}

function namesMember(text: string, schema: JsonSchema): boolean {
  const first = /^\{\s*["'`]?([^"'`:\s]+)/.exec(text)?.[1];
  return first !== undefined && Object.hasOwn(objectOf(schema.properties), first);
}

function onlyParameter(schema: JsonSchema): { readonly name: string; readonly schema: unknown } | undefined {
  const properties = objectOf(schema.properties);
  const required = listOf(schema.required);
  const names = required.length === 1 ? required : Object.keys(properties);
  const [name] = names;
  return names.length === 1 && typeof name === "string" ? { name, schema: properties[name] } : undefined;
}
