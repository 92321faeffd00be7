import { isObject } from "../../model/json.ts";
import { looseJson } from "./loose-json.ts";

/** A tool call as a model wrote it into its text. */
export interface WrittenCall {
  readonly name: string;
  /** The id that the markup gives, where its family has one and wants it back. */
  readonly id?: string;
  /** A JSON object's value; or its members as written, when only the tool's schema tells a number from a string. */
  readonly arguments: { readonly value: Readonly<Record<string, unknown>> } | { readonly members: readonly (readonly [string, string])[] };
}

/** Where a call's JSON has its arguments. */
export const argumentFields = ["arguments", "parameters", "args", "tool_input", "input"];

/** The spellings of a call as a JSON object, over all the families that write JSON. */
export function callFromJson(value: unknown): WrittenCall | undefined {
  if (!isObject(value)) return undefined;
  const inner = isObject(value.function) ? value.function : value;
  const name = [inner.name, inner.tool_name, inner.function, inner.tool].find((candidate) => typeof candidate === "string");
  if (name === undefined) return undefined;
  // Arguments that could not be read are not the same as none.
  if ("arguments" in inner && inner.arguments === undefined) return undefined;
  const given = argumentFields.map((field) => inner[field]).find((candidate) => candidate !== undefined);
  if (given === undefined) return { name, arguments: { value: besideName(inner) } };
  if (given === null || given === "") return { name, arguments: { value: {} } };
  const read = typeof given === "string" ? looseJson(given) : given;
  return isObject(read) ? { name, arguments: { value: read } } : undefined;
}

/** The arguments that stand beside the name, where nothing holds them. */
function besideName(call: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(call).filter(([key]) => !ofCall.has(key)));
}

/** What else stands in a call's JSON. */
export const ofCall: ReadonlySet<string> = new Set([
  ...["name", "tool_name", "function", "tool", "type", "id", "call_id", "tool_call_id", "index"],
]);

/** One call or a list of them; undefined unless every one is a call. */
export function callsFromJson(value: unknown): readonly WrittenCall[] | undefined {
  return allOf((Array.isArray(value) ? value : [value]).map(callFromJson));
}

/** A call whose name stands before its arguments. */
export function namedCall(name: string, json: string): WrittenCall | undefined {
  return callFromJson({ name, arguments: looseJson(json) });
}

/** All that was read; undefined where one could not be, or there is none. */
export function allOf<T>(read: readonly (T | undefined)[]): readonly T[] | undefined {
  return read.length > 0 && read.every((one) => one !== undefined) ? read : undefined;
}
