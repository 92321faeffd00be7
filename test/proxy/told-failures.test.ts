import { describe, expect, it } from "vitest";
import type { Failure } from "../../src/model/failure.ts";
import { createToldFailures } from "../../src/proxy/told-failures.ts";

const failure: Failure = { kind: "bad-request", origin: "provider", message: "no" };
const body = { model: "m", max_tokens: 9, thinking: { type: "adaptive", display: "updates" }, messages: [{ role: "user", content: "hi" }] };

const again: readonly [name: string, body: unknown, found: boolean][] = [
  ["the same without a stream and with less output", { ...body, stream: false, max_tokens: 5 }, true],
  ["the same with other options of a stream, as Chat asks without one", { ...body, stream_options: { include_usage: true } }, true],
  ["the same without thinking.display, as Claude Code asks after a 400", { ...body, thinking: { type: "adaptive" } }, true],
  ["another thinking", { ...body, thinking: { type: "disabled" } }, false],
  ["another message", { ...body, messages: [{ role: "user", content: "ho" }] }, false],
  ["a tool input that streams", { ...body, messages: [{ role: "user", content: "hi", stream: true }] }, false],
  ["no object", null, false],
];

describe("a failure that was told in a stream", () => {
  it.each(again)("is found again or not: %s", (_name, asked, found) => {
    let now = 0;
    const told = createToldFailures(() => now);
    told.remember({ ...body, stream: true }, failure);
    now = 59_999;
    expect(told.find(asked)).toEqual(found ? failure : undefined);
    now = 60_000;
    expect(told.find(asked)).toBeUndefined();
  });
});
