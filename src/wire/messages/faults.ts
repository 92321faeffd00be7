/** What is wrong with a request, each with its path, in the order found; the client is told the first. */
export type Faults = string[];

/** The API's own words for a value that is not there, or not `expected`. */
export function pushFault(faults: Faults, path: string, value: unknown, expected: string): void {
  faults.push(`${path}: ${value === undefined ? "Field required" : `Input should be ${expected}`}`);
}

/** A field that must be there, or a fault and a value that nobody gets to see. */
export function required(value: unknown, path: string, faults: Faults): string {
  if (typeof value === "string") return value;
  pushFault(faults, path, value, "a valid string");
  return "";
}

export function whole(value: unknown, path: string, faults: Faults): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  pushFault(faults, path, value, typeof value === "number" && value < 0 ? "greater than or equal to 0" : "a valid integer");
  return 0;
}

export function number(value: unknown, path: string, faults: Faults): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return value;
  faults.push(`${path}: Input should be a valid number`);
  return undefined;
}
