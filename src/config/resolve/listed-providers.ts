import type { Boundary } from "../../route/target.ts";
import type { Configuration } from "../configuration.ts";
import { targetParts } from "../targets.ts";
import { boundaryOf, outerBoundary } from "./boundaries.ts";
import { configuredIds, providerId } from "./known-providers.ts";
import { flattenProfile, writtenProfiles } from "./profiles.ts";
import { configuredProviders } from "./resolve-provider.ts";
import { unknownProvider } from "./unknown-provider.ts";

interface ListedProviders {
  readonly ids: readonly string[];
  /** What is wrong with the names that profiles have for others, a line each. */
  readonly unknown: readonly string[];
  readonly boundary?: Boundary;
}

/**
 * The providers whose models can be listed here: those of every profile and those that a file configures. Where the profile in use has a
 * boundary of its own, only its providers, inside that boundary: listing must not reach further than a launch.
 */
export function listedProviders(configuration: Configuration): ListedProviders {
  const { merged, choice, rows } = configuration;
  const configured = configuredProviders(configuration);
  const flat = choice === undefined ? undefined : flattenProfile(configuration, choice.name);
  const chosen = flat === undefined || "error" in flat ? undefined : flat;
  const bounded = chosen !== undefined && chosen.boundaries.length > merged.boundaries.length;
  const written = writtenProfiles(configuration);
  const names = bounded
    ? [chosen.name]
    : Object.keys(merged.settings.profiles ?? {}).filter((name) => name === choice?.name || written.includes(name));
  const targets = names.flatMap((name) => {
    const one = flattenProfile(configuration, name);
    return "error" in one ? [] : one.targets.map(({ settings, source }) => ({ ...targetParts(settings.target), source }));
  });
  const named = targets.map((target) => ({ ...target, id: providerId(target.provider, rows, configured) }));
  const used = named.flatMap(({ id }) => id ?? []);
  const unknown = named
    .filter(({ id }) => id === undefined)
    .map(({ provider, model, source }) => unknownProvider({ rows, configured }, provider, model, source));
  const inFiles = merged.layers.filter(({ name }) => name !== "environment");
  const ids = [...new Set([...used, ...(bounded ? [] : configuredIds(inFiles))])];
  const { boundary } = bounded ? boundaryOf(chosen.boundaries) : outerBoundary(configuration);
  return { ids, unknown: [...new Set(unknown)], ...(boundary === undefined ? {} : { boundary }) };
}
