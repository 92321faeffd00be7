import type { Sidecars } from "../../launch/sidecars.ts";
import type { Environment } from "../../model/environment.ts";
import type { Forward, LateReach } from "../../reach/reach.ts";
import { allTargets } from "../../route/plan.ts";
import type { Profile } from "../../route/target.ts";
import type { Refusal } from "../refusal.ts";
import { openAccess } from "./backends/access.ts";
import { atAddress } from "./backends/demo.ts";
import { type Closing, closeAll } from "./closing.ts";

/** All that a profile's targets are reached by. What has to run for them is started: the stand-in, port forwards, servers on model files. */
export interface Backends {
  /** The profile, with the addresses that it has in this launch. */
  readonly profile: Profile;
  readonly reach: LateReach;
  readonly sidecars: Sidecars;
  /** Starts the command that leads to a provider. */
  readonly forward: Forward;
  /** Why a target that has no alternative cannot be reached. */
  readonly refusal?: Refusal;
  /** The commands that a launch would run, in a dry run. */
  readonly planned: readonly (readonly string[])[];
  close(): Promise<void>;
}

interface BackendsOptions {
  readonly env: Environment;
  readonly cache: string;
  /** Tokens that the client needs. */
  readonly needed: number;
  /** A dry run: nothing is started. */
  readonly dry?: boolean;
  readonly say: (line: string) => void;
}

export async function openBackends(given: Profile, { env, cache, needed, dry = false, say }: BackendsOptions): Promise<Backends> {
  const providers = allTargets(given).map(({ provider }) => provider);
  const { reach, sidecars, forwards, close } = openAccess(providers, { env, cache, boundary: given.boundary, say });
  const closing: Closing = [close];
  const backends = { reach, sidecars, forward: forwards.to, planned: [], close: () => closeAll(closing) };
  let profile = given;
  if (providers.some(({ row }) => row.kind === "demo") && !dry) {
    const { startDemo } = await import("../../demo/server.ts");
    const demo = await startDemo();
    closing.push(() => demo.close());
    profile = atAddress(profile, demo.url, demo.key);
  }
  if (providers.some(({ row }) => row.servesFiles === true)) {
    const { plannedServers, serveFiles } = await import("./backends/serve-files.ts");
    if (dry) {
      const planned = plannedServers(profile, needed);
      return "refusal" in planned
        ? { ...backends, profile, ...planned }
        : { ...backends, profile, planned: planned.map(({ command }) => command("<port>")) };
    }
    const served = await serveFiles(profile, { sidecars, reach, needed, say });
    if ("refusal" in served) return { ...backends, profile, ...served };
    profile = served.profile;
  }
  if (!dry) await forwards.open();
  return { ...backends, profile };
}
