import { defined } from "../../model/defined.ts";
import { didYouMean } from "../../route/nearest.ts";
import type { Configuration } from "../configuration.ts";
import { type ConfigurationError, configurationError } from "../errors.ts";
import { own, pathName } from "../files/tree.ts";
import type { ProfileSettings, Settings, TargetSettings } from "../schema/schema.ts";
import { targetKeys } from "../targets.ts";
import { type DrawnBoundary, outerBoundaries } from "./boundaries.ts";

/** A profile, merged with the profiles that it extends. */
export interface FlatProfile {
  readonly name: string;
  readonly source: string;
  readonly settings: ProfileSettings & { readonly model: readonly TargetSettings[] };
  /** Each of its targets once, and where it was written. */
  readonly targets: readonly { readonly settings: TargetSettings; readonly source: string }[];
  /** All of them hold. */
  readonly boundaries: readonly DrawnBoundary[];
}

/**
 * Merges a profile, key by key, over those that it extends. Boundaries are not overridden but add up: those of every layer, of the profile in
 * every layer, and of what it extends. So no higher layer can widen what a lower one has drawn.
 */
export function flattenProfile(
  configuration: Configuration,
  name: string,
  chosenBy?: string,
): FlatProfile | { readonly error: ConfigurationError } {
  const { settings, layers } = configuration.merged;
  const chain: string[] = [];
  let flat: ProfileSettings = {};
  const places = new Map<string, string>();
  for (let next: string | undefined = name; next !== undefined; ) {
    const here: ProfileSettings | undefined = own(settings.profiles, next);
    if (here === undefined) {
      const child = chain.at(-1);
      const by = child === undefined ? chosenBy : sourceOf(configuration, ["profiles", child, "extends"]);
      return { error: unknownProfile(configuration, next, by) };
    }
    if (chain.includes(next))
      return {
        error: configurationError(
          `profile "${next}" extends itself: ${[...chain, next].join(", ")} (${sourceOf(configuration, ["profiles", next, "extends"])}).`,
        ),
      };
    chain.push(next);
    for (const key of targetKeys)
      if (!places.has(key) && here[key] !== undefined) places.set(key, sourceOf(configuration, ["profiles", next, key]));
    flat = { ...here, ...defined(flat) };
    next = here.extends;
  }
  const source = sourceOf(configuration, ["profiles", name]);
  if (flat.model === undefined)
    return { error: configurationError(`profile "${name}" has no model (${source}). Write \`model: provider/model\` in it.`) };

  const drawn = layers.flatMap((layer) =>
    chain.flatMap((profile) => {
      const boundary = own(layer.settings.profiles, profile)?.boundary;
      const path = ["profiles", profile, "boundary"];
      return boundary === undefined ? [] : [{ boundary, written: `${pathName(path)} (${layer.where(path)})` }];
    }),
  );
  const boundaries = unique([...outerBoundaries(configuration), ...drawn]);
  const targets = targetKeys.flatMap((key) => (flat[key] ?? []).map((target) => ({ settings: target, source: places.get(key) ?? source })));
  return { name, source, settings: { ...flat, model: flat.model }, targets, boundaries };
}

/** What the profile, or one that it extends, says about a target. It holds however the target is chosen, by `--model` too. */
export function writtenTarget(profiles: Settings["profiles"], name: string, target: string): TargetSettings | undefined {
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !seen.has(next); next = own(profiles, next)?.extends) {
    seen.add(next);
    const profile = own(profiles, next);
    const written = targetKeys.flatMap((key) => profile?.[key] ?? []).find((one) => one.target === target);
    if (written !== undefined) return written;
  }
  return undefined;
}

function unknownProfile(configuration: Configuration, name: string, source: string | undefined): ConfigurationError {
  const place = source === undefined || source === "--profile" ? "" : ` (${source})`;
  const names = definedProfiles(configuration).map((profile) => profile.name);
  return configurationError(`profile "${name}" is not defined${place}.${didYouMean(name, names)}`, definedLine(configuration));
}

/** The profiles that there are, as the last line of an error. */
export function definedLine(configuration: Configuration): string {
  const all = definedProfiles(configuration).map(({ name, source }) => `${name} (${source})`);
  return `defined: ${all.join(", ")}`;
}

/** All profiles with where they were written, in that order. */
export function definedProfiles(configuration: Configuration): readonly { readonly name: string; readonly source: string }[] {
  return Object.keys(configuration.merged.settings.profiles ?? {}).map((name) => ({
    name,
    source: sourceOf(configuration, ["profiles", name]),
  }));
}

/** The names of the profiles that a person gave a model, in a file or by a variable. */
export function writtenProfiles({ merged }: Configuration): readonly string[] {
  return Object.keys(merged.settings.profiles ?? {}).filter((name) => merged.leaves.get(`profiles.${name}.model`)?.layer !== "built-in");
}

/** Where the highest layer wrote the key. A profile is defined where its name is, not where one of its values is. */
function sourceOf(configuration: Configuration, path: readonly string[]): string {
  const [section = "", name = "", key] = path;
  const wrote = configuration.merged.layers.filter((layer) => {
    const entry = own((layer.settings as Record<string, Record<string, object>>)[section], name);
    return entry !== undefined && (key === undefined || Object.hasOwn(entry, key));
  });
  const layer = (key === undefined ? wrote.filter(({ name: layerName }) => layerName !== "options") : wrote).at(-1) ?? wrote.at(-1);
  return layer?.where(path) ?? "built in";
}

const unique = (boundaries: readonly DrawnBoundary[]) => [
  ...new Map(boundaries.map((drawn) => [JSON.stringify(drawn.boundary), drawn])).values(),
];
