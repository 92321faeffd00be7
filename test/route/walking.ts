import type { Failure, FailureKind } from "../../src/model/failure.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import { mergeQuirks } from "../../src/providers/quirks-of.ts";
import { type Attempt, emptyMemory, learn, type Memory, type Outcome, type Tried } from "../../src/route/memory.ts";
import { firstAttempt, nextAttempt } from "../../src/route/next.ts";
import type { Plan } from "../../src/route/plan.ts";
import { refusedBy } from "../../src/route/refused-by.ts";
import { type Target, targetName } from "../../src/route/target.ts";
import { providerAt, targetOf } from "../support/provider.ts";

export const failure = (kind: FailureKind, over: Partial<Failure> = {}): Failure => ({
  kind,
  message: `it was ${kind}`,
  origin: "provider",
  ...over,
});
export const target = (id: string, keys: string[] = [], over: Partial<Target> = {}) =>
  targetOf(providerAt("http://x", { id, keys }), "m", over);
export const plan = (...targets: [Target, ...Target[]]): Plan => ({ role: "main", targets });

/** An attempt that was made for Claude Code, translated, but for what a test says. */
export const outcome = <Told extends Failure | undefined>(
  given: Partial<Outcome> & { readonly attempt: Attempt; readonly failure: Told },
): Outcome & { readonly failure: Told } => {
  const who = { client: "messages", audience: "agent" } as const;
  const usual = { ...who, wire: "chat", sent: "translated", forms: 0, has: () => true } as const;
  const made = { ...usual, ...given };
  return { ...made, lesson: given.failure && refusedBy(given.failure, made) };
};
/** All that a target has taught, whichever wire it is of. */
export const taught = ({ refused }: Memory, name = "a/m"): Quirks => {
  const { quirks = {}, onWire = {} } = refused[name] ?? {};
  return Object.values(onWire).reduce(mergeQuirks, quirks);
};
/** What one failure teaches of a target of which nothing was known. */
export const taughtBy = (failed: Failure, over: Partial<Outcome> = {}, of = plan(target("a"))): Quirks =>
  taught(learn(emptyMemory, outcome({ attempt: firstAttempt(of, emptyMemory, 0), failure: failed, ...over }), 0));

/** What happens to one request when targets answer by a table; each step is `target#key` or the kind that is told. */
export function walk(
  of: Plan,
  answers: (name: string, key: number | undefined, step: number, attempt: Attempt) => Failure | undefined,
  start: Memory = emptyMemory,
  now = 0,
  made: Partial<Outcome> = {},
) {
  let memory = start;
  const steps: string[] = [];
  const tried: Tried[] = [];
  let attempt = firstAttempt(of, memory, now);
  for (let step = 0; step < 30; step += 1) {
    const name = `${targetName(attempt.target)}${attempt.key === undefined ? "" : `#${attempt.key}`}`;
    steps.push(name);
    const failed = answers(name, attempt.key, step, attempt);
    memory = learn(memory, outcome({ ...made, attempt, failure: failed }), now);
    if (failed === undefined) return { steps, memory, told: undefined };
    tried.push(outcome({ ...made, attempt, failure: failed }));
    const following = nextAttempt(of, memory, tried as unknown as [Tried, ...Tried[]], now);
    if (following.stop !== undefined) return { steps, memory, told: following.stop };
    attempt = following.attempt;
  }
  throw new Error(`no end: ${steps.join(" ")}`);
}
