import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  bad,
  type Check,
  doubt,
  type Examined,
  examine,
  type Finding,
  findingsOn,
  firstCause,
  good,
  skipped,
} from "../../src/checks/finding.ts";
import { withAdvice } from "../../src/model/failure.ts";

const check = (id: string, finding: Finding, after: readonly string[] = []): Check => ({
  id,
  title: `the ${id}`,
  after,
  run: async () => finding,
});
const states = (all: readonly Examined[]) => Object.fromEntries(all.map(({ id, state }) => [id, state]));

describe("examining", () => {
  it("skips what cannot mean anything, as far as it goes, with the cause", async () => {
    const all = await examine([
      check("way", bad("closed")),
      check("key", good("there"), ["way"]),
      check("model", good("there"), ["key"]),
      check("node", good("new")),
    ]);
    expect(states(all)).toEqual({ way: "bad", key: "skipped", model: "skipped", node: "good" });
    expect(all[2]).toMatchObject({ seen: expect.stringContaining('"the way"'), cause: "way" });
    expect(firstCause(all)?.id).toBe("way");
  });

  it("goes on behind a check that has no place here, and behind a doubt", async () => {
    const all = await examine([
      check("tls", skipped("not used")),
      check("speed", doubt("slow")),
      check("model", good("there"), ["tls", "speed"]),
    ]);
    expect(states(all)).toEqual({ tls: "skipped", speed: "doubt", model: "good" });
  });

  it("goes on from what was found before, and tells each as it is known", async () => {
    const told: string[] = [];
    const before = await examine([check("way", bad("closed"))]);
    const all = await examine([check("model", good("there"), ["way"])], { before, onExamined: ({ id }) => told.push(id) });
    expect(states(all)).toEqual({ way: "bad", model: "skipped" });
    expect(told).toEqual(["model"]);
  });

  it("says that it waits, once, where a check takes long", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const waited: string[] = [];
    const slow: Check = { ...check("model", good("there")), run: () => new Promise((done) => setTimeout(done, 60_000, good("loaded"))) };
    const examining = examine([check("way", good("open")), slow], { waiting: ({ title }) => waited.push(title) });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(waited).toEqual([]);
    await vi.advanceTimersByTimeAsync(51_000);
    expect(states(await examining)).toEqual({ way: "good", model: "good" });
    expect(waited).toEqual(["the model"]);
  });
});

describe("the first cause", () => {
  it("is what stops a launch, before an earlier doubt; nothing where all is good", async () => {
    expect(firstCause(await examine([check("a", doubt("hm")), check("b", bad("no")), check("c", bad("no"))]))?.id).toBe("b");
    expect(firstCause(await examine([check("a", doubt("hm")), check("b", good("yes"))]))?.id).toBe("a");
    expect(firstCause(await examine([check("a", good("yes")), check("b", skipped("no place"))]))).toBeUndefined();
  });
});

describe("a failure", () => {
  const on = findingsOn("a short question");

  it("is what happened, with fcc's own advice apart", () => {
    const said = withAdvice("nothing answers at http://box:1: connection refused.", "Start it, or set providers.box.baseUrl.");
    expect(on.failed({ kind: "unreachable", origin: "provider", ...said })).toEqual(
      on.bad("nothing answers at http://box:1: connection refused.", "Start it, or set providers.box.baseUrl."),
    );
  });

  it("is told whole where the server itself says what to do: its sentence is no advice of fcc's", () => {
    const message = "The key has expired. Check your account, or Choose another plan.";
    const failure = { kind: "unauthorized", origin: "provider", provider: "box at http://box:1", message } as const;
    expect(on.failed(failure)).toEqual(on.bad(`box at http://box:1: ${message}`));
  });
});
