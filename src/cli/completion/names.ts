import { targetKeys } from "../../config/targets.ts";
import type { Candidate, Names } from "./candidates.ts";

/** The names that the configuration of this folder and earlier answers of its servers have for a place. Nothing is asked of a server here. */
export async function namesFor({ of, config }: Names): Promise<readonly Candidate[]> {
  const [{ configuredProviders, definedProfiles, foldersOf, listStoredKeys, loadConfiguration }, { rows }] = await Promise.all([
    import("../../config/index.ts"),
    import("../../providers/index.ts"),
  ]);
  const folders = foldersOf({ env: process.env });
  if (of === "stored keys") return listStoredKeys(folders).map(({ provider, origins }) => [provider, origins.join(", ")]);
  const loaded = await loadConfiguration({
    cwd: process.cwd(),
    env: process.env,
    rows,
    options: config === undefined ? {} : { config },
    // Nobody can be asked in the middle of a line: a project's file that is not trusted counts for nothing.
    decide: () => Promise.resolve(false),
  });
  const known = Object.values(rows).map(({ id, name }): Candidate => [id, name]);
  if (loaded.error) return of === "providers" ? known : [];
  if (of === "providers")
    return [
      ...configuredProviders(loaded)
        .filter((id) => !Object.hasOwn(rows, id))
        .map((id): Candidate => [id, ""]),
      ...known,
    ];
  if (of === "profiles") return definedProfiles(loaded).map(({ name, source }) => [name, source]);
  const { readModelNames } = await import("../models/names.ts");
  const written = Object.values(loaded.merged.settings.profiles ?? {})
    .flatMap((profile) => targetKeys.flatMap((key) => profile[key] ?? []))
    .map(({ target }) => target);
  return [...new Set([...written, ...readModelNames(folders.cache)])].map((name) => [name, ""]);
}
