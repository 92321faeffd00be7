import { describe, expect, it } from "vitest";
import { estimateTokens } from "../../src/mend/estimate.ts";
import type { Request } from "../../src/model/request.ts";
import { createCounts } from "../../src/proxy/counts.ts";

const request = (words: number): Request => ({
  model: "m",
  turns: [{ role: "user", parts: [{ type: "text", text: "some words ".repeat(words) }] }],
  tools: [],
  toolChoice: { type: "auto" },
  parallelTools: true,
  reasoning: {},
  sampling: {},
  stop: [],
  stream: false,
});
const estimate = (words: number) => estimateTokens(request(words));

describe("what is learned of a count", () => {
  it.each([
    ["a ratio", 0.8, 0.8, true],
    ["no more than any text counts", 5, 2, true],
    ["nothing from what a cache or a cut left of the prompt", 0.1, 1, false],
  ])("%s", (_, counted, ratio, learned) => {
    const counts = createCounts();
    counts.learn("a/m", { request: () => request(500), bytes: 5500, input: Math.round(estimate(500) * counted) });
    const other = counts.count("a/m", request(900));
    expect(other.learned).toBe(learned);
    expect(other.tokens / estimate(900)).toBeCloseTo(ratio, 1);
  });
});
