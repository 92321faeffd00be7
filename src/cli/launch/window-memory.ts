import { join } from "node:path";
import type { WindowMemory } from "../../discover/window.ts";
import { isObject } from "../../model/json.ts";
import { readCached, writeCached } from "../cache-file.ts";

/** Windows that are kept; a server that a launch starts itself has another address each time. */
const most = 500;

/** Windows in the cache folder, since some servers know them only of a model that is loaded. */
export function windowMemory(cache: string): WindowMemory & { save(): void } {
  const file = join(cache, "windows.json");
  const known = read(file);
  const learned = new Map<string, number>();
  const get = (key: string) => learned.get(key) ?? known.get(key);
  return {
    get,
    set(key, context) {
      if (get(key) !== context) learned.set(key, context);
    },
    save() {
      if (learned.size === 0) return;
      // What other launches have learned meanwhile holds: only what this one did is laid over it.
      const others = [...read(file)].filter(([key]) => !learned.has(key));
      writeCached(file, Object.fromEntries([...others, ...learned].slice(-most)));
    },
  };
}

function read(file: string): ReadonlyMap<string, number> {
  const stored = readCached(file);
  return new Map(Object.entries(isObject(stored) ? stored : {}).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
}
