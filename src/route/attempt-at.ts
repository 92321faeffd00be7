import { quirksByWire } from "./lessons.ts";
import { type Attempt, isCool, isKeyCool, keyFailures, keyNames, type Memory, type Tried } from "./memory.ts";
import { type Target, type Targets, targetName } from "./target.ts";

/** An attempt with the first of the target's keys that may be used now; undefined where it, or every key, is cooling down or was refused. */
export function attemptAt(target: Target, memory: Memory, now: number, tried: readonly Tried[]): Attempt | undefined {
  if (isCool(memory, targetName(target), now)) return undefined;
  const { keys } = target.provider;
  if (keys.length === 0) return attemptOf(target, memory, undefined);
  const refused = ({ attempt, failure }: Tried, index: number): boolean => {
    if (attempt.target.provider !== target.provider || attempt.key !== index) return false;
    return failure.kind === "unauthorized" || (keyFailures.has(failure.kind) && attempt.target.model === target.model);
  };
  const key = keys.findIndex((_, index) => !isKeyCool(memory, target, index, now) && !tried.some((one) => refused(one, index)));
  return key < 0 ? undefined : attemptOf(target, memory, key);
}

/** An attempt with what the target has taught so far. */
export function attemptOf(target: Target, memory: Memory, key: number | undefined): Attempt {
  return { target, ...quirksByWire(target.quirks, memory.refused, targetName(target)), ...(key === undefined ? {} : { key }) };
}

/** An attempt at the target that is ready soonest, with the key that is. */
export function soonestAttempt(targets: Targets, memory: Memory): Attempt {
  const soonest = targets.reduce((best, target) => (readyAt(target, memory) < readyAt(best, memory) ? target : best));
  return attemptOf(soonest, memory, soonestKey(soonest, memory));
}

function readyAt(target: Target, memory: Memory): number {
  const own = memory.cooling[targetName(target)] ?? 0;
  const key = soonestKey(target, memory);
  return Math.max(own, key === undefined ? 0 : keyReadyAt(target, key, memory));
}

function soonestKey(target: Target, memory: Memory): number | undefined {
  const { keys } = target.provider;
  if (keys.length === 0) return undefined;
  const ready = (index: number) => keyReadyAt(target, index, memory);
  return keys.reduce((best, _, index) => (ready(index) < ready(best) ? index : best), 0);
}

function keyReadyAt(target: Target, key: number, { cooling }: Memory): number {
  const { whole, ofModel } = keyNames(target, key);
  return Math.max(cooling[whole] ?? 0, cooling[ofModel] ?? 0);
}
