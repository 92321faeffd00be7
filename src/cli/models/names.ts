import { join } from "node:path";
import { isObject } from "../../model/json.ts";
import { readCached, writeCached } from "../cache-file.ts";

const fileOf = (cache: string) => join(cache, "models.json");
/** Of one provider; the longest list that is about has some hundreds. */
const most = 2_000;

/** `provider/model` of every list that a server gave lately: for completion, which asks no server. */
export function readModelNames(cache: string): readonly string[] {
  return Object.entries(read(cache)).flatMap(([provider, models]) => models.map((model) => `${provider}/${model}`));
}

/** Keeps the lists of these providers in the place of earlier ones. */
export function keepModelNames(cache: string, lists: Readonly<Record<string, readonly string[]>>): void {
  const before = read(cache);
  const now = { ...before, ...Object.fromEntries(Object.entries(lists).map(([provider, models]) => [provider, models.slice(0, most)])) };
  if (JSON.stringify(now) !== JSON.stringify(before)) writeCached(fileOf(cache), now);
}

function read(cache: string): Readonly<Record<string, readonly string[]>> {
  const stored = readCached(fileOf(cache));
  return Object.fromEntries(
    Object.entries(isObject(stored) ? stored : {}).flatMap(([provider, models]) =>
      Array.isArray(models) ? [[provider, models.filter((model) => typeof model === "string")]] : [],
    ),
  );
}
