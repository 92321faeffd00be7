import { type Failure, withoutAdvice } from "../../../model/failure.ts";
import { allTargets } from "../../../route/plan.ts";
import { type Profile, type Target, targetName } from "../../../route/target.ts";
import type { Refusal } from "../../refusal.ts";
import { downAt } from "../servers.ts";
import type { Windows } from "../windows.ts";

/** A launch needs one main target that is up; that another is down is said in one line. */
export function checkServers(profile: Profile, windows: Windows): { refusal?: Refusal; notices: readonly string[] } {
  // A name that turned out to be the name of an address outside.
  const outside = allTargets(profile).find((target) => windows.failureOf(target)?.kind === "refused-by-policy");
  const why = outside === undefined ? undefined : windows.failureOf(outside)?.message;
  if (outside !== undefined && why !== undefined)
    return { refusal: { exitCode: 2, lines: [`${targetName(outside)}: ${why}`] }, notices: [] };
  const down = (target: Target) => downAt(target, windows);
  const all = profile.main.flatMap((target) => down(target) ?? []);
  if (all.length === profile.main.length) return { refusal: { exitCode: 1, lines: [...new Set(all.flatMap(linesOf))] }, notices: [] };
  const notices = allTargets(profile).flatMap((target) => {
    const failure = down(target);
    return failure === undefined ? [] : [`${targetName(target)} is left out for now: ${failure.message.replace(/\n\s*/g, " ")}`];
  });
  return { notices: [...new Set(notices)] };
}

/** What happened on the first line, what to do on the next. */
function linesOf(failure: Failure): readonly string[] {
  const [what, advice] = withoutAdvice(failure);
  return [...what.split("\n"), ...(advice === undefined ? [] : [advice])];
}
