import { describe, expect, it } from "vitest";
import { mendEvents } from "../../src/wire/mend-events.ts";
import { mendReply } from "../../src/wire/messages/mend-reply.ts";
import { growth, notItsSquare } from "../support/growth.ts";

/** What is told of each event, and what goes on. */
function told(stream: string): readonly (readonly [string | undefined, string])[] {
  const seen: [string | undefined, string][] = [];
  const mend = mendEvents((event, type) => {
    seen.push([type, event.toString()]);
    return event;
  });
  for (const byte of Buffer.from(stream)) mend.push(Buffer.of(byte));
  mend.end();
  return seen;
}

describe("the events of a stream whose bytes pass", () => {
  it.each<[what: string, event: string, type: string | undefined]>([
    ["by its name", 'event: message_stop\r\ndata: {"type":"x"}\r\n\r\n', "message_stop"],
    ["by the name behind its id", 'id: 1\nevent:ping\ndata: {"type":"x"}\n\n', "ping"],
    ["by its data", 'data:{"type": "ping"}\n\n', "ping"],
    ["wherever that tells it", `data: {"a":"${"a".repeat(300)}",\ndata: "type":"ping"}\n\n`, "ping"],
    ["which not all do", "data: [DONE]\n\n", undefined],
  ])("each says what it is %s", (_what, event, type) => {
    expect(told(event)).toEqual([[type, event]]);
  });

  it("wait until they are whole, and comments as long as their line", () => {
    const mend = mendEvents((event) => event);
    const pushed = (text: string) => mend.push(Buffer.from(text)).toString();
    expect(["event: ping\n: in it\ndata: {}\n", "\n:", " at work\n", "da"].map(pushed)).toEqual([
      "",
      "event: ping\n: in it\ndata: {}\n\n",
      ": at work\n",
      "",
    ]);
    expect(mend.end("broken").toString()).toBe("da");
  });

  it("that are put in are mended too: a call without its end keeps its arguments, and is what the reply stops for", () => {
    const event = (type: string, fields: string) => `event: ${type}\ndata: {"type":"${type}",${fields}}\n\n`;
    const start = (input: string) =>
      event("content_block_start", `"index":0,"content_block":{"type":"tool_use","id":"a","name":"Read","input":${input}}`);
    const why = (reason: string) => event("message_delta", `"delta":{"stop_reason":"${reason}"},"usage":{"output_tokens":1}`);
    const delta = String.raw`"index":0,"delta":{"type":"input_json_delta","partial_json":"{\"path\":\"a\"}"}`;
    const mend = mendReply();
    expect(mend.push(Buffer.from(start('{"path":"a"}') + why("end_turn"))).toString()).toBe(
      start("{}") + event("content_block_delta", delta) + event("content_block_stop", '"index":0') + why("tool_use"),
    );
  });

  it("take time by the bytes, however small the pieces of one", () => {
    const task = (size: number) => {
      const mend = mendEvents((event) => event);
      for (let at = 0; at < size; at += 1) mend.push(Buffer.from("0123456789"));
    };
    expect(growth(task, 2000)).toBeLessThan(notItsSquare);
  });

  it.each([":\n", "\n", "\r\n", "data: x\n\n"])("cost no more than a ping where they say nothing: %j", (line) => {
    const cost = (event: string) => {
      const bytes = Buffer.from(event.repeat(50_000));
      return Math.min(
        ...Array.from({ length: 3 }, () => {
          const mend = mendReply();
          const before = process.cpuUsage();
          mend.push(bytes);
          const { user, system } = process.cpuUsage(before);
          return user + system;
        }),
      );
    };
    // A seventh to two thirds on Node 20; ten times as much where each is read as JSON.
    expect(cost(line) / cost('event: ping\ndata: {"type":"ping"}\n\n')).toBeLessThan(3);
  });
});
