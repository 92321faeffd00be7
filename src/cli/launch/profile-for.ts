import { type Configuration, type Resolved, resolveProfile } from "../../config/index.ts";
import { defined } from "../../model/defined.ts";
import type { Environment } from "../../model/environment.ts";
import type { Profile } from "../../route/target.ts";
import type { Refusal } from "../refusal.ts";
import { checkBoundary } from "./boundary.ts";

export type ResolvedProfile = Extract<Resolved, { profile: Profile }>;

/** Why there is nothing to run on: what is written is wrong or leads outside the boundary, only a key is not there, or nothing is written at all. */
export interface Profileless {
  readonly refusal: Refusal;
  readonly why: "wrong" | "outside" | "keyless" | "unconfigured";
  /** That of the profile that cannot be run on. */
  readonly boundary?: Profile["boundary"];
}

/** What a launch runs on: the profile that is chosen, else what was found on this machine. */
export async function profileFor(loaded: Configuration, env: Environment): Promise<ResolvedProfile | Profileless> {
  const resolved = await resolveProfile(loaded);
  if (resolved.nothing) {
    const { findProfile } = await import("../nothing-configured.ts");
    const found = await findProfile(loaded, env);
    return "refusal" in found ? { ...found, why: "unconfigured" } : found;
  }
  if (resolved.error === undefined) return resolved;
  const { error, incomplete } = resolved;
  const outside = incomplete && (await checkBoundary(incomplete.profile, env));
  const bounds = defined({ boundary: incomplete?.profile.boundary });
  if (outside) return { refusal: outside, why: "outside", ...bounds };
  return { refusal: error, why: incomplete?.lacks === "keys" ? "keyless" : "wrong", ...bounds };
}
