import type { Sidecars } from "../../launch/sidecars.ts";
import type { Environment } from "../../model/environment.ts";
import type { Forward, LateReach } from "../../reach/reach.ts";
import { allTargets } from "../../route/plan.ts";
import type { Profile } from "../../route/target.ts";
import type { Refusal } from "../refusal.ts";
import { type Closing, closeAll } from "./closing.ts";
import { atAddress } from "./demo.ts";
import { openWay } from "./way.ts";

/** The ways to the targets of a profile, with all that has to run for them: the stand-in, commands that lead to a provider, servers on model files. */
export interface Ways {
  /** At the addresses that were made for this launch. */
  readonly profile: Profile;
  readonly reach: LateReach;
  readonly sidecars: Sidecars;
  readonly forward: Forward;
  /** Why there is no way to one of them that nothing else can stand in for. */
  readonly refusal?: Refusal;
  /** What would be started, in a rehearsal. */
  readonly planned: readonly (readonly string[])[];
  close(): Promise<void>;
}

export interface WaysOptions {
  readonly env: Environment;
  readonly cache: string;
  /** Tokens that the client needs. */
  readonly needed: number;
  /** Starts nothing. */
  readonly dry?: boolean;
  readonly say: (line: string) => void;
}

export async function openWays(given: Profile, { env, cache, needed, dry = false, say }: WaysOptions): Promise<Ways> {
  const providers = allTargets(given).map(({ provider }) => provider);
  const { reach, sidecars, forwards, close } = openWay(providers, { env, cache, boundary: given.boundary, say });
  const closing: Closing = [close];
  const ways = { reach, sidecars, forward: forwards.to, planned: [], close: () => closeAll(closing) };
  let profile = given;
  if (providers.some(({ row }) => row.kind === "demo") && !dry) {
    const { startDemo } = await import("../../demo/server.ts");
    const demo = await startDemo();
    closing.push(() => demo.close());
    profile = atAddress(profile, demo.url, demo.key);
  }
  if (providers.some(({ row }) => row.servesFiles === true)) {
    const { plannedServers, serveFiles } = await import("./serve-files.ts");
    if (dry) {
      const planned = plannedServers(profile, needed);
      return "lines" in planned
        ? { ...ways, profile, refusal: planned }
        : { ...ways, profile, planned: planned.map(({ command }) => command("<port>")) };
    }
    const served = await serveFiles(profile, { sidecars, reach, needed, say });
    if ("refusal" in served) return { ...ways, profile, refusal: served.refusal };
    profile = served.profile;
  }
  if (!dry) await forwards.open();
  return { ...ways, profile };
}
