import { type Failure, withoutAdvice } from "../../model/failure.ts";
import { known } from "../../route/plan.ts";
import { type Profile, type Target, type Targets, targetName } from "../../route/target.ts";
import type { Refusal } from "../refusal.ts";
import type { Windows } from "./windows.ts";

/** The target on which a session begins: the first that is not known to be down. */
export function beginsOn(targets: Targets, windows: Windows): Target {
  return targets.find((target) => downAt(target, windows) === undefined) ?? targets[0];
}

function downAt(target: Target, windows: Windows): Failure | undefined {
  const failure = windows.failureOf(target);
  return failure?.kind === "unreachable" ? failure : undefined;
}

/** A launch needs one main target that is up; that another is down is said in one line. */
export function checkServers(profile: Profile, windows: Windows): { refusal?: Refusal; notices: readonly string[] } {
  // A name that turned out to be the name of an address outside.
  const outside = known(profile).find((target) => windows.failureOf(target)?.kind === "refused-by-policy");
  const why = outside === undefined ? undefined : windows.failureOf(outside)?.message;
  if (outside !== undefined && why !== undefined)
    return { refusal: { exitCode: 2, lines: [`${targetName(outside)}: ${why}`] }, notices: [] };
  const down = (target: Target) => downAt(target, windows);
  const all = profile.main.flatMap((target) => down(target) ?? []);
  if (all.length === profile.main.length) return { refusal: { exitCode: 1, lines: [...new Set(all.flatMap(linesOf))] }, notices: [] };
  const notices = known(profile).flatMap((target) => {
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
