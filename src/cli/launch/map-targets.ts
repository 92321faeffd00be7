import { perTier } from "../../model/tiers.ts";
import type { Profile, Target, Targets } from "../../route/target.ts";

/** A profile with each of its targets changed. The same targets stay the same object, so that who compares them still finds them. */
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
    tiers: perTier((tier) => all(profile.tiers[tier])),
    ...(profile.subagent === undefined ? {} : { subagent: all(profile.subagent) }),
  };
}
