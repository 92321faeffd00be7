import { type Configuration, listedProviders, resolveProfile, resolveProvider } from "../../config/index.ts";
import { known } from "../../route/plan.ts";
import type { Boundary, Profile, Provider } from "../../route/target.ts";
import { findProfile } from "../nothing-configured.ts";
import type { Refusal } from "../refusal.ts";

/** Who is asked for a list of models. */
export interface Asked {
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
  const { ids, boundary } = listedProviders(configuration);
  if (ids.length === 0) {
    const found = await findProfile(configuration, process.env);
    return found.refusal ? { refusal: found.refusal } : ofProfile(found.resolved.profile);
  }
  const resolved = await Promise.all(ids.map((id) => resolveProvider(configuration, id)));
  const providers = resolved.flatMap((each) => (each.error ? [] : [each.provider]));
  const notices = resolved.flatMap((each) => (each.error ? [each.error.lines.join(" ")] : []));
  if (providers.length === 0) return { refusal: { exitCode: 2, lines: resolved.flatMap(({ error }) => error?.lines ?? []) } };
  return { providers, notices, ...(boundary === undefined ? {} : { boundary }) };
}

function ofProfile(profile: Profile): Asked {
  const providers = [...new Map(known(profile).map(({ provider }) => [provider.id, provider])).values()];
  return { providers, notices: [], ...(profile.boundary === undefined ? {} : { boundary: profile.boundary }) };
}
