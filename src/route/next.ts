import { type Failure, type FailureKind, transient } from "../model/failure.ts";
import { mergeQuirks } from "../providers/quirks-of.ts";
import { type Attempt, isCool, isKeyCool, keyFailures, keyNames, type Memory, type Outcome } from "./memory.ts";
import type { Plan } from "./plan.ts";
import { refusedBy } from "./refused-by.ts";
import { type Target, targetName } from "./target.ts";

/** An attempt that failed. */
export interface Tried extends Outcome {
  readonly failure: Failure;
}

export type Next = { readonly attempt: Attempt; readonly stop?: undefined } | { readonly stop: Failure };

/** How often one request is sent again to one target with a field less. */
const mostForms = 5;
/** Fewer tokens of output than this are of no use to an agent. */
const leastOutput = 1000;

/**
 * Where a request goes first. A target that is left alone is passed over; when all are, the one that is back soonest is tried, alone:
 * a client that retries ten times must not walk a list of dead targets ten times.
 */
export function firstAttempt(plan: Plan, memory: Memory, now: number): Attempt {
  const preferred = plan.targets[0];
  for (const target of plan.targets) {
    const attempt = attemptAt(target, memory, now, []);
    if (attempt !== undefined)
      return target === preferred ? attempt : { ...attempt, why: `${targetName(preferred)} is left alone for now` };
  }
  const soonest = plan.targets.reduce((best, target) => (backAt(target, memory) < backAt(best, memory) ? target : best));
  return withMemory(soonest, memory, soonestKey(soonest, memory));
}

/**
 * What is tried after a failure, once `learn` has taken it in. Only what is different is tried: another key, another target, the same
 * request without what was refused, or once the very same where a model wrote a call that nobody can read; waiting is the client's.
 * Not to be asked once the reply has started.
 */
export function nextAttempt(
  plan: Plan,
  memory: Memory,
  tried: readonly [Tried, ...Tried[]],
  now: number,
  windowOf: (target: Target) => number | undefined = (target) => target.context,
): Next {
  const last = tried.at(-1) as Tried;
  const { failure, attempt } = last;
  const stop = { stop: told(tried) };
  if (failure.origin === "client") return stop;

  if (failure.generation !== undefined && wroteNoCall(tried, attempt.target) < 2) return { attempt: { ...attempt, why: failure.message } };
  const again = otherForm(last, memory, tried);
  if (again !== undefined) return { attempt: again };
  if (!retryElsewhere.has(failure.kind)) return stop;

  if (keyFailures.has(failure.kind)) {
    const same = attemptAt(attempt.target, memory, now, tried);
    if (same !== undefined) return { attempt: { ...same, why: `another key, after: ${failure.message}` } };
  }
  for (const target of plan.targets) {
    if (tried.some((one) => one.attempt.target === target)) continue;
    if (failure.kind === "too-long" && !holds(windowOf, target, last)) continue;
    const other = attemptAt(target, memory, now, tried);
    if (other !== undefined) return { attempt: { ...other, why: failure.message } };
  }
  const less = withLessOutput(tried);
  return less === undefined ? stop : { attempt: less };
}

/** Failures after which another target may do. */
const retryElsewhere = new Set<FailureKind>([...keyFailures, ...transient, "not-found", "too-long", "refused-by-policy"]);

/** Where nobody else answers: what the money that is left pays for, once. */
function withLessOutput(tried: readonly Tried[]): Attempt | undefined {
  if (tried.some(({ attempt }) => attempt.maxOutput !== undefined)) return undefined;
  const paid = ({ failure }: Tried) => (failure.kind === "out-of-quota" ? (failure.limit?.max ?? 0) : 0);
  const poor = tried.find((one) => paid(one) >= leastOutput);
  return poor && { ...poor.attempt, maxOutput: paid(poor), why: poor.failure.message };
}

/** How often this target has given what is no call. */
function wroteNoCall(tried: readonly Tried[], target: Target): number {
  return tried.filter((one) => one.attempt.target === target && one.failure.generation !== undefined).length;
}

/** The same target without what it has just refused. */
function otherForm(last: Tried, memory: Memory, tried: readonly Tried[]): Attempt | undefined {
  const { attempt, failure, native, client, program } = last;
  const { target, key } = attempt;
  if (tried.filter((one) => one.attempt.target === target).length > mostForms) return undefined;
  const less = attempt.maxOutput === undefined ? {} : { maxOutput: attempt.maxOutput };
  const retry = { ...withMemory(target, memory, key), ...less, why: failure.message };
  // The prompt leaves less room than was asked for: known only for this one request. Claude Code asks for less by itself.
  const { used, max } = failure.limit ?? {};
  const clientAsksForLess = native === true && (client === undefined || client === "messages");
  if (failure.refused?.field === "max_tokens" && used !== undefined && max !== undefined && !clientAsksForLess) {
    const room = max - used - 64;
    return room > 0 && (attempt.maxOutput ?? Number.POSITIVE_INFINITY) > room ? { ...retry, maxOutput: room } : undefined;
  }
  if (refusedBy(failure, native === true, attempt, client, program) === undefined) return undefined;
  const form = JSON.stringify(retry.quirks);
  return tried.some((one) => one.attempt.target === target && JSON.stringify(one.attempt.quirks) === form) ? undefined : retry;
}

/** The target with the first of its keys that may be used now; none where it is left alone. */
function attemptAt(target: Target, memory: Memory, now: number, tried: readonly Tried[]): Attempt | undefined {
  if (isCool(memory, targetName(target), now)) return undefined;
  const { keys } = target.provider;
  if (keys.length === 0) return withMemory(target, memory, undefined);
  const refused = ({ attempt, failure }: Tried, index: number): boolean => {
    if (attempt.target.provider !== target.provider || attempt.key !== index) return false;
    return failure.kind === "unauthorized" || (keyFailures.has(failure.kind) && attempt.target.model === target.model);
  };
  const key = keys.findIndex((_, index) => !isKeyCool(memory, target, index, now) && !tried.some((one) => refused(one, index)));
  return key < 0 ? undefined : withMemory(target, memory, key);
}

function withMemory(target: Target, memory: Memory, key: number | undefined): Attempt {
  const refused = memory.refused[targetName(target)];
  const quirks = refused === undefined ? target.quirks : mergeQuirks(target.quirks, refused);
  return { target, quirks, ...(key === undefined ? {} : { key }) };
}

function backAt(target: Target, memory: Memory): number {
  const own = memory.cooling[targetName(target)] ?? 0;
  const key = soonestKey(target, memory);
  return Math.max(own, key === undefined ? 0 : keyBackAt(target, key, memory));
}

function soonestKey(target: Target, memory: Memory): number | undefined {
  const { keys } = target.provider;
  if (keys.length === 0) return undefined;
  const back = (index: number) => keyBackAt(target, index, memory);
  return keys.reduce((best, _, index) => (back(index) < back(best) ? index : best), 0);
}

function keyBackAt(target: Target, key: number, { cooling }: Memory): number {
  const { whole, ofModel } = keyNames(target, key);
  return Math.max(cooling[whole] ?? 0, cooling[ofModel] ?? 0);
}

/** A window that is known to hold what did not fit. */
function holds(windowOf: (target: Target) => number | undefined, target: Target, { attempt, failure }: Tried): boolean {
  const window = windowOf(target);
  if (window === undefined) return false;
  const needed = failure.limit?.used ?? 0;
  const had = failure.limit?.max ?? windowOf(attempt.target) ?? 0;
  return window > had && window >= needed;
}

/**
 * Which of several failures the client is told: one after which it acts rightly. Too long at the first choice makes it compact; what
 * passes makes it wait; only then the first choice's own reason.
 */
function told(tried: readonly [Tried, ...Tried[]]): Failure {
  const chief = tried[0].failure;
  if (chief.kind === "too-long") return chief;
  const last = (tried.at(-1) as Tried).failure;
  if (!retryElsewhere.has(last.kind)) return last;
  const best = tried.find(({ failure }) => transient.has(failure.kind))?.failure ?? chief;
  const targets = new Set(tried.map((one) => one.attempt.target));
  if (targets.size < 2) return best;
  const others = tried.filter((one) => one.failure !== best).map((one) => `${targetName(one.attempt.target)}: ${one.failure.message}`);
  return { ...best, message: `${best.message} (also tried ${[...new Set(others)].join("; ")})` };
}
