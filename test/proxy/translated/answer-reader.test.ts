import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../../src/model/event.ts";
import type { Failure } from "../../../src/model/failure.ts";
import type { SseMessage, Stage } from "../../../src/model/stage.ts";
import type { Result } from "../../../src/proxy/exchange.ts";
import { createAnswerReader } from "../../../src/proxy/translated/answer-reader.ts";

const said = (text: string): ReplyEvent[] => [{ type: "text-delta", text }];
const ended: ReplyEvent = { type: "reply-end", stop: { reason: "end" }, usage: {} };
const failure: Failure = { kind: "upstream", origin: "provider", message: "reset" };

/** A reader of a mock's answer; `stage` is what reads its stream. Events are written as their own words. */
function reader({ type = "text/event-stream", stage = {} as Partial<Stage<SseMessage, ReplyEvent>> } = {}) {
  let result: Result | undefined;
  let opened = 0;
  let started = false;
  const write = (events: readonly ReplyEvent[]) =>
    events
      .map((event) => {
        started = true;
        if (event.type === "reply-end") result = { done: true, usage: {} };
        if (event.type === "failure") result = { failure: event.failure };
        return event.type === "text-delta" ? `${event.text};` : event.type === "failure" ? `!${event.failure.message}` : `${event.type};`;
      })
      .join("");
  const read = createAnswerReader(
    {
      stream: () => {
        opened += 1;
        return { push: ({ data }) => said(data), end: () => [ended], idle: () => [ended], fail: () => said("failed"), ...stage };
      },
      reply: (body) => [...said(JSON.stringify(body)), ended],
      generated: () => undefined,
      carries: false,
    },
    { url: "http://mock.test/v1/messages", headers: { "content-type": type } },
    { write, beat: () => (started && result === undefined ? "ping;" : ""), result: () => result, events: [] },
  );
  const push = (text: string) => read.push(Buffer.from(text));
  return { ...read, push, opened: () => opened };
}

describe("an answer is read", () => {
  it("as events, each as soon as it is there, however it is cut and labelled", () => {
    const { push, end } = reader({ type: "application/json" });
    expect(["da", "ta: a\n", "\ndata: b\n\ndata: c"].map(push)).toEqual(["", "", "a;b;"]);
    expect(end()).toBe("c;reply-end;");
  });

  it("as a whole where it is none, however it is cut and labelled", () => {
    const { push, end, opened } = reader();
    expect([" {", '"a":', "1}"].map(push)).toEqual(["", "", ""]);
    expect(end()).toBe('{"a":1};reply-end;');
    expect(opened()).toBe(0);
  });

  it("as cut off where its stream ends and the reply has not", () => {
    const { push, end } = reader({ stage: { end: () => [] } });
    push("data: a\n\n");
    expect(end()).toBe("!the reply ended without an end");
  });

  it("as one that is silent only behind its first event", () => {
    const { push, idle } = reader();
    expect(idle()).toBe("");
    push("data: a\n\n");
    expect(idle()).toBe("reply-end;");
  });

  it("with a sign of life for the client where the server gives one in a comment and nothing else, once the reply has begun", () => {
    const { push, end } = reader();
    expect([": waiting\n\n", ": wai", "ting\n\n"].map(push)).toEqual(["", "", ""]);
    expect(["data: a\n\n", ": waiting\n\ndata: b\n\n", ": waiting\n\n: waiting\n\n"].map(push)).toEqual(["a;ping;", "b;", "ping;"]);
    expect(end()).toBe("reply-end;");
    expect(reader().push(": waiting\n\ndata: a\n\ndata: b\n\n")).toBe("a;ping;b;");
  });

  it("up to 64 MiB at once", () => {
    const { push } = reader();
    const large = `{${" ".repeat(32 * 1024 * 1024)}`;
    push(large);
    expect(() => push(large)).toThrow("larger than 64 MiB");
  });

  it("up to 128 MiB as a stream, however short its events are", () => {
    const { push } = reader();
    const large = `: ${" ".repeat(64 * 1024 * 1024)}\n\n`;
    push(large);
    expect(() => push(large)).toThrow("larger than 128 MiB");
  });
});

describe("an answer that will not go on", () => {
  it("is told with what was held back before the failure", () => {
    expect(reader().fail(failure)).toBe("failed;!reset");
  });

  it("is what its stage makes of it, where that ends the reply", () => {
    expect(reader({ stage: { fail: () => [ended] } }).fail(failure)).toBe("reply-end;");
  });

  it("is told where its stage fails at that too", () => {
    const broken = () => {
      throw new Error("nested too deep");
    };
    expect(reader({ stage: { fail: broken } }).fail(failure)).toBe("!reset");
  });
});
