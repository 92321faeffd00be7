import { join } from "node:path";
import type { WindowMemory } from "../../discover/window.ts";
import { isObject } from "../../model/json.ts";
import { readCached, writeCached } from "../cache-file.ts";

/** Windows in the cache folder, since some servers know them only of a model that is loaded. */
export function windowMemory(cache: string): WindowMemory & { save(): void } {
  const file = join(cache, "windows.json");
  const stored = readCached(file);
  const windows = new Map(
    Object.entries(isObject(stored) ? stored : {}).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
  let changed = false;
  return {
    get: (key) => windows.get(key),
    set(key, context) {
      changed ||= windows.get(key) !== context;
      windows.set(key, context);
    },
    save() {
      if (changed) writeCached(file, Object.fromEntries(windows));
    },
  };
}
