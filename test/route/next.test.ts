import { describe, expect, it } from "vitest";
import type { Failure, FailureKind } from "../../src/model/failure.ts";
import type { WireName } from "../../src/model/opaque.ts";
import { quirksOn } from "../../src/route/lessons.ts";
import { emptyMemory, learn, type Memory, unlearn } from "../../src/route/memory.ts";
import { firstAttempt, nextAttempt } from "../../src/route/next.ts";
import { type Target, targetName } from "../../src/route/target.ts";
import { providerAt, targetOf } from "../support/provider.ts";
import { failure, outcome, plan, target, taught, walk } from "./walking.ts";

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
    for (const over of [{}, { retryAfter: 0 }])
      expect(walk(of, (name) => (name === "a/m#0" ? failure(kind, over) : undefined)).steps).toEqual(steps);
  });

  it.each(["rate-limited", "unauthorized"] as const)("%s, for no time at all: each key once, then the next target", (kind) => {
    const of = plan(target("a", ["1", "2"]), target("b"));
    const { steps } = walk(of, (name) => (name.startsWith("a") ? failure(kind, { retryAfter: 0 }) : undefined));
    expect(steps).toEqual(["a/m#0", "a/m#1", "b/m"]);
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

  it("too long, by as much as nobody says: a target with a larger window than the first's", () => {
    const of = plan(
      target("a", [], { context: 1000 }),
      target("b", [], { context: 1000 }),
      target("c"),
      target("d", [], { context: 1001 }),
    );
    expect(walk(of, (name) => (name === "a/m" ? failure("too-long") : undefined)).steps).toEqual(["a/m", "d/m"]);
    const unknown = plan(target("a"), target("b", [], { context: 1 }));
    expect(walk(unknown, (name) => (name === "a/m" ? failure("too-long") : undefined)).steps).toEqual(["a/m", "b/m"]);
  });

  it("refusals without an end: a target is asked in nine forms, and the next is not held to them", () => {
    const fields = ["temperature", "top_p", "top_k", "stop", "seed", "user", "store", "metadata", "strict", "thinking", "think"];
    const of = plan(target("a"), target("b"));
    const { steps, told } = walk(of, (_name, _key, step) => failure("bad-request", { refused: { field: fields[step] ?? "" } }));
    expect([steps, told?.kind]).toEqual([Array(9).fill("a/m"), "bad-request"]);
    const same = walk(of, (name, _key, _step, attempt) => {
      if (quirksOn(attempt, "chat").refusedFields === undefined) return failure("bad-request", { refused: { field: "temperature" } });
      return name === "a/m" ? failure("overloaded") : undefined;
    });
    expect(same.steps).toEqual(["a/m", "a/m", "b/m", "b/m"]);
  });

  it("a call that nobody could read: once more, then the next target, and none is left alone for it", () => {
    const of = plan(target("a"), target("b"));
    const { steps, memory } = walk(of, (name) => (name === "a/m" ? failure("upstream", { generation: "no idea" }) : undefined));
    expect(steps).toEqual(["a/m", "a/m", "b/m"]);
    expect(memory.cooling).toEqual({});
    expect(walk(of, () => failure("upstream", { generation: "no idea" })).steps).toEqual(["a/m", "a/m", "b/m", "b/m"]);
  });

  it("a client's own fault: nothing", () => {
    const of = plan(target("a"), target("b"));
    const attempt = firstAttempt(of, emptyMemory, 0);
    const own = failure("upstream", { origin: "client", message: "yours" });
    expect(nextAttempt(of, emptyMemory, [outcome({ attempt, failure: own })], 0)).toEqual({ stop: own });
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
  it("a target that failed is passed over for a while, by whichever key, and then preferred again", () => {
    const of = plan(target("a", ["1", "2"]), target("b"));
    const { memory } = walk(of, (name) => (name === "a/m#0" ? failure("overloaded", { retryAfter: 30 }) : undefined));
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

  it.each(["rate-limited", "unauthorized"] as const)("%s: of keys that are left alone, the one that is back soonest is tried", (kind) => {
    const waits = [50, 20, 90];
    const answers = (_name: string, key: number | undefined) => failure(kind, { retryAfter: key === undefined ? 30 : (waits[key] ?? 0) });
    const chosen = (keys: string[]) => {
      const of = plan(target("a", keys), target("b"));
      const { target: soonest, key } = firstAttempt(of, walk(of, answers).memory, 1000);
      return [targetName(soonest), key];
    };
    expect(chosen(["1", "2", "3"])).toEqual(["a/m", 1]);
    expect(chosen(["1"])).toEqual(["b/m", undefined]);
  });

  it.each([
    ["unauthorized", 300],
    ["forbidden", 300],
    ["out-of-quota", 300],
    ["not-found", 300],
    ["refused-by-policy", 300],
    ["timed-out", 60],
    ["rate-limited", 20],
    ["unreachable", 15],
    ["overloaded", 10],
    ["upstream", 10],
    ["cut-off", 5],
  ] as const)("after %s, where nobody says for how long, a target is left alone for %d s", (kind, seconds) => {
    const of = plan(target("a"), target("b"));
    const { memory } = walk(of, (name) => (name === "a/m" ? failure(kind) : undefined));
    const chosen = (second: number) => targetName(firstAttempt(of, memory, second * 1000).target);
    expect([chosen(seconds - 1), chosen(seconds)]).toEqual(["b/m", "a/m"]);
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

  it.each(["overloaded", "unauthorized", "rate-limited"] as const)("%s: a success ends it, and nothing else that was learned", (kind) => {
    const of = plan(target("a", ["1"]), target("b"));
    const refuses = (field: string) => failure("bad-request", { refused: { field } });
    const { memory } = walk(of, (name, _key, step) => {
      if (name === "b/m") return step === 2 ? refuses("top_p") : undefined;
      return [refuses("temperature"), failure(kind, { retryAfter: 60 })][step];
    });
    expect(targetName(firstAttempt(of, memory, 59_000).target)).toBe("b/m");
    const after = walk(plan(target("a", ["1"])), () => undefined, memory, 59_000).memory;
    expect(targetName(firstAttempt(of, after, 59_000).target)).toBe("a/m");
    expect(after.cooling).toEqual({});
    expect([taught(after, "a/m").refusedFields, taught(after, "b/m").refusedFields]).toEqual([["temperature"], ["top_p"]]);
  });

  it("what a request taught in vain is forgotten, and nothing else", () => {
    const of = plan(target("a"), target("b"));
    const taught = (memory: Memory, id: number, field: string) => {
      const attempt = { target: of.targets[id] as Target, quirks: {} };
      return learn(memory, outcome({ attempt, failure: failure("bad-request", { refused: { field } }) }), 0);
    };
    const attempt = firstAttempt(of, emptyMemory, 0);
    const others = taught(emptyMemory, 1, "stop");
    for (const before of [others, taught(others, 0, "temperature")]) {
      const during = taught(before, 0, "top_p");
      for (const kind of ["bad-request", "refused-capability"] as const)
        expect(unlearn(during, before, outcome({ attempt, failure: failure(kind) }))).toEqual(before);
      expect(unlearn(during, before, outcome({ attempt, failure: failure("overloaded") }))).toEqual(during);
    }
  });

  it("what is learned of a request's fields holds on the wire that refused them, and what is learned of the model on all", () => {
    const of = plan(target("a"));
    const taught = (memory: Memory, over: Partial<Failure>, wire: WireName) =>
      learn(memory, outcome({ attempt: firstAttempt(of, memory, 0), failure: failure("bad-request", over), wire }), 0);
    const field = { refused: { field: "store" } };
    const effort = { message: "reasoning_effort must be one of `none` or `default`" };
    const memory = taught(taught(emptyMemory, field, "chat"), effort, "chat");
    const quirks = (known: Memory, wire: WireName) => quirksOn(firstAttempt(of, known, 0), wire);
    expect(quirks(memory, "chat")).toMatchObject({ refusedFields: ["store"], efforts: ["none"] });
    expect(quirks(memory, "responses")).toEqual({ efforts: ["none"] });
    expect(quirks(taught(memory, field, "responses"), "responses").refusedFields).toEqual(["store"]);
    const refused = outcome({ attempt: firstAttempt(of, memory, 0), failure: failure("bad-request") });
    expect(unlearn(memory, emptyMemory, refused)).toEqual(emptyMemory);
    expect(quirks(unlearn(memory, taught(emptyMemory, field, "chat"), refused), "chat")).not.toHaveProperty("efforts");
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
