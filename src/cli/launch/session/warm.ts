import packageFile from "../../../../package.json" with { type: "json" };
import { warmReach } from "../../../discover/index.ts";
import type { Sink } from "../../../model/fact.ts";
import type { Reach } from "../../../reach/reach.ts";
import { type Profile, targetName } from "../../../route/target.ts";
import { openingsFor } from "./openings.ts";

export interface Warming {
  /** What all requests are sent with from now on. */
  readonly reach: Reach;
  /** Has the server process what the client will send, while the user is still typing. */
  begin(): void;
  close(): Promise<void>;
}

interface WarmingOptions {
  readonly reach: Reach;
  readonly profile: Profile;
  readonly cache: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The trace. The figures that the user sees do not count this. */
  readonly sink: Sink;
}

/** Makes the first turn fast: what the client sent from this folder the last time, before the user's first word, is processed ahead of time. */
export function openWarming({ reach, profile, cache, program, args, sink }: WarmingOptions): Warming {
  const [target] = profile.main;
  const { version } = packageFile;
  const openings = openingsFor(cache, { version, program, args, folder: process.cwd(), target: targetName(target) });
  const isMain = (model: string, provider: string) => model === target.model && provider === target.provider.id;
  const warmed = warmReach(reach, { main: isMain, seen: (opening) => openings.keep(opening), sink });
  return {
    reach: warmed,
    begin() {
      const opening = openings.last();
      if (opening !== undefined) warmed.warm(target, opening);
    },
    async close() {
      warmed.abandon();
      await openings.close();
    },
  };
}
