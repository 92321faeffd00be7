import { isObject, type JsonObject, textOf } from "../json.ts";
import { unacceptableAt } from "../refuse.ts";

/** The items of a list, which may be left out. */
export function acceptList(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unacceptableAt(path, "must be a list");
  return value;
}

/** A function, or a call of one: an object with a name. */
export function acceptNamed(value: unknown, path: string): JsonObject & { readonly name: string } {
  const name = isObject(value) ? textOf(value.name) : undefined;
  if (!isObject(value) || name === undefined) throw unacceptableAt(`${path}.name`, "must be a string");
  return { ...value, name };
}
