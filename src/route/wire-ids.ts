import { type Tier, tiers } from "../model/tiers.ts";
import { nameOf, type Profile, type Targets } from "./target.ts";

export type Role = "main" | Tier | "subagent";

/**
 * The names by which the client asks for each role of this launch: "opus:qwen3-coder". Readable, since the client shows them; unique,
 * since two tiers may name one model and differ in their alternatives and settings; without a slash, so that none is a `provider/model`.
 */
export function wireIds(profile: Profile): Readonly<Record<"main" | Tier, string> & { subagent?: string }> {
  const id = (role: Role, targets: Targets) => `${role}:${shortName(nameOf(targets[0]))}`;
  const ids = { main: id("main", profile.main) } as Record<"main" | Tier, string>;
  for (const tier of tiers) ids[tier] = id(tier, profile.tiers[tier]);
  return profile.subagent === undefined ? ids : { ...ids, subagent: id("subagent", profile.subagent) };
}

/** `deepseek/deepseek-v4` -> `deepseek-v4`; `accounts/x/models/kimi` -> `kimi`. */
function shortName(model: string): string {
  const last = model.split("/").findLast((piece) => piece !== "") ?? model;
  return last.replace(/[^\w.:@+-]+/g, "-");
}
