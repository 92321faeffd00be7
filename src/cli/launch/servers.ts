import type { Failure } from "../../model/failure.ts";
import { isCloudModel } from "../../route/forwarded.ts";
import type { Target, Targets } from "../../route/target.ts";
import type { Windows } from "./windows.ts";

/** The target on which a session begins: the first whose server is not known to be down, or to be without the model. */
export function beginsOn(targets: Targets, windows: Windows): Target {
  const up = targets.filter((target) => downAt(target, windows) === undefined);
  return up.find((target) => !isMissing(target, windows)) ?? up[0] ?? targets[0];
}

/** Its server answered, and does not have the model. */
export function isMissing(target: Target, windows: Windows): boolean {
  const { discovery, model } = windows.of(target);
  if (target.provider.row.list !== "exact" || isCloudModel(target)) return false;
  return discovery !== undefined && discovery.failure === undefined && model === undefined;
}

export function downAt(target: Target, windows: Windows): Failure | undefined {
  const failure = windows.of(target).discovery?.failure;
  return failure?.kind === "unreachable" ? failure : undefined;
}
