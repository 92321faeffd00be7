import { describe, expect, it, vi } from "vitest";
import type { ReplyEvent } from "../../../src/model/event.ts";
import type { Failure } from "../../../src/model/failure.ts";
import { createReplyOutput } from "../../../src/proxy/translated/reply-output.ts";

const failure: Failure = { kind: "upstream", origin: "provider", message: "broke" };
const start: ReplyEvent = { type: "reply-start", id: "r", usage: { input: 7 } };
const call: ReplyEvent[] = [{ type: "tool-start", id: "c", name: "Bash" }, { type: "tool-delta", json: "{}" }, { type: "tool-end" }];
const end: ReplyEvent = { type: "reply-end", stop: { reason: "tool-use" }, usage: { output: 3 } };

function output({ streamed = true, generated = [] as ReplyEvent[] } = {}) {
  let firsts = 0;
  const push = (event: ReplyEvent) => [`${event.type === "failure" ? event.failure.message : event.type};`];
  const written = createReplyOutput({
    writer: streamed ? { push, end: () => [], fail: () => [], idle: () => ["ping;"] } : undefined,
    generated: () => (generated.length === 0 ? undefined : generated),
    attributed: (given) => ({ ...given, message: `mock ${given.message}` }),
    onFirst: () => {
      firsts += 1;
    },
  });
  return { ...written, firsts: () => firsts };
}

describe("a reply is written", () => {
  it("to its end and no further, with what was guessed at its start where the end does not know it", () => {
    const { write, result, firsts } = output();
    expect(write([start, { type: "text-start" }, { type: "text-delta", text: "a" }, { type: "text-end" }, end, ...call])).toBe(
      "reply-start;text-start;text-delta;text-end;reply-end;",
    );
    expect(result()).toEqual({ done: true, usage: { input: 7, output: 3 } });
    expect(firsts()).toBe(1);
  });

  it("as a failure that something else may follow, as long as nothing was told", () => {
    const { write, result } = output();
    expect(write([{ type: "failure", failure }])).toBe("");
    expect(result()).toEqual({ failure: { ...failure, message: "mock broke" } });
  });

  it("as broken off, in the client's words, once it has begun", () => {
    const { write, result } = output();
    expect(write([start, { type: "failure", failure }])).toBe("reply-start;mock broke;");
    expect(result()).toMatchObject({ done: true, failure: { message: "mock broke" }, usage: { input: 7 } });
  });

  it("with signs of life between its start and its end, at most one a second", () => {
    const clock = vi.spyOn(process, "uptime");
    const at = (seconds: number) => void clock.mockReturnValue(seconds);
    const { write, beat } = output();
    at(0);
    expect([beat(), write([start]), beat(), beat()]).toEqual(["", "reply-start;", "ping;", ""]);
    at(0.9);
    expect(beat()).toBe("");
    at(1);
    expect([beat(), beat(), write(call.concat(end))]).toEqual(["ping;", "", "tool-start;tool-delta;tool-end;reply-end;"]);
    at(2);
    expect(beat()).toBe("");
    clock.mockRestore();
  });

  it("at once: nothing of it is written before its end", () => {
    const { write, result, events } = output({ streamed: false });
    expect(write([start, ...call])).toBe("");
    expect(events).toEqual([start, ...call]);
    expect(write([{ type: "failure", failure }])).toBe("");
    expect(result()).toEqual({ failure: { ...failure, message: "mock broke" } });
  });
});

describe("the calls that are inside a failure", () => {
  const generated: ReplyEvent[] = [start, { type: "text-start" }, { type: "text-delta", text: "a" }, { type: "text-end" }, ...call, end];

  it("are the whole reply where nothing was told", () => {
    expect(output({ generated }).write([{ type: "failure", failure }])).toMatch(/^reply-start;text-start;.*tool-end;reply-end;$/);
  });

  it("come behind the text that was told, whose part is ended first", () => {
    const { write } = output({ generated });
    expect(write([start, { type: "text-start" }, { type: "text-delta", text: "a" }])).toBe("reply-start;text-start;text-delta;");
    expect(write([{ type: "failure", failure }])).toBe("text-end;tool-start;tool-delta;tool-end;reply-end;");
  });

  it("are not taken twice: after a call the failure is one", () => {
    expect(output({ generated }).write([start, ...call, { type: "failure", failure }])).toMatch(/tool-end;mock broke;$/);
  });
});
