import { closeSync, constants, lstatSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { LoaderSync, PublicExplorerSync } from "cosmiconfig";
import { reason } from "../errors.ts";
import type { ConfigurationFile } from "./layer.ts";
import { parseJsonFile } from "./parse-json-file.ts";
import { type Folders, showPath } from "./paths.ts";
import { readWithin } from "./read-within.ts";
import { isTree } from "./tree.ts";

/**
 * cosmiconfig reads the files; it never looks for, parses or runs one.
 *
 * Left alone, cosmiconfig 9 runs code of the working folder in four ways: `$import: ./x.cjs` in a data file; `.config/config.cjs` while
 * its entry point merely looks for options; search places that `.config/config.json` adds; `fcc/config.cjs` by the search strategy "global".
 * So its explorer is taken without that entry point and loads what fcc has found, every loader is ours and gives back text, never an object in
 * which `$import` would be found, and every type of script has a loader that refuses.
 */
const names = [".fccrc", ".fccrc.json", ".fccrc.yaml", ".fccrc.yml"];
const projectPlaces = [...names, ...["", ".json", ".yaml", ".yml"].map((ending) => `.config/fccrc${ending}`), "package.json"];
const globalPlaces = ["config.yaml", "config.yml", "config.json"];
const scripts = [".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".jsx", ".tsx", ".node", ".wasm"];

type Explorer = Pick<PublicExplorerSync, "load">;

interface Found {
  readonly text: string;
  readonly under?: string;
}

const asText: LoaderSync = (_path, text): Found => ({ text });

/** package.json is every project's: only one that has our key is ours, and only then its mistakes are. */
const asPackage: LoaderSync = (path, text) => {
  if (!path.endsWith("package.json")) return { text } satisfies Found;
  if (!text.includes('"fcc"')) return {};
  try {
    const parsed = parseJsonFile(text);
    // A package named fcc, or one that depends on it, mentions the word too.
    if (!isTree(parsed) || !Object.hasOwn(parsed, "fcc")) return {};
  } catch {
    // Half of a merge, say. What no longer counts may be a boundary; a package that is called fcc has no map there.
    if (!/"fcc"\s*:\s*\{/.test(text)) return {};
  }
  return { fcc: { text, under: "fcc" } satisfies Found };
};

const refuse: LoaderSync = (path) => {
  throw new Error(`${path} is not data: fcc never runs a configuration file`);
};

/** Imported where there is something to read, which for most folders there is not. */
export async function createExplorer(): Promise<Explorer> {
  const { ExplorerSync } = await import("cosmiconfig/dist/ExplorerSync.js");
  return new ExplorerSync({
    moduleName: "fcc",
    searchPlaces: [],
    cache: false,
    loaders: {
      ".json": asPackage,
      ".yaml": asText,
      ".yml": asText,
      noExt: asText,
      ...Object.fromEntries(scripts.map((ending) => [ending, refuse])),
      default: refuse,
    },
    transform: (result) => result,
  });
}

/** The nearest project file from `cwd` up to the home folder, or to the root where home is not above. */
export async function findProjectFile(cwd: string, folders: Folders): Promise<ConfigurationFile | undefined> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = await search(projectPlaces, folder, cwd, folders.home);
    if (found !== undefined) return found;
    // A shell on Windows may have the drive in the other case.
    if (relative(folder, folders.home) === "" || dirname(folder) === folder) return undefined;
  }
}

/** Configurations in a folder that other tools of this kind would run. They are never read, which is to be said: nothing else tells why they do not count. */
export function scriptsIn(folder: string): readonly string[] {
  const places = [".fccrc", "fcc.config", join(".config", "fccrc")].flatMap((name) => scripts.map((ending) => join(folder, name + ending)));
  return places.filter(isThere);
}

/** `config.yaml`, `.yml` or `.json` in the user's or the system's folder. */
export async function findGlobalFile(folder: string, cwd: string, folders: Folders): Promise<ConfigurationFile | undefined> {
  const found = await search(globalPlaces, folder, cwd, folders.home);
  // A link to a folder that is not mounted, say: what stands there is not known.
  if (found === undefined && isThere(folder)) statSync(folder);
  return found;
}

/** The file that `--config` names. Its ending does not matter but for `.json` and `package.json`, and scripts, which are never read. */
export async function readNamedFile(path: string, cwd: string, home: string): Promise<ConfigurationFile | { readonly fault: string }> {
  const label = showPath(path, cwd, home);
  if (scripts.some((ending) => path.toLowerCase().endsWith(ending)))
    return { fault: `${label} is not data: fcc never runs a configuration file` };
  try {
    const text = readWithin(path, largestRead);
    const under = path.endsWith("package.json") ? { under: "fcc" } : {};
    return { path, label, text, format: path.endsWith(".json") ? "json" : "yaml", ...under };
  } catch (error) {
    return { fault: `${label} cannot be read: ${reason(error)}` };
  }
}

/**
 * A link that leads nowhere or in a circle is there too, and so is what a folder hides: that it cannot be read is said. Only a `.config` that
 * somebody else closed, above a project, need not hold anything for fcc.
 */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // HOME may be /dev/null.
    return (error as NodeJS.ErrnoException).code !== "ENOTDIR" && !path.includes(closedToOthers);
  }
}

const closedToOthers = join("/", ".config", "fccrc");

async function search(places: readonly string[], folder: string, cwd: string, home: string): Promise<ConfigurationFile | undefined> {
  const there = places.map((place) => join(folder, place)).filter(isThere);
  if (there.length === 0) return undefined;
  const explorer = await createExplorer();
  const looked = there.map((path) => look(path, explorer));
  const [taken, ...others] = looked.flatMap((one) => (one.found === undefined ? [] : [{ path: one.path, ...one.found }]));
  const passed = taken === undefined ? looked : looked.slice(0, there.indexOf(taken.path));
  // A boundary may stand in what cannot be read. Behind the file that is taken it stops nobody.
  for (const { fault } of passed) if (fault !== undefined) throw fault;
  if (taken === undefined) return undefined;
  const label = showPath(taken.path, cwd, home);
  const unread = others.map(({ path }) => showPath(path, cwd, home));
  // `.fccrc` is YAML, of which JSON is a part.
  return { ...taken, label, format: taken.path.endsWith(".json") ? "json" : "yaml", unread };
}

/** What a file says, where it says something; why it cannot be read. */
interface Looked {
  readonly path: string;
  readonly found?: Found;
  readonly fault?: NodeJS.ErrnoException;
}

function look(path: string, explorer: Explorer): Looked {
  try {
    const why = unfit(path);
    if (why !== undefined) throw Object.assign(new Error(why), { code: "ENXIO", syscall: "read" });
    const result = explorer.load(path);
    return result === null || result.isEmpty ? { path } : { path, found: result.config as Found };
  } catch (error) {
    // package.json is every project's.
    return path.endsWith("package.json") ? { path } : { path, fault: Object.assign(error as NodeJS.ErrnoException, { path }) };
  }
}

/** Bytes; far more than a configuration may have, and than any package.json has. */
const largestRead = 16 * 1024 * 1024;

/** Why a file is not read at all. A clone may hold a link to /dev/zero, which has no end, or to a terminal, which waits for one, or gigabytes. */
function unfit(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return undefined;
    if (!stats.isFile()) return "it is a device or a pipe";
    if (stats.size > largestRead) return "it is larger than 16 MB";
    return stats.size === 0 && holdsMoreThanNothing(path) ? "it is a file of the kernel's" : undefined;
  } catch {
    return undefined;
  }
}

/** What says to be empty and is not: /proc/self/pagemap has hundreds of gigabytes, and /proc/kmsg waits for the kernel's next word. */
function holdsMoreThanNothing(path: string): boolean {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return readSync(file, Buffer.alloc(1)) > 0;
  } catch {
    return true;
  } finally {
    closeSync(file);
  }
}
