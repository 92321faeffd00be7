import type { Profile } from "../../route/target.ts";
import type { Refusal } from "../refusal.ts";
import { fitAbilities } from "./settle/abilities.ts";
import { noteKnownServers } from "./settle/known-servers.ts";
import { checkModels } from "./settle/models-there.ts";
import { checkServers } from "./settle/servers-up.ts";
import { wholeNames } from "./settle/whole-names.ts";
import type { Windows } from "./windows.ts";

/** What one look at a profile came to. */
interface Settled {
  /** Where it is another one now. */
  readonly profile?: Profile;
  /** What a launch ends with. */
  readonly refusal?: Refusal;
  readonly notices?: readonly string[];
}

/** In this order: what a server that is down has, or what a name means, nobody can look for before that is known. */
const looks: readonly ((profile: Profile, windows: Windows, needed: number) => Settled | Promise<Settled>)[] = [
  checkServers,
  wholeNames,
  checkModels,
  noteKnownServers,
  fitAbilities,
];

interface Settling {
  /** Tokens that the client needs; zero where it starts no session. */
  readonly needed: number;
  /** What would stop a launch does not. */
  readonly dry: boolean;
}

/** A profile by what its servers said: which of them are up, what its models are called there, whether they are there, and what they can do. */
export async function settleProfile(
  given: Profile,
  windows: Windows,
  { needed, dry }: Settling,
): Promise<{ readonly profile: Profile; readonly notices: readonly string[]; readonly refusal?: Refusal }> {
  const notices: string[] = [];
  let profile = given;
  for (const look of looks) {
    const settled = await look(profile, windows, needed);
    if (settled.refusal !== undefined && !dry) return { profile, notices, refusal: settled.refusal };
    notices.push(...(settled.notices ?? []));
    profile = settled.profile ?? profile;
  }
  return { profile, notices };
}
