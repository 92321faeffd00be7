import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseJson } from "../model/json.ts";
import { makeFolder } from "../system/make-folder.ts";
import { readText } from "./read-text.ts";

/** JSON of the cache folder, which only spares asking again: undefined where there is none. What it holds anybody may have written. */
export function readCached(file: string): unknown {
  const text = readText(file);
  return text === undefined ? undefined : parseJson(text);
}

/**
 * Writes it for the user alone, whole or not at all: other launches read it meanwhile, and what they found in half a file they would write back.
 * Where that is not possible, what was there stays.
 */
export function writeCached(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}`;
  try {
    makeFolder(dirname(file));
    try {
      writeFileSync(draft, `${JSON.stringify(value)}\n`, { mode: 0o600 });
      renameSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch {
    // A disk that is full, or a folder that is somebody else's.
  }
}
