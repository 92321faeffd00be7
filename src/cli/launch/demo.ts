import type { Profile, Provider } from "../../route/target.ts";
import { mapTargets } from "./map-targets.ts";

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
    ...mapTargets(profile, (target) => ({ ...target, provider: provider(target.provider) })),
    providers: Object.fromEntries(Object.entries(profile.providers).map(([id, one]) => [id, provider(one)])),
  };
}
