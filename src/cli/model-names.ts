import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const fileOf = (cache: string) => join(cache, "models.json");
/** Of one provider; the longest list that is about has some hundreds. */
const most = 2_000;

/** `provider/model` of every list that a server gave lately: for completion, which asks no server. */
export function readModelNames(cache: string): readonly string[] {
  return Object.entries(read(cache)).flatMap(([provider, models]) => models.map((model) => `${provider}/${model}`));
}

/** Keeps the lists of these providers in the place of earlier ones. It is only a cache: what cannot be written is asked again. */
export function keepModelNames(cache: string, lists: Readonly<Record<string, readonly string[]>>): void {
  const before = read(cache);
  const now = { ...before, ...Object.fromEntries(Object.entries(lists).map(([provider, models]) => [provider, models.slice(0, most)])) };
  if (JSON.stringify(now) === JSON.stringify(before)) return;
  try {
    mkdirSync(dirname(fileOf(cache)), { recursive: true, mode: 0o700 });
    writeFileSync(fileOf(cache), `${JSON.stringify(now)}\n`, { mode: 0o600 });
  } catch {
    // A folder that cannot be written to costs completion some names.
  }
}

function read(cache: string): Readonly<Record<string, readonly string[]>> {
  try {
    const stored: unknown = JSON.parse(readFileSync(fileOf(cache), "utf8"));
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(
      Object.entries(stored).flatMap(([provider, models]) =>
        Array.isArray(models) ? [[provider, models.filter((model) => typeof model === "string")]] : [],
      ),
    );
  } catch {
    return {};
  }
}
