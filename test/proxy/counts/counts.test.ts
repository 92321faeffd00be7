import { describe, expect, it } from "vitest";
import { estimatePrefixes } from "../../../src/mend/estimate.ts";
import type { Request } from "../../../src/model/request.ts";
import { createCounts } from "../../../src/proxy/counts/counts.ts";
import { plainRequest } from "../../support/request.ts";

const request = (words: number): Request => ({
  ...plainRequest,
  turns: [{ role: "user", parts: [{ type: "text", text: "some words ".repeat(words) }] }],
});
const estimate = (words: number) => estimatePrefixes(request(words)).at(-1) ?? 0;

describe("what is learned of a count", () => {
  it.each([
    ["a ratio", 0.8, 0.8, true],
    ["no more than any text counts", 5, 2, true],
    ["nothing from what a cache or a cut left of the prompt", 0.1, 1, false],
  ])("%s", (_, counted, ratio, learned) => {
    const counts = createCounts();
    counts.learn("a/m", { request: undefined, anew: () => request(500), bytes: 5500, input: Math.round(estimate(500) * counted) });
    const other = counts.count("a/m", request(900));
    expect(other.learned).toBe(learned);
    expect(other.tokens / estimate(900)).toBeCloseTo(ratio, 1);
  });

  it("is read at once where the prompt was counted before it was sent", () => {
    const counts = createCounts();
    const sent = request(500);
    const { tokens } = counts.count("a/m", sent);
    const anew = () => expect.unreachable("it is known");
    counts.learn("a/m", { request: sent, anew, bytes: 5500, input: tokens - 30 });
    expect(counts.count("a/m", sent)).toEqual({ tokens: tokens - 30, learned: true });
  });

  it("is read anew where it was not, and only when somebody wants a count", () => {
    const counts = createCounts();
    let read = 0;
    const anew = () => {
      read += 1;
      return request(500);
    };
    counts.learn("a/m", { request: request(500), anew, bytes: 5500, input: estimate(500) - 30 });
    expect(read).toBe(0);
    for (const _ of [1, 2]) expect(counts.count("a/m", request(500)).tokens).toBe(estimate(500) - 30);
    expect(read).toBe(1);
  });
});
