import { type Failure, type FailureKind, transient } from "../model/failure.ts";
import { mergeQuirks } from "../providers/quirks-of.ts";
import { type Attempt, isCool, isKeyCool, keyFailures, keyNames, type Memory, type Outcome } from "./memory.ts";
import type { Plan } from "./plan.ts";
import { adaptsItself, refusedBy } from "./refused-by.ts";
import { type Target, targetName } from "./target.ts";

/** An attempt that failed. */
export interface Tried extends Outcome {
  readonly failure: Failure;
}

export type Next = { readonly attempt: Attempt; readonly stop?: undefined } | { readonly stop: Failure };

/** How often one request may be sent again to one target in another form. */
const mostForms = 5;
/** Fewer tokens of output than this are of no use to an agent. */
const leastOutput = 1000;

/**
 * The first attempt at a request: at the first target that is not cooling down. When all are, only the one that is ready soonest is tried: a
 * client that retries ten times must not walk a list of dead targets ten times.
 */
export function firstAttempt(plan: Plan, memory: Memory, now: number): Attempt {
  const preferred = plan.targets[0];
  for (const target of plan.targets) {
    const attempt = attemptAt(target, memory, now, []);
    if (attempt !== undefined)
      return target === preferred ? attempt : { ...attempt, why: `${targetName(preferred)} is left alone for now` };
  }
  const soonest = plan.targets.reduce((best, target) => (readyAt(target, memory) < readyAt(best, memory) ? target : best));
  return attemptOf(soonest, memory, soonestKey(soonest, memory));
}

/**
 * The attempt after a failure, once `learn` has taken it in; never after the reply has started. It is always a different one, since waiting
 * and retrying are the client's part: another key, another target, or the same target without what it refused. Only where a model wrote a
 * call that cannot be read, the same attempt is made once more.
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
  const stop = { stop: failureToReport(tried) };
  // Asking for less output needs a translation, which there is none of for several replies: what the provider said stands.
  const refusal = attempt.maxOutput === undefined ? undefined : tried.at(-2)?.failure;
  if (failure.origin === "client") return { stop: refusal ?? failure };

  if (failure.generation !== undefined && wroteNoCall(tried, attempt.target) < 2) return { attempt: { ...attempt, why: failure.message } };
  const adapted = withoutRefused(last, memory, tried);
  if (adapted !== undefined) return { attempt: adapted };
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

/** Failures after which another target may succeed. */
const retryElsewhere = new Set<FailureKind>([...keyFailures, ...transient, "not-found", "too-long", "refused-by-policy"]);

/** Where no other target is left: once, with as much output as the account can still pay for. */
function withLessOutput(tried: readonly Tried[]): Attempt | undefined {
  if (tried.some(({ attempt }) => attempt.maxOutput !== undefined)) return undefined;
  const paid = ({ failure }: Tried) => (failure.kind === "out-of-quota" ? (failure.limit?.max ?? 0) : 0);
  const poor = tried.find((one) => paid(one) >= leastOutput);
  return poor && { ...poor.attempt, maxOutput: paid(poor), why: poor.failure.message };
}

/** How often this target has written a call that cannot be read. */
function wroteNoCall(tried: readonly Tried[], target: Target): number {
  return tried.filter((one) => one.attempt.target === target && one.failure.generation !== undefined).length;
}

/** The same target again, without what it has just refused; undefined where nothing, or nothing new, can be left out. */
function withoutRefused(last: Tried, memory: Memory, tried: readonly Tried[]): Attempt | undefined {
  const { attempt, failure, native, client, program } = last;
  const { target, key } = attempt;
  if (tried.filter((one) => one.attempt.target === target).length > mostForms) return undefined;
  const less = attempt.maxOutput === undefined ? {} : { maxOutput: attempt.maxOutput };
  const retry = { ...attemptOf(target, memory, key), ...less, why: failure.message };
  // The prompt leaves less room than the output that was asked for. That holds for this request only, so that nothing is learned.
  const { used, max } = failure.limit ?? {};
  const clientAsksForLess = native === true && adaptsItself(client, program);
  if (failure.refused?.field === "max_tokens" && used !== undefined && max !== undefined && !clientAsksForLess) {
    // vLLM's "at least" counts no further than to what the output leaves, so that it grows as the output shrinks.
    const before = tried.at(-2);
    const isBound = before?.attempt.target === target && (before.failure.limit?.used ?? used) < used;
    const most = isBound && attempt.maxOutput !== undefined ? Math.floor(attempt.maxOutput / 4) : Number.POSITIVE_INFINITY;
    const room = Math.min(most, max - used - 64);
    return room > 0 && (attempt.maxOutput ?? Number.POSITIVE_INFINITY) > room ? { ...retry, maxOutput: room } : undefined;
  }
  if (refusedBy(failure, native === true, attempt, client, program) === undefined) return undefined;
  const form = JSON.stringify(retry.quirks);
  return tried.some((one) => one.attempt.target === target && JSON.stringify(one.attempt.quirks) === form) ? undefined : retry;
}

/** An attempt with the first of the target's keys that may be used now; undefined where it, or every key, is cooling down or was refused. */
function attemptAt(target: Target, memory: Memory, now: number, tried: readonly Tried[]): Attempt | undefined {
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
function attemptOf(target: Target, memory: Memory, key: number | undefined): Attempt {
  const refused = memory.refused[targetName(target)];
  const quirks = refused === undefined ? target.quirks : mergeQuirks(target.quirks, refused);
  return { target, quirks, ...(key === undefined ? {} : { key }) };
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

/** Whether a target's window is known to hold a prompt that did not fit another's. */
function holds(windowOf: (target: Target) => number | undefined, target: Target, { attempt, failure }: Tried): boolean {
  const window = windowOf(target);
  if (window === undefined) return false;
  const needed = failure.limit?.used ?? 0;
  const had = failure.limit?.max ?? windowOf(attempt.target) ?? 0;
  return window > had && window >= needed;
}

/**
 * Which of several failures the client gets: one that makes it do the right thing. If the prompt is too long for the first choice, it should
 * compact; after a transient failure it should wait; otherwise it gets the first choice's failure.
 */
function failureToReport(tried: readonly [Tried, ...Tried[]]): Failure {
  // What the same target refused before was answered with another form of the request.
  const { failure: chief } = tried.find(({ failure }) => retryElsewhere.has(failure.kind)) ?? tried[0];
  if (chief.kind === "too-long") return chief;
  const last = (tried.at(-1) as Tried).failure;
  if (!retryElsewhere.has(last.kind)) return last;
  const best = tried.find(({ failure }) => transient.has(failure.kind))?.failure ?? chief;
  const targets = new Set(tried.map((one) => one.attempt.target));
  if (targets.size < 2) return best;
  const others = tried.filter((one) => one.failure !== best).map((one) => `${targetName(one.attempt.target)}: ${one.failure.message}`);
  return { ...best, message: `${best.message} (also tried ${[...new Set(others)].join("; ")})` };
}
