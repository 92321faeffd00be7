import type { Failure } from "../model/failure.ts";
import { attemptAt, attemptOf, soonestAttempt } from "./attempt-at.ts";
import { failureToReport } from "./failure-to-report.ts";
import { type Attempt, keyFailures, type Memory, retryElsewhere, type Tried } from "./memory.ts";
import type { Plan } from "./plan.ts";
import { adaptsItself, mostSingle } from "./refused-by.ts";
import { type Target, targetName } from "./target.ts";
import { untranslatable } from "./untranslatable.ts";

type Next = { readonly attempt: Attempt; readonly stop?: undefined } | { readonly stop: Failure };

/** How often one request may be sent again to one target in another form, besides those in which a single field more is left out. */
const mostForms = 5;
/** How often a model may write a call that cannot be read. */
const mostBroken = 2;
/** Fewer tokens of output than this are of no use to an agent. */
const leastOutput = 1000;

/**
 * The first attempt at a request: at the first target that is not cooling down. When all are, only the one that is ready soonest is tried: a
 * client that retries ten times must not walk a list of dead targets ten times.
 */
export function firstAttempt({ targets }: Plan, memory: Memory, now: number): Attempt {
  const [preferred] = targets;
  for (const target of targets) {
    const attempt = attemptAt(target, memory, now, []);
    if (attempt !== undefined)
      return target === preferred ? attempt : { ...attempt, why: `${targetName(preferred)} is left alone for now` };
  }
  return soonestAttempt(targets, memory);
}

/**
 * The attempt after a failure, once `learn` has taken it in; never after the reply has started. It is always a different one, since waiting
 * and retrying are the client's part: another key, another target, or the same target without what it refused. Only where a model wrote a
 * call that cannot be read, the same attempt is made once more.
 */
export function nextAttempt(
  plan: Plan,
  memory: Memory,
  attempts: readonly [Tried, ...Tried[]],
  now: number,
  windowOf: (target: Target) => number | undefined = (target) => target.context,
): Next {
  const [first, ...others] = attempts;
  const tried: typeof attempts = [asPrompt(first), ...others.map(asPrompt)];
  const last = tried.at(-1) as Tried;
  const { failure, attempt } = last;
  const why = failure.message;
  if (failure.origin === "client") return whereItPasses(plan, memory, tried);

  const here = tried.filter((one) => one.attempt.target === attempt.target);
  const broken = here.filter((one) => one.failure.generation !== undefined);
  if (failure.generation !== undefined && broken.length < mostBroken) return { attempt: { ...attempt, why } };
  const adapted = withoutRefused(last, here, memory);
  if (adapted !== undefined) return { attempt: { ...adapted, why } };
  if (!retryElsewhere.has(failure.kind)) return { stop: failureToReport(tried) };

  if (keyFailures.has(failure.kind)) {
    const same = attemptAt(attempt.target, memory, now, tried);
    if (same !== undefined) return { attempt: { ...same, why: `another key, after: ${why}` } };
  }
  for (const target of plan.targets) {
    if (tried.some((one) => one.attempt.target === target)) continue;
    if (failure.kind === "too-long" && !holds(windowOf, target, last)) continue;
    const other = attemptAt(target, memory, now, tried);
    if (other !== undefined) return { attempt: { ...other, why } };
  }
  const less = withLessOutput(tried);
  return less === undefined ? { stop: failureToReport(tried) } : { attempt: less };
}

/** A prompt that was counted only as far as the output leaves room does not fit where that is hardly asked for any more. */
function asPrompt(last: Tried): Tried {
  const { used = 0, max = 0, atLeast } = last.failure.limit ?? {};
  if (atLeast !== true || max - used >= leastOutput) return last;
  const { refused: _, ...failure } = last.failure;
  return { ...last, failure: { ...failure, kind: "too-long" }, lesson: undefined };
}

/**
 * After a request that this target cannot be asked as it is: one that goes on from a reply which another provider keeps, or wants several
 * replies. Where the client's first choice failed, or cools down, that is no mistake of the client's: a target that was not asked yet may take
 * it, and else what was said by those that could be asked stands. So does what this target said before it was asked in another form. Any other
 * mistake is told at once, since no target would take it, and a client that is told in `details` how to go on does so.
 */
function whereItPasses(plan: Plan, memory: Memory, tried: readonly [Tried, ...Tried[]]): Next {
  const { failure, attempt } = tried.at(-1) as Tried;
  const asked = tried.filter((one) => one.failure.origin !== "client");
  const passes = untranslatable.has(failure.refused?.field ?? "") || asked.some((one) => one.attempt.target === attempt.target);
  if (!passes || failure.details !== undefined) return { stop: failure };
  const isFirst = attempt.target === plan.targets[0];
  const other = isFirst ? undefined : plan.targets.find((target) => tried.every((one) => one.attempt.target !== target));
  if (other !== undefined) return { attempt: { ...soonestAttempt([other], memory), why: failure.message } };
  const [chief, ...more] = asked;
  return { stop: chief === undefined ? failure : failureToReport([chief, ...more]) };
}

/** Where no other target is left: once, with as much output as the account can still pay for. */
function withLessOutput(tried: readonly Tried[]): Attempt | undefined {
  if (tried.some(({ attempt }) => attempt.maxOutput !== undefined)) return undefined;
  const paid = ({ failure }: Tried) => (failure.kind === "out-of-quota" ? (failure.limit?.max ?? 0) : 0);
  const poor = tried.find((one) => paid(one) >= leastOutput);
  return poor && { ...poor.attempt, maxOutput: paid(poor), why: poor.failure.message };
}

/**
 * The same target again, without what it has just refused; undefined where nothing, or nothing new, can be left out.
 *
 * @param here what was tried at this target
 */
function withoutRefused(last: Tried, here: readonly Tried[], memory: Memory): Attempt | undefined {
  if (here.length > mostForms + mostSingle) return undefined;
  const { attempt, failure, lesson, sent } = last;
  const { target, key, maxOutput } = attempt;
  const retry = { ...attemptOf(target, memory, key), ...(maxOutput !== undefined && { maxOutput }) };
  // Claude Code asks for a thousand less each time, which a prompt that was not counted to its end takes long to fit with.
  const clientAsksForLess = sent === "bytes" && failure.limit?.atLeast !== true && adaptsItself(last);
  const room = clientAsksForLess ? undefined : roomForOutput(failure);
  if (room !== undefined) return room > 0 && room < (maxOutput ?? Number.POSITIVE_INFINITY) ? { ...retry, maxOutput: room } : undefined;
  if (lesson === undefined) return undefined;
  const formOf = ({ quirks, onWire }: Attempt) => JSON.stringify([quirks, onWire]);
  return here.some((one) => formOf(one.attempt) === formOf(retry)) ? undefined : retry;
}

/** The output for which the prompt leaves room, where more was asked for. That holds for this request only, so that nothing is learned. */
function roomForOutput({ refused, limit }: Failure): number | undefined {
  const { used, max, atLeast } = limit ?? {};
  if (refused?.field !== "max_tokens" || used === undefined || max === undefined) return undefined;
  return atLeast === true ? Math.floor((max - used) / 4) : max - used - 64;
}

/** Whether a target's window is known to hold a prompt that did not fit another's. */
function holds(windowOf: (target: Target) => number | undefined, target: Target, { attempt, failure }: Tried): boolean {
  const window = windowOf(target);
  if (window === undefined) return false;
  const needed = failure.limit?.used ?? 0;
  const had = failure.limit?.max ?? windowOf(attempt.target) ?? 0;
  return window > had && window >= needed;
}
