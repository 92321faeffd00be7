import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pipe } from "../../../src/model/pipe.ts";
import { readSse } from "../../../src/wire/sse.ts";
import { chatStream, cutAt, cuts, habit, type Said } from "../../laws/arbitraries.ts";
import { growth, notItsSquare } from "../../support/growth.ts";
import { accepted, body } from "./accepting.ts";
import { callChunk, done, fold, open, readPieces } from "./reading.ts";

const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const said: fc.Arbitrary<Said> = fc.oneof(
  fc.record({ kind: fc.constantFrom("text" as const, "thinking" as const), text: words }),
  fc.record({
    kind: fc.constant("call" as const),
    name: fc.constantFrom("Read", "Bash", "Fly"),
    json: fc.oneof(
      fc.dictionary(words, fc.jsonValue(), { maxKeys: 3 }).map((value) => JSON.stringify(value)),
      fc.constant("{}"),
    ),
  }),
);
const story = fc.array(said, { maxLength: 6 }).map((list) =>
  // Two texts in a row are one.
  list.filter((item, at) => item.kind === "call" || item.kind !== list[at - 1]?.kind),
);

function told(items: readonly Said[]): string[] {
  let calls = 0;
  return items.map((item) => {
    if (item.kind !== "call") return `${item.kind}:${item.text}`;
    return `tool:call_${calls++}:${item.name}:`;
  });
}

describe("a stream in any habit", () => {
  it("reads back as what was said, at any split", () => {
    fc.assert(
      fc.property(story, habit, cuts, (items, how, places) => {
        const { parts, stop, usage } = fold(readPieces(cutAt(new TextEncoder().encode(chatStream(items, how)), places)));
        const expected = told(items);
        expect(parts.map((part, at) => (items[at]?.kind === "call" ? part.slice(0, expected[at]?.length) : part))).toEqual(expected);
        items.forEach((item, at) => {
          if (item.kind === "call") expect(JSON.parse(parts[at]?.slice(expected[at]?.length) ?? "")).toEqual(JSON.parse(item.json));
        });
        expect(stop?.reason).toBe(items.some((item) => item.kind === "call") ? "tool-use" : "end");
        expect(usage).toEqual({ input: 321, cacheRead: 100, output: 45 });
      }),
      { numRuns: 400 },
    );
  });

  it("has a legal grammar and one ending, whatever comes", () => {
    const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom("", "{}", '{"a":', '{"a":1}', "Read", null, 0, 1, {}, []));
    const entry = fc.record(
      { index: odd, id: odd, function: fc.oneof(odd, fc.record({ name: odd, arguments: odd }, { requiredKeys: [] })) },
      { requiredKeys: [] },
    );
    const delta = fc.record(
      {
        content: fc.oneof(
          odd,
          fc.array(fc.record({ type: fc.constantFrom("text", "thinking"), text: odd, thinking: odd }, { requiredKeys: [] })),
        ),
        reasoning: odd,
        reasoning_details: fc.oneof(
          odd,
          fc.array(fc.record({ type: fc.constantFrom("reasoning.text", "reasoning.encrypted"), text: odd }, { requiredKeys: [] })),
        ),
        refusal: odd,
        tool_calls: fc.oneof(odd, fc.array(fc.oneof(odd, entry), { maxLength: 3 })),
        function_call: odd,
      },
      { requiredKeys: [] },
    );
    const choice = fc.record(
      {
        index: fc.oneof(fc.constant(0), odd),
        delta: fc.oneof(odd, delta),
        message: odd,
        finish_reason: fc.oneof(fc.constant(null), fc.constantFrom("stop", "length", "tool_calls", "error", ""), odd),
      },
      { requiredKeys: [] },
    );
    const hostile = fc.record(
      { id: odd, choices: fc.oneof(odd, fc.array(fc.oneof(odd, choice), { maxLength: 2 })), usage: odd, timings: odd, x_groq: odd },
      { requiredKeys: [] },
    );
    const line = fc.oneof(
      { weight: 8, arbitrary: hostile.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.string() },
      { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, finished) => {
        const stage = open().read.stream();
        const events = lines.flatMap((data) => stage.push({ data }));
        if (finished) events.push(...stage.push({ data: done }));
        events.push(...stage.end());
        expect(() => fold(events)).not.toThrow();
        expect(() => fold(open().read.reply(JSON.parse(JSON.stringify(lines[0] ?? null))))).not.toThrow();
      }),
      { numRuns: 1500 },
    );
    fc.assert(
      fc.property(fc.oneof(hostile, fc.jsonValue()), (value) => {
        expect(() => fold(open().read.reply(value))).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it("costs by the length, not by its square: arguments in pieces of one character", { timeout: 120_000 }, () => {
    const task = (size: number) => {
      const json = JSON.stringify({ content: "x".repeat(size) });
      const stage = open().read.stream();
      stage.push({ data: JSON.stringify(callChunk({ index: 0, id: "c1", function: { name: "Read", arguments: "" } })) });
      for (const character of json) stage.push({ data: JSON.stringify(callChunk({ index: 0, function: { arguments: character } })) });
      expect(stage.push({ data: done }).map((event) => event.type)).toEqual(["tool-end", "reply-end"]);
    };
    expect(growth(task, 25_000)).toBeLessThan(notItsSquare);
  });

  it("costs by the length, not by its square: arguments in pieces that each have a new id", { timeout: 120_000 }, () => {
    const task = (size: number) => {
      const stage = open().read.stream();
      const say = (json: string, at: number) => {
        stage.push({ data: JSON.stringify(callChunk({ index: 0, id: `c${at}`, function: { name: "Read", arguments: json } })) });
      };
      say('{"content":"', 0);
      for (let at = 1; at <= size; at += 1) say("x".repeat(40), at);
      say('"}', size + 1);
      expect(stage.push({ data: done }).map((event) => event.type)).toEqual(["tool-end", "reply-end"]);
    };
    expect(growth(task, 5000)).toBeLessThan(notItsSquare);
  });
});

describe("a reply written for a client of this wire", () => {
  it("reads back as it was", () => {
    fc.assert(
      fc.property(story, habit, (items, how) => {
        const events = readPieces([new TextEncoder().encode(chatStream(items, how))]);
        const { write: writer } = accepted(body({ stream: true, stream_options: { include_usage: true } }));
        const stage = writer.stream("req_1");
        const again = pipe(readSse(), open().read.stream());
        const bytes = new TextEncoder().encode(events.flatMap((event) => stage.push(event)).join(""));
        expect(fold([...again.push(bytes), ...again.end()])).toEqual(fold(events));
      }),
    );
  });
});
