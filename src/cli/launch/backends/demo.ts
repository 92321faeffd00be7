import type { Profile, Provider } from "../../../route/target.ts";
import { mapTargets } from "../map-targets.ts";

/** The demo provider's address and key are made at launch. */
export function atAddress(profile: Profile, url: string, key: string): Profile {
  const moved = (one: Provider): Provider =>
    one.row.kind === "demo" ? { ...one, speaks: { chat: { baseUrl: `${url}/v1` } }, keys: [key] } : one;
  const providers = Object.fromEntries(Object.entries(profile.providers).map(([id, one]) => [id, moved(one)]));
  return { ...mapTargets(profile, (target) => ({ ...target, provider: providers[target.provider.id] ?? target.provider })), providers };
}
