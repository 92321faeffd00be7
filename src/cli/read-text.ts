import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The text of a file, undefined where it cannot be read. A path may be as the user typed it, from the working folder. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(resolve(path), "utf8");
  } catch {
    return undefined;
  }
}
