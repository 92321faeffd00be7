import { type Unacceptable, unacceptableAt } from "../refuse.ts";

/** The API's own words for a value that is not there, or not `expected`. */
export function unlike(path: string, value: unknown, expected: string): Unacceptable {
  return unacceptableAt(path, value === undefined ? "Field required" : `Input should be ${expected}`);
}

/** A field that must be there. */
export function required(value: unknown, path: string): string {
  if (typeof value !== "string") throw unlike(path, value, "a valid string");
  return value;
}

export function whole(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw unlike(path, value, typeof value === "number" && value < 0 ? "greater than or equal to 0" : "a valid integer");
}

export function number(value: unknown, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw unlike(path, value, "a valid number");
  return value;
}
