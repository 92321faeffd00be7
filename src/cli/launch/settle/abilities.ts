import { allTargets } from "../../../route/plan.ts";
import { type Profile, targetName } from "../../../route/target.ts";
import { mapTargets } from "../map-targets.ts";
import type { Windows } from "../windows.ts";

/**
 * What the servers say that their models cannot do. An image makes llama.cpp answer 500 for the rest of the session, and vanishes in Ollama:
 * a sentence goes in its place. Tools that a chat template cannot say are dropped without a word, or refused with every turn, which is said here once.
 *
 * @param needed tokens; zero where the client starts no session, so that nobody misses a tool
 */
export function fitAbilities(
  profile: Profile,
  windows: Windows,
  needed: number,
): { readonly profile: Profile; readonly notices: readonly string[] } {
  const notices = allTargets(profile)
    .filter((target) => needed > 0 && windows.of(target).model?.tools === false)
    .map((target) => `${targetName(target)} cannot call tools${target.provider.row.withoutTools ?? ", by its server's own word."}`);
  return {
    notices,
    profile: mapTargets(profile, (target) =>
      windows.of(target).model?.images === false && target.quirks.images === undefined
        ? { ...target, quirks: { ...target.quirks, images: false } }
        : target,
    ),
  };
}
