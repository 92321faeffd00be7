import { describe, expect, it } from "vitest";
import type { FailureKind } from "../../src/model/failure.ts";
import { emptyMemory } from "../../src/route/memory.ts";
import { firstAttempt, nextAttempt } from "../../src/route/next.ts";
import { type Target, targetName } from "../../src/route/target.ts";
import { providerAt, targetOf } from "../support/provider.ts";
import { failure, plan, target, walk } from "./walking.ts";

describe("after a failure", () => {
  it.each([
    "unreachable",
    "upstream",
    "overloaded",
    "conflict",
    "out-of-quota",
    "not-found",
    "timed-out",
    "cut-off",
    "rate-limited",
    "unauthorized",
    "refused-by-policy",
  ] as const)("%s: the next target", (kind) => {
    expect(walk(plan(target("a"), target("b")), (name) => (name === "a/m" ? failure(kind) : undefined)).steps).toEqual(["a/m", "b/m"]);
  });

  it.each(["bad-request", "filtered", "refused-capability", "too-large"] as const)("%s: nothing, the next would say the same", (kind) => {
    expect(walk(plan(target("a"), target("b")), () => failure(kind))).toMatchObject({ steps: ["a/m"], told: { kind } });
  });

  it.each(["rate-limited", "unauthorized", "out-of-quota"] as const)("%s: every key of the provider, then the next target", (kind) => {
    const of = plan(target("a", ["1", "2", "3"]), target("b"));
    expect(walk(of, (name) => (name.startsWith("a") ? failure(kind) : undefined)).steps).toEqual(["a/m#0", "a/m#1", "a/m#2", "b/m"]);
  });

  it.each([
    ["rate-limited", ["a/m#0", "a/n#0"]],
    ["out-of-quota", ["a/m#0", "a/n#0"]],
    ["forbidden", ["a/m#0", "a/n#0"]],
    ["unauthorized", ["a/m#0", "b/m"]],
  ] as const)("%s: another model by the same key, where the key is not wrong", (kind, steps) => {
    const provider = providerAt("http://x", { id: "a", keys: ["1"] });
    const of = plan(targetOf(provider, "m"), targetOf(provider, "n"), target("b"));
    expect(walk(of, (name) => (name === "a/m#0" ? failure(kind) : undefined)).steps).toEqual(steps);
  });

  it("of the whole provider the other keys are not tried", () => {
    const of = plan(target("a", ["1", "2"]), target("b"));
    expect(walk(of, (name) => (name.startsWith("a") ? failure("upstream") : undefined)).steps).toEqual(["a/m#0", "b/m"]);
  });

  it("too long: only a target with a larger window, large enough where it is known", () => {
    const of = plan(
      target("a", [], { context: 1000 }),
      target("b", [], { context: 900 }),
      target("c", [], { context: 2000 }),
      target("d", [], { context: 9000 }),
      target("e"),
    );
    const long = failure("too-long", { limit: { used: 5000, max: 1000 } });
    expect(walk(of, (name) => (name === "a/m" ? long : undefined)).steps).toEqual(["a/m", "d/m"]);
    expect(walk(of, () => long)).toMatchObject({ steps: ["a/m", "d/m"], told: { kind: "too-long" } });
  });

  it("a call that nobody could read: once more, then the next target, and none is left alone for it", () => {
    const of = plan(target("a"), target("b"));
    const { steps, memory } = walk(of, (name) => (name === "a/m" ? failure("upstream", { generation: "no idea" }) : undefined));
    expect(steps).toEqual(["a/m", "a/m", "b/m"]);
    expect(memory.cooling).toEqual({});
  });

  it("a client's own fault: nothing", () => {
    const of = plan(target("a"), target("b"));
    const attempt = firstAttempt(of, emptyMemory, 0);
    const own = failure("upstream", { origin: "client", message: "yours" });
    expect(nextAttempt(of, emptyMemory, [{ attempt, failure: own }], 0)).toEqual({ stop: own });
    const before = { attempt, failure: failure("overloaded") };
    expect(nextAttempt(of, emptyMemory, [before, { attempt: { ...attempt, target: of.targets[1] as Target }, failure: own }], 0)).toEqual({
      stop: own,
    });
  });
});

describe("what the client is told of several failures", () => {
  it.each([
    [["overloaded", "unauthorized"], "overloaded"],
    [["unauthorized", "overloaded"], "overloaded"],
    [["unauthorized", "not-found"], "unauthorized"],
    [["too-long"], "too-long"],
  ] as [FailureKind[], FailureKind][])("%j: %s", (kinds, told) => {
    const targets = kinds.map((_, index) => target(`t${index}`)) as [Target, ...Target[]];
    const result = walk(plan(...targets), (name) => failure(kinds[Number(name.slice(1, 2))] as FailureKind));
    expect(result.told?.kind).toBe(told);
  });

  it("names the others that were tried", () => {
    expect(walk(plan(target("a"), target("b")), () => failure("overloaded")).told?.message).toBe(
      "it was overloaded (also tried b/m: it was overloaded)",
    );
  });
});

describe("what a launch remembers", () => {
  it("a target that failed is passed over for a while, and then preferred again", () => {
    const of = plan(target("a"), target("b"));
    const { memory } = walk(of, (name) => (name === "a/m" ? failure("overloaded", { retryAfter: 30 }) : undefined));
    expect(targetName(firstAttempt(of, memory, 29_000).target)).toBe("b/m");
    expect(firstAttempt(of, memory, 29_000).why).toContain("a/m");
    expect(targetName(firstAttempt(of, memory, 31_000).target)).toBe("a/m");
  });

  it("says why where an attempt is not at the first choice, and nothing where it is", () => {
    const of = plan(target("a"), target("b"));
    expect(firstAttempt(of, emptyMemory, 0)).not.toHaveProperty("why");
  });

  it("the first choice is tried where another is back no sooner", () => {
    const of = plan(target("a", ["1", "2"]), target("b", ["1"]));
    const { memory } = walk(of, () => failure("unauthorized"));
    const { target: soonest, key } = firstAttempt(of, memory, 0);
    expect([targetName(soonest), key]).toEqual(["a/m", 0]);
  });

  it("when all are left alone, only the one that is back soonest is tried", () => {
    const of = plan(target("a"), target("b"), target("c"));
    const waits: Record<string, number> = { "a/m": 50, "b/m": 20, "c/m": 90 };
    const answers = (name: string) => failure("overloaded", { retryAfter: waits[name] ?? 0 });
    const walked = walk(of, answers);
    expect(walked.steps).toEqual(["a/m", "b/m", "c/m"]);
    let { memory } = walked;
    for (let retry = 0; retry < 10; retry += 1) {
      const again = walk(of, answers, memory, retry * 100);
      expect(again.steps).toEqual(["b/m"]);
      memory = again.memory;
    }
  });

  it("a success ends it", () => {
    const of = plan(target("a", ["1"]));
    const failed = walk(of, () => failure("rate-limited")).memory;
    expect(Object.keys(failed.cooling)).toEqual(["a#0/m"]);
    expect(walk(of, () => undefined, failed).memory.cooling).toEqual({});
  });

  it("a reply costs nothing when there is nothing to forget", () => {
    const of = plan(target("a"));
    expect(walk(of, () => undefined).memory).toBe(emptyMemory);
  });

  it("a provider that asks for a day is not believed for more than an hour", () => {
    const of = plan(target("a"), target("b"));
    const { memory } = walk(of, (name) => (name === "a/m" ? failure("overloaded", { retryAfter: 86_400 }) : undefined));
    expect(targetName(firstAttempt(of, memory, 3_601_000).target)).toBe("a/m");
  });
});
