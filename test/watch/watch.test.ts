import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Fact } from "../../src/model/fact.ts";
import { createFigures } from "../../src/watch/figures.ts";
import { summaryOf } from "../../src/watch/summary.ts";
import { toAll } from "../../src/watch/to-all.ts";
import { openTrace } from "../../src/watch/trace.ts";
import { folderOfEachTest } from "../support/folder.ts";

const request = (id: string, at: number, endpoint = "/v1/messages"): Fact => ({
  type: "request",
  id,
  at,
  endpoint,
  model: "m",
  stream: true,
  bytes: 10,
});
const failure = { kind: "overloaded", message: "busy", origin: "provider" } as const;
const attempt: Fact = { type: "attempt", id: "a", at: 2, target: "b/m", url: "http://b/v1/messages", wire: "messages", native: true };
const figuresOf = (facts: readonly Fact[]) => {
  const { sink, figures } = createFigures();
  for (const fact of facts) sink(fact);
  return figures();
};

describe("the figures of a launch", () => {
  it("are nothing for nothing, and no zero where nobody counted", () => {
    expect(figuresOf([])).toEqual({ requests: 0, failures: 0, alternatives: 0, estimated: false, notices: [] });
    expect(figuresOf([request("a", 0), { type: "answered", id: "a", at: 1, status: 200 }])).not.toHaveProperty("input");
  });

  it("add up tokens, and take the median of the waits", () => {
    const facts = [100, 900, 300].flatMap((wait, index): Fact[] => [
      request(`${index}`, 1000),
      { type: "first-token", id: `${index}`, at: 1000 + wait },
      { type: "answered", id: `${index}`, at: 3000, status: 200, usage: { input: 100, cacheRead: 60, output: 10 } },
    ]);
    expect(figuresOf(facts)).toMatchObject({ requests: 3, input: 300, cached: 180, output: 30, firstToken: 300, failures: 0 });
  });

  it("take the middle of an even number of waits", () => {
    const facts = [100, 200].flatMap((wait): Fact[] => [request(`${wait}`, 0), { type: "first-token", id: `${wait}`, at: wait }]);
    expect(figuresOf(facts).firstToken).toBe(150);
  });

  it("count a request that an alternative saved as no failure", () => {
    expect(
      figuresOf([
        request("a", 0),
        { type: "failed", id: "a", at: 1, failure },
        { type: "alternative", id: "a", at: 2, target: "b/m", why: "overloaded" },
        attempt,
        { type: "answered", id: "a", at: 3, status: 200 },
      ]),
    ).toMatchObject({ failures: 0, alternatives: 1 });
  });

  it("count a request that a key fetched anew saved as no failure", () => {
    const refused = { kind: "unauthorized", message: "expired", origin: "provider" } as const;
    const facts: Fact[] = [request("a", 0), attempt, { type: "failed", id: "a", at: 1, failure: refused }, attempt];
    expect(figuresOf([...facts, { type: "answered", id: "a", at: 3, status: 200 }])).toMatchObject({ failures: 0, alternatives: 0 });
  });

  it.each<[string, Fact[]]>([
    ["told by its status", [{ type: "answered", id: "a", at: 2, status: 529 }]],
    [
      "told in band",
      [
        { type: "failed", id: "a", at: 1, failure },
        { type: "answered", id: "a", at: 2, status: 200 },
      ],
    ],
  ])("count a failure %s once", (_name, facts) => {
    expect(figuresOf([request("a", 0), ...facts])).toMatchObject({ failures: 1 });
  });

  it("leave out counts of tokens, lists of models and clients that went away", () => {
    expect(
      figuresOf([
        request("a", 0, "/v1/messages/count_tokens"),
        request("b", 0, "/v1/models"),
        request("c", 0),
        { type: "gone", id: "c", at: 1 },
      ]),
    ).toMatchObject({
      requests: 1,
      failures: 0,
    });
  });

  it("give each notice once", () => {
    const notice: Fact = { type: "notice", id: "a", at: 1, text: "an image was left out" };
    expect(figuresOf([request("a", 0), notice, notice]).notices).toEqual(["an image was left out"]);
  });

  it.each([
    ["by what the provider said of it, where Claude Code would hide that", "/v1/messages", ["lab: no such model"]],
    ["by the client itself", "/v1/responses", []],
  ])("tell of a missing model %s", (_name, endpoint, notices) => {
    const missing = { kind: "not-found", message: "no such model", provider: "lab", origin: "provider" } as const;
    const facts: Fact[] = [request("a", 0, endpoint), { type: "failed", id: "a", at: 1, target: "lab/m", failure: missing }];
    expect(figuresOf([...facts, { type: "answered", id: "a", at: 2, status: 404 }]).notices).toEqual(notices);
    expect(figuresOf([...facts, { type: "answered", id: "a", at: 2, status: 200 }]).notices).toEqual([]);
  });
});

it.each([
  [{ requests: 0 }, undefined],
  [{ requests: 1, input: 950, output: 10, firstToken: 1234 }, "1 request, 950 tokens in, 10 out, first token 1.2 s"],
  [
    { requests: 12, input: 340_000, cached: 309_400, output: 8_240, firstToken: 900, failures: 1, alternatives: 2 },
    "12 requests, 340k tokens in (91 % cached), 8.2k out, first token 0.9 s (median), 1 failure, 2 alternatives",
  ],
  [{ requests: 2, input: 1_240_000, estimated: true }, "2 requests, about 1.2M tokens in"],
  [{ requests: 1, input: 999_600 }, "1 request, 1.0M tokens in"],
  [{ requests: 1, input: 9_960 }, "1 request, 10k tokens in"],
])("the line after a launch: %j", (figures, line) => {
  expect(summaryOf({ failures: 0, alternatives: 0, estimated: false, notices: [], ...figures })).toBe(line);
});

describe("the trace", () => {
  const folder = folderOfEachTest();
  const lines = (file: string) =>
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("is a line of JSON for each fact, for this user alone", async () => {
    const file = join(folder(), "t.jsonl");
    writeFileSync(file, "");
    chmodSync(file, 0o644);
    const trace = openTrace(file, { bodies: false, secrets: [] });
    trace.sink({ ...request("a", 1_700_000_000_000.5), body: () => "never" } as Fact);
    trace.sink({ type: "answered", id: "a", at: 1_700_000_001_000, status: 200, usage: { input: 1 } });
    expect(await trace.close()).toBeUndefined();
    expect(lines(file)).toEqual([
      { time: "2023-11-14T22:13:20.000Z", ...request("a", 1_700_000_000_000.5) },
      { time: "2023-11-14T22:13:21.000Z", type: "answered", id: "a", at: 1_700_000_001_000, status: 200, usage: { input: 1 } },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("has bodies only where they were asked for, and never a secret", async () => {
    const file = join(folder(), "t.jsonl");
    const trace = openTrace(file, { bodies: true, secrets: ["opaque-value-1", "opaque-value-12345"] });
    trace.sink({ ...request("a", 0), body: () => '{"key":"opaque-value-12345","text":"sk-ant-abcdefghijkl"}' } as Fact);
    trace.sink({
      type: "failed",
      id: "a",
      at: 1,
      failure: { kind: "unauthorized", origin: "provider", message: "wrong key opaque-value-1", details: { "opaque-value-1": 1 } },
    });
    await trace.close();
    const text = readFileSync(file, "utf8");
    expect(text).toContain("body");
    for (const secret of ["opaque-value", "2345", "sk-ant-abc"]) expect(text).not.toContain(secret);
  });

  it("keeps its own names where a secret is one of them", async () => {
    const file = join(folder(), "t.jsonl");
    const trace = openTrace(file, { bodies: false, secrets: ["stream"] });
    trace.sink(request("a", 0));
    await trace.close();
    expect(lines(file)).toEqual([{ time: "1970-01-01T00:00:00.000Z", ...request("a", 0) }]);
  });

  it("does not break anything when the disk is full, and says so at the end", async () => {
    const file = join(folder(), "full");
    symlinkSync("/dev/full", file);
    const trace = openTrace(file, { bodies: false, secrets: [] });
    trace.sink(request("a", 0));
    trace.sink(request("b", 0));
    expect(await trace.close()).toMatchObject({ code: "ENOSPC" });
  });

  it("says before anything begins that a file cannot be opened", () => {
    expect(() => openTrace(join(folder(), "none/t.jsonl"), { bodies: false, secrets: [] })).toThrow(/ENOENT/);
  });
});

it("gives a fact to all sinks, though one breaks", () => {
  const seen: Fact[] = [];
  const broken = () => {
    throw new Error("broken");
  };
  toAll([broken, (fact) => seen.push(fact)])(request("a", 0));
  expect(seen).toHaveLength(1);
});
