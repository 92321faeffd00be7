import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SseMessage } from "../../src/model/stage.ts";
import { readSse } from "../../src/wire/sse.ts";
import { readData } from "../../src/wire/sse-data.ts";

function read(bytes: Uint8Array, cuts: readonly number[] = []): SseMessage[] {
  const stage = readSse();
  const out: SseMessage[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    out.push(...stage.push(bytes.subarray(from, cut)));
    from = Math.max(from, cut);
  }
  return [...out, ...stage.end()];
}

const cases: [name: string, text: string, expected: SseMessage[]][] = [
  ["line feeds", "event: a\ndata: 1\n\ndata: 2\n\n", [{ event: "a", data: "1" }, { data: "2" }]],
  ["carriage returns and line feeds", "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", [{ event: "a", data: "1" }, { data: "2" }]],
  ["carriage returns alone", "data: 1\r\rdata: 2\r\r", [{ data: "1" }, { data: "2" }]],
  ["a byte order mark", "\ufeffdata: 1\n\n", [{ data: "1" }]],
  ["no space after the colon", "data:1\n\ndata:[DONE]\n\n", [{ data: "1" }, { data: "[DONE]" }]],
  ["id and retry, in any order", "id: 7\nretry: 10\ndata: 1\nevent: a\n\n", [{ event: "a", data: "1" }]],
  ["empty data", "data:\n\ndata: 1\n\n", [{ data: "" }, { data: "1" }]],
  ["comments", ": OPENROUTER PROCESSING\n\n: x\ndata: 1\n\n", [{ data: "1" }]],
  ["several data lines", 'data: {"a":\ndata: 1}\n\n', [{ data: '{"a":\n1}' }]],
  ["line separators of Unicode and escaped blank lines", 'data: "a\u2028b\\n\\nc"\n\n', [{ data: '"a\u2028b\\n\\nc"' }]],
  ["characters of several bytes", "data: 漢字🙂é\n\n", [{ data: "漢字🙂é" }]],
  ["no blank line at the end", "data: 1\n\ndata: 2", [{ data: "1" }, { data: "2" }]],
  ["an error in a field of its own", 'data: 1\n\nerror: {"code":500}\n\n', [{ data: "1" }, { event: "error", data: '{"code":500}' }]],
  ["JSON lines without a field's name", '{"a":1}\n{"b":2}\n', [{ data: '{"a":1}' }, { data: '{"b":2}' }]],
];

describe("server-sent events", () => {
  it.each(cases)("%s", (_, text, expected) => {
    const bytes = Buffer.from(text, "utf8");
    expect(read(bytes)).toEqual(expected);
    expect(
      read(
        bytes,
        Array.from({ length: bytes.length }, (_unused, index) => index),
      ),
    ).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 4 }), (cuts) => {
        expect(
          read(
            bytes,
            cuts.sort((a, b) => a - b),
          ),
        ).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("five megabytes in one line", () => {
    const long = "x".repeat(5_000_000);
    expect(read(Buffer.from(`data: ${long}\n\n`), [10, 1_000_000])).toEqual([{ data: long }]);
  });

  it("an event without end is told as an error, once", () => {
    const stage = readSse();
    const piece = Buffer.alloc(8 * 1024 * 1024, 0x78);
    const out: SseMessage[] = [...stage.push(Buffer.from("data: "))];
    for (let count = 0; count < 12; count += 1) out.push(...stage.push(piece));
    out.push(...stage.end());
    expect(out).toEqual([{ event: "error", data: expect.stringContaining("64 MiB") }]);
  });

  it("comments without end do not add up to one event", () => {
    const stage = readSse();
    const piece = Buffer.from(`: ${"x".repeat(8 * 1024 * 1024)}\n\n`);
    for (let count = 0; count < 10; count += 1) expect(stage.push(piece)).toEqual([]);
  });

  it("of lines of an unknown field the parser makes errors without a stack, which cost a part of those with one", () => {
    const text = "ib:\n".repeat(100_000);
    const bytes = Buffer.from(text);
    const cost = (read: () => void) =>
      Math.min(
        ...Array.from({ length: 3 }, () => {
          const before = process.cpuUsage();
          read();
          const { user, system } = process.cpuUsage(before);
          return user + system;
        }),
      );
    const withStacks = cost(() => createParser({ onEvent() {} }).feed(text));
    // A fifth on Node 26, an eighth on Node 20.
    expect(cost(() => readSse().push(bytes))).toBeLessThan(withStacks / 2);
  });
});

describe("the data of an event", () => {
  it.each<[data: string, values: unknown[] | undefined]>([
    ['{"a":1}', [{ a: 1 }]],
    ['{"a":"}{"}{"b":2}', [{ a: "}{" }, { b: 2 }]],
    ['{"a":1}\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
    ['{"a":1}data: {"b":2}', [{ a: 1 }, { b: 2 }]],
    ['{"a":1}[DONE]', [{ a: 1 }]],
    ["[DONE]", undefined],
    ['{"a":', undefined],
    ['{"a":1} and', undefined],
    ["", undefined],
  ])("%j", (data, values) => {
    expect(readData(data)).toEqual(values);
  });
});
