import { didYouMean } from "../../route/nearest.ts";
import { keysAt } from "../schema/keys.ts";
import type { LayerName } from "./layer.ts";
import { type Path, parsePath, type Tree } from "./tree.ts";

/** What is wrong with `locked`. A lock on a name that is no key holds nothing, and nobody would notice. */
export function lockProblems({ locked }: Tree, layer: LayerName): { readonly path: Path; readonly text: string }[] {
  if (locked === undefined) return [];
  if (layer !== "system") return [{ path: ["locked"], text: "locked counts only in the system's file" }];
  if (!Array.isArray(locked)) return [];
  return locked.flatMap((name, index) => {
    const keys = parsePath(String(name));
    const at = keys.findIndex((key, depth) => !mayStand(key, keysAt(keys.slice(0, depth))));
    if (at < 0 && keys.length > 0) return [];
    const near = at < 0 ? "" : didYouMean(keys[at] ?? "", keysAt(keys.slice(0, at)));
    return [{ path: ["locked", index], text: `locked names "${name}", which is no key.${near}` }];
  });
}

/** Below the names that people give (providers, profiles) any may stand. */
const mayStand = (key: string, known: readonly string[]) => known.length === 0 || known.includes(key);
