import { addressFrom } from "../../../route/address-source.ts";
import { didYouMean } from "../../../route/nearest.ts";
import { allTargets } from "../../../route/plan.ts";
import type { Profile, Target } from "../../../route/target.ts";
import { type Refusal, refused } from "../../refusal.ts";
import { addressOf } from "../lines.ts";
import { downAt, isMissing } from "../servers.ts";
import type { Windows } from "../windows.ts";

/**
 * A server that answered and does not have the model would refuse every turn: where there is no main target beside it, or none that is up, the
 * launch ends here.
 */
export function checkModels(profile: Profile, windows: Windows): { readonly refusal?: Refusal; readonly notices: readonly string[] } {
  const up = profile.main.filter((target) => downAt(target, windows) === undefined);
  if (up.length > 0 && up.every((target) => isMissing(target, windows)))
    return { ...refused(1, ...up.flatMap((target) => missingLines(target, windows))), notices: [] };
  return { notices: allTargets(profile).flatMap((target) => (isMissing(target, windows) ? missingLines(target, windows).join(" ") : [])) };
}

function missingLines(target: Target, windows: Windows): readonly string[] {
  const { row, id } = target.provider;
  const there = windows.of(target).discovery?.models.map(({ id: name }) => name) ?? [];
  const fetch = row.fetch === undefined ? "Choose one of" : `Fetch it with \`${row.fetch} ${target.model}\`, or choose one of`;
  return [
    `there is no model "${target.model}" at ${addressOf(target)} (provider ${id}, ${addressFrom(target.provider)}).${didYouMean(target.model, there)}`,
    `${fetch}: ${there.length === 0 ? "(there is none yet)" : there.slice(0, 8).join(", ")}${there.length > 8 ? ", ..." : ""}`,
  ];
}
