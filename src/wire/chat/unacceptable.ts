import { isObject, type JsonObject, textOf } from "../json.ts";

/** A request that cannot be taken: the path of what is wrong, and why. Thrown inside this wire and caught where a body is accepted. */
export class Unacceptable extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}

/** The items of a list, which may be left out. */
export function acceptList(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Unacceptable(path, "must be a list");
  return value;
}

/** A function, or a call of one: an object with a name. */
export function acceptNamed(value: unknown, path: string): JsonObject & { readonly name: string } {
  const name = isObject(value) ? textOf(value.name) : undefined;
  if (!isObject(value) || name === undefined) throw new Unacceptable(`${path}.name`, "must be a string");
  return { ...value, name };
}
