import { nearest } from "../route/nearest.ts";
import type { Configuration } from "./configuration.ts";
import { plain } from "./errors.ts";
import { type Leaf, within } from "./files/layers.ts";
import { showPath } from "./files/paths.ts";
import { isTree, own, type Path, parsePath, pathName } from "./files/tree.ts";
import { jsonSchema } from "./schema/json-schema.ts";
import { keysAt } from "./schema/keys.ts";
import { isSecretVariable } from "./secrets/secret-variable.ts";
import { shortForm, yamlKey } from "./short-form.ts";

/** `fcc config schema` */
export function schemaLines(): string[] {
  return JSON.stringify(jsonSchema(), undefined, 2).split("\n");
}

/** `fcc config path`: the files and whether they count, then fcc's own folders. */
export function pathLines(configuration: Configuration, cwd: string): string[] {
  const { folders, files } = configuration;
  const rows: [string, string, string][] = [
    ...files.map(({ role, label, state }): [string, string, string] => [role, label, state]),
    ...(["state", "data", "cache"] as const).map((name): [string, string, string] => [
      name,
      showPath(folders[name], cwd, folders.home),
      "",
    ]),
  ];
  const width = Math.max(...rows.map(([, label]) => label.length));
  return rows.map(([role, label, state]) => plain(`${role.padEnd(8)} ${label.padEnd(width)}  ${state}`).trimEnd());
}

/** `fcc config show`: the merged configuration as YAML in short forms, each value with where it came from. */
export function showLines(configuration: Configuration): string[] {
  const { leaves, tree } = configuration.merged;
  const lines: [string, string][] = [];
  const walk = (value: unknown, path: Path): void => {
    const indent = "  ".repeat(path.length - 1);
    const key = yamlKey(String(path.at(-1)));
    const leaf = leaves.get(pathName(path));
    if (leaf === undefined && isTree(value)) {
      lines.push([`${indent}${key}:`, ""]);
      for (const [name, item] of Object.entries(value)) walk(item, [...path, name]);
    } else lines.push([`${indent}${key}: ${written(path, value)}`, leaf?.source ?? ""]);
  };
  for (const [name, item] of Object.entries(tree)) walk(item, [name]);
  const width = Math.min(60, Math.max(0, ...lines.map(([line]) => line.length)));
  return lines.map(([line, source]) => plain(source === "" ? line : `${line.padEnd(width)}  # ${source}`));
}

/** `fcc config explain [key]`: each value with where it came from, and below it what it overrode. Undefined: there is no such key. */
export function explainLines(
  configuration: Configuration,
  key?: string,
): { lines: string[]; fault?: undefined } | { fault: string; lines?: undefined } {
  const leaves = [...configuration.merged.leaves.values()];
  const wanted = key === undefined ? [] : parsePath(key);
  const found = leaves.filter(({ path, value }) => within(path, wanted) || (typeof value === "object" && within(wanted, path)));
  const lines = found.flatMap((leaf) => [
    `${pathName(leaf.path)} = ${written(leaf.path, leaf.value)}  (${leaf.source})`,
    ...leaf.overrode.map(
      (setting) =>
        `  over ${pathName(setting.path) === pathName(leaf.path) ? "" : `${pathName(setting.path)} = `}${written(setting.path, setting.value)}  (${setting.source})`,
    ),
    ...boundaryLines(configuration, leaf),
  ]);
  lines.push(...lockLines(configuration, wanted));
  if (lines.length === 0) lines.push(...rowLines(configuration, wanted));
  if (lines.length > 0 || key === undefined) return { lines: lines.map(plain) };
  // A key that may well stand there is no slip of one that does.
  const isKey = keysAt(wanted.slice(0, -1)).includes(String(wanted.at(-1))) && leaves.some(({ path }) => within(path, wanted.slice(0, 2)));
  const names = isKey ? [] : leaves.map(({ path }) => pathName(path));
  const near = nearest(key, names);
  return { fault: plain(`nothing sets "${key}".${near === undefined ? "" : ` Did you mean "${near}"?`}`) };
}

function boundaryLines({ merged }: Configuration, leaf: Leaf): string[] {
  if (leaf.path[0] !== "boundary" || merged.boundaries.length < 2) return [];
  return merged.boundaries
    .filter(({ source }) => source !== leaf.source)
    .map(({ boundary, source }) => `  holds too: ${written(["boundary"], boundary)}  (${source})`);
}

function lockLines({ merged }: Configuration, wanted: Path): string[] {
  return merged.locked
    .filter(({ path }) => within(wanted, path) || (wanted.length > 0 && within(path, wanted)))
    .map(({ path, source }) => `${pathName(path)} is locked  (${source})`);
}

/** What a built-in row says where no file says anything. */
function rowLines({ rows }: Configuration, [section, id, ...rest]: readonly string[]): string[] {
  const row = section === "providers" && id !== undefined ? own(rows, id) : undefined;
  if (row === undefined) return [];
  const { placedBy = "built in" } = row;
  const values = [
    ...Object.entries(row.speaks).map(([wire, { baseUrl }]) => [`speaks.${wire}.baseUrl`, baseUrl, placedBy] as const),
    ...(row.key ? [["key", row.key.env.map((name) => `{ env: ${name} }`).join(", "), "built in"] as const] : []),
  ];
  const inside = rest.join(".");
  return values
    .filter(([name]) => inside === "" || name.startsWith(inside) || (inside === "baseUrl" && name.endsWith("baseUrl")))
    .map(([name, value, source]) => `providers.${id}.${name} = ${value}  (${source})`);
}

/** In short form; what may be a secret in a client's environment is masked. */
function written(path: Path, value: unknown): string {
  return path[0] === "clients" && path[2] === "env" && isSecretVariable(String(path.at(-1)), value) ? '"***"' : shortForm(path, value);
}
