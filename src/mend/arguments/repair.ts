import { parseExactly, stringifyExactly } from "../../model/exact-json.ts";
import { isObject, listOf, objectOf, parseJson } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { typesOf } from "../schema/types-of.ts";
import { endsInMember } from "../written/loose-json.ts";
import { repairJson } from "../written/repair-json.ts";
import { createArgumentScanner } from "./scanner.ts";

/**
 * What to send after `sent`, so that both together are a JSON object, given that `rest` is what the model wrote there. Where no repair
 * is found, or the text was cut inside a member, the model's own text is delivered: it cannot run, and the model sees its error.
 */
export function repairArguments(sent: string, rest: string, schema: JsonSchema = {}): string {
  const again = secondStart(sent + rest, sent.length);
  if (again !== undefined) return again.slice(sent.length);
  if (endsInMember(sent + rest)) return rest;
  if (sent === "") return repairWhole(rest, schema) ?? rest;
  const repaired = attempt(() => repairJson(sent + rest));
  if (repaired?.startsWith(sent) && isObject(parseJson(repaired))) return repaired.slice(sent.length);
  return rest;
}

/**
 * The arguments from where the server began them again (vLLM's parser for xLAM, SGLang's for MiniMax M2): a whole object that begins with all
 * that stands before it. `from`: what was sent.
 */
function secondStart(text: string, from: number): string | undefined {
  for (let at = text.indexOf("{", Math.max(1, from)), tries = 0; at > 0 && at * 2 <= text.length && tries < 8; tries += 1) {
    const again = text.slice(at);
    if (again.startsWith(text.slice(0, at)) && isObject(parseJson(again))) return again;
    at = text.indexOf("{", at + 1);
  }
  return undefined;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Nothing was sent yet: fences, JSON in a string, a list around it, another type, Python's spelling. `unpacked`: it came in such a string. */
function repairWhole(text: string, schema: JsonSchema, unpacked = false): string | undefined {
  const trimmed = text.trim();
  const isFenced = trimmed.startsWith("```");
  const inner = (isFenced ? trimmed.replace(/^```[\w-]*/, "").replace(/```$/, "") : trimmed).trim();
  // Of several lines (a patch, a script) the last may need its end; of one it is only in the way.
  const verbatim = !isFenced && inner.includes("\n") ? text : inner;
  const parsed = attempt(() => ({ value: parseExactly(inner) }));
  if (parsed !== undefined) {
    const { value } = parsed;
    const isPacked = !unpacked && typeof value === "string" && /^\s*[[{"`]/.test(value);
    // A string alone is JSON, and would pass for arguments with a client that looks no further.
    const found = (isPacked ? repairWhole(value, schema, true) : fromValue(value, schema)) ?? "{}";
    return found === "{}" && isPlain(value) ? (fromValue(verbatim, schema) ?? found) : found;
  }
  const from = inner.indexOf("{");
  // Braces in a text that was meant as the one argument (a patch, a script, `{ cd a; ls; }`) are no object of arguments.
  const mayNameMembers = from === 0 && /^\{\s*(?:["'`{}]|[\w-]+\s*:)/.test(inner);
  const plain = from >= 0 && !mayNameMembers && !namesMember(inner.slice(from), schema) && onlyParameter(schema) !== undefined;
  if (plain) return fromValue(verbatim, schema);
  if (from < 0) {
    const loose = attempt(() => parseExactly(repairJson(inner)));
    const found = loose === undefined || typeof loose === "string" ? undefined : fromValue(loose, schema);
    // Of lines or commas the repairer makes a list that nobody wrote.
    const isText = found === undefined || (found === "{}" && Array.isArray(loose) && !inner.startsWith("["));
    return isText ? fromValue(verbatim, schema) : found;
  }
  const scanner = createArgumentScanner();
  const first = scanner.push(inner.slice(from));
  if (scanner.state() === "complete") return first + scanner.rest();
  const repaired = attempt(() => parseExactly(repairJson(inner.slice(from))));
  return repaired === undefined ? undefined : fromValue(repaired, schema);
}

function fromValue(value: unknown, schema: JsonSchema): string | undefined {
  if (isObject(value)) return stringifyExactly(value);
  const only = onlyParameter(schema);
  // A list of objects is a list around the arguments, or the one argument of a tool that takes a list of them.
  const isArgument = only !== undefined && typesOf(only.schema).has("array");
  if (Array.isArray(value) && isObject(value[0]) && !(isArgument && !(only.name in value[0]))) return stringifyExactly(value[0]);
  if (only !== undefined && value !== null && kindsOf(value).some((kind) => typesOf(only.schema).has(kind))) {
    return stringifyExactly({ [only.name]: value });
  }
  return typeof value === "string" ? undefined : "{}";
}

/** Nothing that could stand for an object: where the one argument is a text, it is that text. */
function isPlain(value: unknown): boolean {
  return typeof value === "number" || (Array.isArray(value) && value.length > 0 && !isObject(value[0]));
}

function kindsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return ["array"];
  return Number.isInteger(value) ? ["integer", "number"] : [typeof value];
}

function namesMember(text: string, schema: JsonSchema): boolean {
  const first = /^\{\s*["'`]?([^"'`:\s]+)/.exec(text)?.[1];
  return first !== undefined && first in objectOf(schema.properties);
}

function onlyParameter(schema: JsonSchema): { readonly name: string; readonly schema: unknown } | undefined {
  const properties = objectOf(schema.properties);
  const required = listOf(schema.required);
  const names = required.length === 1 ? required : Object.keys(properties);
  const [name] = names;
  return names.length === 1 && typeof name === "string" ? { name, schema: properties[name] } : undefined;
}
