import { tiers } from "../model/tiers.ts";
import { known } from "../route/plan.ts";
import type { Profile, Provider, Target, Targets } from "../route/target.ts";

export function usesDemo(profile: Profile): boolean {
  return known(profile).some(({ provider }) => provider.row.kind === "demo");
}

/** A target that is a file: the launch starts a server on it. */
export function usesFiles(profile: Profile): boolean {
  return known(profile).some(({ provider }) => provider.row.servesFiles === true);
}

/** The demo provider's address and key are made at launch. */
export function atAddress(profile: Profile, url: string, key: string): Profile {
  const moved = new Map<Provider, Provider>();
  const provider = (one: Provider): Provider => {
    if (one.row.kind !== "demo") return one;
    const there = moved.get(one) ?? { ...one, speaks: { chat: { baseUrl: `${url}/v1` } }, keys: [key] };
    moved.set(one, there);
    return there;
  };
  return {
    ...mapTargets(profile, (target) => {
      const there = provider(target.provider);
      return there === target.provider ? target : { ...target, provider: there };
    }),
    providers: Object.fromEntries(Object.entries(profile.providers).map(([id, one]) => [id, provider(one)])),
  };
}

/** The same targets stay the same object, so that who compares them still finds them. */
export function mapTargets(profile: Profile, change: (target: Target) => Target): Profile {
  const changed = new Map<Target, Target>();
  const one = (target: Target): Target => {
    const made = changed.get(target) ?? change(target);
    changed.set(target, made);
    return made;
  };
  const all = (targets: Targets): Targets => targets.map(one) as unknown as Targets;
  return {
    ...profile,
    main: all(profile.main),
    tiers: Object.fromEntries(tiers.map((tier) => [tier, all(profile.tiers[tier])])) as unknown as Profile["tiers"],
    ...(profile.subagent === undefined ? {} : { subagent: all(profile.subagent) }),
  };
}
