import { type Failure, withoutAdvice } from "../../../model/failure.ts";
import { allTargets } from "../../../route/plan.ts";
import { type Profile, targetName } from "../../../route/target.ts";
import { type Refusal, refused } from "../../refusal.ts";
import { downAt } from "../servers.ts";
import type { Windows } from "../windows.ts";

/** A launch needs one main target that is up; that another is down is said in one line. */
export function checkServers(profile: Profile, windows: Windows): { readonly refusal?: Refusal; readonly notices?: readonly string[] } {
  const failures = allTargets(profile).flatMap((target) => {
    const failure = windows.of(target).discovery?.failure;
    return failure === undefined ? [] : [{ name: targetName(target), ...failure }];
  });
  // A name that turned out to be the name of an address outside.
  const outside = failures.find(({ kind }) => kind === "refused-by-policy");
  if (outside !== undefined) return refused(2, `${outside.name}: ${outside.message}`);
  const down = profile.main.flatMap((target) => downAt(target, windows) ?? []);
  if (down.length === profile.main.length) return refused(1, ...new Set(down.flatMap(linesOf)));
  const notices = failures
    .filter(({ kind }) => kind === "unreachable")
    .map(({ name, message }) => `${name} is left out for now: ${message.replace(/\n\s*/g, " ")}`);
  return { notices: [...new Set(notices)] };
}

/** What happened on the first line, what to do on the next. */
function linesOf(failure: Failure): readonly string[] {
  const [what, advice] = withoutAdvice(failure);
  return [...what.split("\n"), ...(advice === undefined ? [] : [advice])];
}
