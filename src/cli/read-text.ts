import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A file that the user's arguments name, from the folder where they were typed. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(resolve(path), "utf8");
  } catch {
    return undefined;
  }
}
