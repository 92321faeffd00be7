import { didYouMean } from "../../route/nearest.ts";
import type { Layer } from "../files/layer.ts";
import { isTree, own, type Path, type Tree } from "../files/tree.ts";
import { targetKeys, targetParts, targetPattern } from "../targets.ts";
import { configuredIds, providerId, type Rows } from "./known-providers.ts";
import { unknownKind, unknownProvider } from "./unknown-provider.ts";

interface UnknownReference {
  readonly path: Path;
  readonly text: string;
}

/**
 * Names in a file that nothing defines: a kind of server, a provider, a profile. `layers` are all that may define one: a project's file may
 * refer to what the user's defines. They need not be valid, so that what else is wrong with a file does not keep this back.
 */
export function unknownReferences(file: Layer, layers: readonly Layer[], rows: Rows): readonly UnknownReference[] {
  const configured = configuredIds(layers);
  const profiles = [...new Set(layers.flatMap(({ tree }) => Object.keys(section(tree, "profiles"))))];
  return [
    ...Object.entries(section(file.tree, "providers")).flatMap(([id, settings]) => {
      const kind = extended(settings);
      if (kind === undefined || own(rows, kind) !== undefined) return [];
      return [{ path: ["providers", id, "extends"], text: unknownKind(id, kind, rows) }];
    }),
    ...Object.entries(section(file.tree, "profiles")).flatMap(([name, settings]) => {
      const base = extended(settings);
      const unknown =
        base === undefined || profiles.includes(base)
          ? []
          : [{ path: ["profiles", name, "extends"], text: `profile "${base}" is not defined.${didYouMean(base, profiles)}` }];
      return [
        ...unknown,
        ...unknownTargets(settings, rows, configured).map(({ path, text }) => ({ path: ["profiles", name, ...path], text })),
      ];
    }),
  ];
}

function unknownTargets(profile: unknown, rows: Rows, configured: readonly string[]): readonly UnknownReference[] {
  if (!isTree(profile)) return [];
  return targetKeys.flatMap((key) => {
    const targets: readonly unknown[] = Array.isArray(profile[key]) ? profile[key] : [];
    return targets.flatMap((written, index) => {
      const target = isTree(written) ? written.target : undefined;
      if (typeof target !== "string" || !targetPattern.test(target)) return [];
      const { provider, model } = targetParts(target);
      if (providerId(provider, rows, configured) !== undefined) return [];
      return [{ path: [key, index], text: unknownProvider({ rows, configured }, provider, model) }];
    });
  });
}

const extended = (settings: unknown): string | undefined =>
  isTree(settings) && typeof settings.extends === "string" ? settings.extends : undefined;

function section(tree: Tree, name: string): Tree {
  const value = tree[name];
  return isTree(value) ? value : {};
}
