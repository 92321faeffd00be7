import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../../../src/proxy/incoming/body.ts";
import { splice } from "../../../src/wire/json-bytes.ts";
import { tapStream, usageOfReply } from "../../../src/wire/messages/tap.ts";
import { growth, notItsSquare } from "../../support/growth.ts";

const findIn = (bytes: Buffer) => {
  const body = bodyOf(bytes);
  return "failure" in body || body.model === undefined ? undefined : { ...body.model, value: body.fields["model"] };
};
const find = (text: string) => findIn(Buffer.from(text, "utf8"));

describe("where the model's name stands", () => {
  it.each<[name: string, body: string, literal: string | undefined]>([
    ["first", '{"model":"a","x":1}', '"a"'],
    ["last, with space", ' {\n "x" : [1, {"model":"no"}],\n "model" : "a"\n}', '"a"'],
    [
      "not in messages and schemas",
      '{"messages":[{"content":"\\"model\\":\\"no\\""}],"tools":[{"input_schema":{"properties":{"model":{"model":"no"}}}}],"model":"a"}',
      '"a"',
    ],
    ["after text with quotes and braces", '{"s":"}\\\\\\"{","model":"a"}', '"a"'],
    ["with escapes in the name", '{"model":"a\\"\\u00fc\\\\"}', '"a\\"\\u00fc\\\\"'],
    ["with escapes in the key", '{"m\\u006fdel":"a"}', '"a"'],
    ["the last of two", '{"model":"no","model":"a"}', '"a"'],
    ["no string", '{"model":5}', undefined],
    ["none", '{"x":1}', undefined],
    ["none, nothing at all", "{}", undefined],
    ["a list", '[{"model":"a"}]', undefined],
    ["no JSON", "model", undefined],
    ["cut", '{"x":"', undefined],
    ["empty", "", undefined],
  ])("%s", (_, body, literal) => {
    const found = find(body);
    expect(found && Buffer.from(body).toString("utf8", found.start, found.end)).toBe(literal);
    if (found) expect(found.value).toBe(JSON.parse(literal ?? ""));
  });

  it("in any JSON object it is what a parser reads, and nothing else changes", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof(fc.constantFrom("model", "stream", "messages"), fc.string()), fc.jsonValue()),
        fc.option(fc.string()),
        fc.string(),
        fc.nat(3),
        (fields, model, other, indent) => {
          const text = JSON.stringify({ ...fields, ...(model === null ? {} : { model }) }, null, indent);
          const parsed = JSON.parse(text) as Record<string, unknown>;
          const bytes = Buffer.from(text, "utf8");
          const found = findIn(bytes);
          expect(found?.value).toBe(typeof parsed.model === "string" ? parsed.model : undefined);
          if (found === undefined) return;
          const replaced = splice(bytes, [{ ...found, by: JSON.stringify(other) }]);
          expect(JSON.parse(replaced.toString("utf8"))).toEqual({ ...parsed, model: other });
          expect(replaced.subarray(0, found.start).equals(bytes.subarray(0, found.start))).toBe(true);
          expect(replaced.subarray(replaced.length - (bytes.length - found.end)).equals(bytes.subarray(found.end))).toBe(true);
        },
      ),
    );
  });

  it("takes time by the length of the body, up to ten megabytes", { timeout: 60_000 }, () => {
    const bodies = new Map(
      [250, 1000].map((length) => {
        const messages = Array.from({ length }, () => ({ content: '\\"{'.repeat(2500) }));
        return [length, Buffer.from(JSON.stringify({ messages, model: "a" }))];
      }),
    );
    const task = (length: number) => expect(findIn(bodies.get(length) as Buffer)?.value).toBe("a");
    expect(growth(task, 250)).toBeLessThan(notItsSquare);
  });
});

describe("the tap", () => {
  const stream = [
    { type: "message_start", message: { usage: { input_tokens: 5, cache_read_input_tokens: 10, output_tokens: 1 } } },
    { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "t", name: "Read", input: {} } },
    { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: '{"type":"message_stop"}' } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 8 } },
    { type: "message_stop" },
  ];
  type Write = (event: (typeof stream)[number]) => string;
  const named: Write = (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  const written = (write: Write) => Buffer.from(stream.map(write).join(""));

  it.each<[how: string, write: Write]>([
    ["named", named],
    ["without names", (event) => `data: ${JSON.stringify(event)}\n\n`],
    ["all named message", (event) => `event: message\ndata: ${JSON.stringify(event)}\n\n`],
    ["without names, the type last", ({ type, ...rest }) => `data: ${JSON.stringify({ ...rest, type })}\n\n`],
  ])("reads usage and the end from any pieces of events %s", (_how, write) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (size) => {
        const bytes = written(write);
        const tap = tapStream();
        for (let at = 0; at < bytes.length; at += size) tap.push(bytes.subarray(at, at + size));
        tap.end();
        expect(tap.over()).toBe(true);
        expect(tap.seen()).toEqual({ usage: { input: 15, cacheRead: 10, output: 8 }, cut: false });
      }),
      { numRuns: 20 },
    );
  });

  it("tells a cut and an error", () => {
    const tap = tapStream();
    tap.push(written(named).subarray(0, 300));
    expect(tap.seen().cut).toBe(true);
    tap.push(Buffer.from('\n\nevent: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n'));
    tap.end();
    expect(tap.seen()).toMatchObject({ cut: false, failure: { kind: "overloaded" } });
  });

  it.each([["Overheated."], ['{"type":"error","error":"Overheated."}'], ['{"type":"error","message":"Overheated."}']])(
    "tells an error, whatever its words stand in: %s",
    (data) => {
      const tap = tapStream();
      tap.push(Buffer.from(`event: error\ndata: ${data}\n\n`));
      tap.end();
      expect(tap.seen()).toMatchObject({ cut: false, failure: { message: "Overheated." } });
    },
  );

  it("takes a stop reason for an end", () => {
    const tap = tapStream();
    tap.push(Buffer.from(stream.slice(0, -1).map(named).join("")));
    tap.end();
    expect(tap.seen().cut).toBe(false);
  });

  it("reads a whole reply", () => {
    expect(usageOfReply({ content: [], usage: { input_tokens: 3, output_tokens: 2 } })).toEqual({ input: 3, output: 2 });
  });
});
