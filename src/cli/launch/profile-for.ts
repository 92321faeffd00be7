import { type Configuration, type Resolved, resolveProfile } from "../../config/index.ts";
import type { Profile } from "../../route/target.ts";
import type { Output } from "../output.ts";
import type { Refusal } from "../refusal.ts";
import { checkBoundary } from "./boundary.ts";

export type ResolvedProfile = Extract<Resolved, { profile: Profile }>;

/** What a launch runs on: the profile that is chosen, else what was found on this machine. */
export async function profileFor(
  loaded: Configuration,
  output: Output,
): Promise<ResolvedProfile | { refusal: Refusal; unconfigured?: true }> {
  const resolved = await resolveProfile(loaded);
  if (resolved.error) {
    const outside = resolved.incomplete && (await checkBoundary(resolved.incomplete, process.env));
    return { refusal: outside ?? resolved.error };
  }
  if (resolved.nothing) {
    const { findProfile } = await import("../nothing-configured.ts");
    const found = await findProfile(loaded, process.env);
    if (found.refusal) return { ...found, unconfigured: true };
    output.say(found.line);
    return found.resolved;
  }
  for (const notice of resolved.notices) output.say(notice);
  return resolved;
}
