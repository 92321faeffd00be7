import { tiers } from "../model/tiers.ts";

/** The keys of a profile that hold targets. */
export const targetKeys = ["model", ...tiers, "subagent"] as const;

/** `provider/model`, which may hold spaces and further slashes inside the model. */
export const targetPattern = /^[^/\s]+\/\S(?:.*\S)?$/;

/** A text that matches `targetPattern`: only the first slash parts it. */
export function targetParts(target: string): { readonly provider: string; readonly model: string } {
  const slash = target.indexOf("/");
  return { provider: target.slice(0, slash), model: target.slice(slash + 1) };
}
