import packageFile from "../../../package.json" with { type: "json" };
import { warmReach } from "../../discover/index.ts";
import type { Sink } from "../../model/fact.ts";
import type { Reach } from "../../reach/reach.ts";
import { type Profile, targetName } from "../../route/target.ts";
import { openingsFor } from "./openings.ts";

export interface Warming {
  /** The way on which requests go from now on. */
  readonly reach: Reach;
  /** Makes the server read what the client will send before the user has typed. */
  begin(): void;
  close(): Promise<void>;
}

export interface WarmingOptions {
  readonly reach: Reach;
  readonly profile: Profile;
  readonly cache: string;
  readonly program: string;
  readonly args: readonly string[];
  /** What is written down of a session: the user's own figures are without it. */
  readonly sink: Sink;
}

/** First-turn speed: what the client sent from here the last time before the first word of the user's is read while that user reads and types. */
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
