import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tapStream, usageOfReply } from "../../../src/wire/chat/tap.ts";
import { chunk, done, end, sse } from "./reading.ts";

const tapped = (text: string, size: number) => {
  const tap = tapStream();
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) tap.push(bytes.subarray(at, at + size));
  tap.end();
  return tap.seen().usage;
};

describe("usage of a stream that passes as bytes", () => {
  const recorded = readFileSync(join(import.meta.dirname, "../../recordings/chat/llamacpp/stream-usage.sse"), "utf8");
  it.each([1, 7, 100_000])("is read from pieces of %i bytes", (size) => {
    expect(tapped(recorded, size)).toEqual({ input: 33, output: 4, cacheRead: 32 });
  });

  it("is not taken from what the model says", () => {
    expect(tapped(sse([chunk({ content: '"usage":{"prompt_tokens":1}' }), end(), done]), 10)).toBeUndefined();
  });

  it("is read from a whole reply", () => {
    expect(usageOfReply({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } })).toEqual({ input: 3, output: 4 });
    expect(usageOfReply("text")).toBeUndefined();
  });
});
