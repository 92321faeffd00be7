import type { Examined } from "../../checks/index.ts";
import { type Configuration, placeOf, plain, planEdits, type Scope, save, trustProject } from "../../config/index.ts";
import { rows } from "../../providers/index.ts";
import type { Provider } from "../../route/target.ts";

/** Writes what the checks found out into the file that defines the provider, else into the user's own. */
export async function writeFixes(
  configuration: Configuration,
  provider: Provider | undefined,
  examined: readonly Examined[],
): Promise<string> {
  const fixes = examined.flatMap(({ fix: one }) => (one === undefined ? [] : [one]));
  if (fixes.length === 0 || provider === undefined) return "there is nothing that --fix could write";
  const { id } = provider;
  const cwd = process.cwd();
  const defines = (scope: Scope) => {
    const layer = configuration.merged.layers.find(({ name }) => name === scope);
    return Object.hasOwn(layer?.settings.providers ?? {}, id);
  };
  const scope: Scope = defines("project") ? "project" : "user";
  const place = await placeOf(scope, { cwd, folders: configuration.folders });
  // Beside a command that leads there, which is not to be lost.
  const viaPath = ["providers", id, "via", ...(provider.via === undefined ? [] : ["wire"])];
  // With those that were found out before.
  const refused = configuration.merged.settings.providers?.[id]?.quirks?.refusedFields ?? [];
  const edits = fixes.flatMap(({ via, quirks }) => [
    ...(via === undefined ? [] : [{ path: viaPath, value: via, comment: "found by `fcc doctor`" }]),
    ...(quirks === undefined ? [] : [{ path: ["providers", id, "quirks", "refusedFields"], value: [...refused, ...quirks.refusedFields] }]),
  ]);
  const planned = planEdits(scope, place, edits);
  if ("fault" in planned) return planned.fault;
  const fault = await save(planned);
  if (fault !== undefined) return fault;
  if (scope === "project") await trustProject({ cwd, env: process.env, rows });
  return `written to ${plain(planned.file.label)}: ${edits.map(({ path }) => path.join(".")).join(", ")}; run \`fcc doctor\` again`;
}
