import { type Configuration, listedProviders, resolveProfile, resolveProvider } from "../../config/index.ts";
import { allTargets } from "../../route/plan.ts";
import type { Boundary, Profile, Provider } from "../../route/target.ts";
import { findProfile } from "../nothing-configured.ts";
import { type Refusal, refused } from "../refusal.ts";

/** Who is asked for a list of models. */
interface Asked {
  readonly providers: readonly Provider[];
  /** Why some cannot be asked, a line each. */
  readonly notices: readonly string[];
  readonly boundary?: Boundary;
}

/** The configured providers; `one`: those of the profile that is chosen. */
export async function providersFor(configuration: Configuration, one: boolean): Promise<Asked | { readonly refusal: Refusal }> {
  if (one) {
    const resolved = await resolveProfile(configuration);
    if (resolved.error) return { refusal: resolved.error };
    if (!resolved.nothing) return ofProfile(resolved.profile);
  }
  const { ids, unknown, boundary } = listedProviders(configuration);
  if (ids.length === 0) {
    if (unknown.length > 0) return refused(2, ...unknown);
    const found = await findProfile(configuration, process.env);
    return "refusal" in found ? found : ofProfile(found.profile);
  }
  const resolved = await Promise.all(ids.map((id) => resolveProvider(configuration, id)));
  const providers = resolved.flatMap((each) => (each.error ? [] : [each.provider]));
  const notices = [...unknown, ...resolved.flatMap((each) => (each.error ? [each.error.lines.join(" ")] : []))];
  if (providers.length === 0) return refused(2, ...resolved.flatMap(({ error }) => error?.lines ?? []));
  return askable(providers, notices, boundary);
}

function ofProfile(profile: Profile): Asked {
  const providers = [...new Map(allTargets(profile).map(({ provider }) => [provider.id, provider])).values()];
  return askable(providers, [], profile.boundary);
}

/** Without those that have no server until a launch starts one. */
function askable(all: readonly Provider[], notices: readonly string[], boundary: Boundary | undefined): Asked {
  const files = all.filter(({ row }) => row.servesFiles === true);
  return {
    providers: all.filter((provider) => !files.includes(provider)),
    notices: [...notices, ...files.map(({ id }) => `${id} has no list: each of its models is a file, on which a launch starts a server`)],
    ...(boundary === undefined ? {} : { boundary }),
  };
}
