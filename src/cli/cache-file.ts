import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseJson } from "../model/json.ts";
import { makeFolder } from "../system/make-folder.ts";
import { readText } from "./read-text.ts";

/** JSON of the cache folder, which only spares asking again: undefined where there is none. What it holds anybody may have written. */
export function readCached(file: string): unknown {
  const text = readText(file);
  return text === undefined ? undefined : parseJson(text);
}

/** Writes it for the user alone; where that is not possible, it is asked again. */
export function writeCached(file: string, value: unknown): void {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  } catch {
    // A disk that is full, or a folder that is somebody else's.
  }
}
