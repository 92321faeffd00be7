import { mkdirSync, type Stats, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder, with those above it that are missing. Node's own way takes ENOENT for a missing parent each time, and so never ends below
 * /proc, where the parent is there and nothing can be made: a HOME there would hold a launch for ever.
 *
 * @param mode of each folder that is made
 */
export function makeFolder(path: string, mode = 0o700): void {
  const whole = resolve(path);
  try {
    const missing = [whole];
    for (let at = dirname(whole); there(at) === undefined && at !== missing[0]; at = dirname(at)) missing.unshift(at);
    for (const folder of missing) {
      // Another launch may make it meanwhile.
      if (!there(folder)?.isDirectory()) makeUnlessThere(folder, mode);
    }
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path: whole, syscall: "mkdir" });
  }
}

function makeUnlessThere(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (!there(folder)?.isDirectory()) throw error;
  }
}

const there = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });
