import type { BoundarySettings } from "../schema/boundary.ts";
import { configurationSchema, type Settings } from "../schema/schema.ts";
import type { Layer, LayerName } from "./layer.ts";
import { isTree, own, type Path, parsePath, pathName, type Tree } from "./tree.ts";

/** What holds before anyone wrote anything. */
export const builtIn = {
  name: "built-in",
  tree: { profiles: { demo: { model: [{ target: "demo/demo" }] } } },
  where: () => "built in",
} as const satisfies Layer;

/** One setting, and what it took the place of, nearest first. */
export interface Leaf extends Setting {
  readonly overrode: readonly Setting[];
}

interface Setting {
  readonly path: Path;
  /** As written. */
  readonly value: unknown;
  readonly layer: LayerName;
  /** ".fccrc:9", "OLLAMA_HOST", "--model", "built in" */
  readonly source: string;
}

export interface Merged {
  /** Lowest first, without what a lock took out of them. */
  readonly layers: readonly (Layer & { readonly settings: Settings })[];
  readonly tree: Tree;
  readonly settings: Settings;
  /** By `pathName`, in the order of the merged tree. */
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** All hold at once: each layer may only narrow. */
  readonly boundaries: readonly { readonly boundary: BoundarySettings; readonly source: string }[];
  readonly locked: readonly Lock[];
  /** Settings that a lock kept out, a line each. */
  readonly notices: readonly string[];
}

interface Lock {
  readonly path: Path;
  readonly source: string;
}

const parsed = new WeakMap<Tree, Settings>();

/** A layer is merged more than once, and is always the same. */
function checked(tree: Tree): Settings {
  const known = parsed.get(tree) ?? configurationSchema.parse(tree);
  parsed.set(tree, known);
  return known;
}

/** Lays layers over each other, lowest first. Objects merge by key; lists, scalars and the sources of secrets replace. */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const locks = layers.filter((layer) => layer.name === "system").flatMap(locksOf);
  const notices: string[] = [];
  const kept = layers.map((layer) => {
    const tree = layer.name === "built-in" || layer.name === "system" ? layer.tree : withoutLocked(layer, locks, notices);
    return { ...layer, tree, settings: checked(tree) };
  });
  const root: Branch = new Map();
  const settings = new Set<Leaf>();
  for (const layer of kept)
    for (const { path, value } of settingsOf(layer.tree))
      put({ path, value, layer: layer.name, source: layer.where(path) }, root, settings);
  const leaves = new Map([...settings].map((leaf) => [pathName(leaf.path), leaf]));
  const tree = build(settings);
  const boundaries = layers.flatMap((layer) => {
    const { boundary } = checked(layer.tree);
    return boundary === undefined ? [] : [{ boundary, source: layer.where(["boundary"]) }];
  });
  return { layers: kept, tree, settings: configurationSchema.parse(tree), leaves, boundaries, locked: locks, notices };
}

/** The settings so far, by the names of their paths. */
type Branch = Map<Path[number], Branch | Leaf>;

/**
 * A setting over those of lower layers that it meets: each stands above it, in its place or below it. An empty map says only that its name is
 * there: it takes nothing away, and hides nothing.
 */
function put(setting: Setting, root: Branch, settings: Set<Leaf>): void {
  const last = setting.path.at(-1) ?? "";
  const met: Leaf[] = [];
  let here = root;
  for (const key of setting.path.slice(0, -1)) {
    const found = here.get(key);
    if (found !== undefined && !(found instanceof Map)) met.push(found);
    const next: Branch = found instanceof Map ? found : new Map();
    here.set(key, next);
    here = next;
  }
  const there = here.get(last);
  if (there instanceof Map && isEmptyMap(setting.value)) return;
  if (there !== undefined) met.push(...leavesIn(there));
  const overrode = met.flatMap(({ overrode: earlier, ...given }) => (isEmptyMap(given.value) ? earlier : [given, ...earlier]));
  const leaf: Leaf = { ...setting, overrode };
  for (const gone of met) settings.delete(gone);
  settings.add(leaf);
  here.set(last, leaf);
}

const leavesIn = (found: Branch | Leaf): readonly Leaf[] => (found instanceof Map ? [...found.values()].flatMap(leavesIn) : [found]);

const isEmptyMap = (value: unknown) => isTree(value) && Object.keys(value).length === 0;

/** The values of a tree that replace each other whole. An empty map is one, so that `providers: { x: {} }` is not lost. */
export function settingsOf(tree: Tree, path: Path = []): { path: Path; value: unknown }[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = [...path, key];
    return isTree(value) && Object.keys(value).length > 0 && !isWhole(here) ? settingsOf(value, here) : [{ path: here, value }];
  });
}

/** Maps that are one value: half a boundary, a header from two sources or a mixture of two requests' extra fields means nothing. */
function isWhole(path: Path): boolean {
  if (path.at(-1) === "boundary" && (path.length === 1 || (path[0] === "profiles" && path.length === 3))) return true;
  return path[0] === "providers" && path.length === 4 && path[2] === "headers";
}

/** `inner` is `outer` or stands below it. */
export function within(inner: Path, outer: Path): boolean {
  return outer.length <= inner.length && outer.every((key, index) => inner[index] === key);
}

/** The tree that has these settings, which do not meet. */
export function build(settings: Iterable<Pick<Setting, "path" | "value">>): Tree {
  const root: Record<string, unknown> = {};
  for (const { path, value } of settings) {
    let here = root;
    for (const key of path.slice(0, -1).map(String)) {
      const next = own(here, key);
      if (isTree(next)) here = next as Record<string, unknown>;
      else here = here[key] = {};
    }
    here[String(path.at(-1))] = value;
  }
  return root;
}

function locksOf(layer: Layer): Lock[] {
  const locked = layer.tree.locked;
  return Array.isArray(locked)
    ? locked.map((key, index) => ({ path: parsePath(String(key)), source: layer.where(["locked", index]) }))
    : [];
}

/** The first lock that stands over `path`, or below it. */
export function lockOver(locks: readonly Lock[], path: Path): Lock | undefined {
  return locks.find((lock) => within(path, lock.path) || within(lock.path, path));
}

function withoutLocked(layer: Layer, locks: readonly Lock[], notices: string[]): Tree {
  if (locks.length === 0) return layer.tree;
  const kept = settingsOf(layer.tree).filter(({ path }) => {
    const lock = lockOver(locks, path);
    // A boundary is never widened, locked or not; so nothing is lost by leaving it out here.
    if (lock !== undefined && path[0] !== "boundary")
      notices.push(`${pathName(path)} (${layer.where(path)}) is ignored: locked by ${lock.source}`);
    return lock === undefined;
  });
  return build(kept);
}
