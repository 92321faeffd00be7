import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMessagesStream } from "../support/messages-grammar.ts";
import { chatCompletion, chatStream, cutAt, cuts, habit, hostile, requestOf, type Saying, saying } from "./arbitraries.ts";
import { translate } from "./translation.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const body = requestOf([{ role: "user", content: "hello" }]);
/** Ids differ from run to run only by the counter; a fresh translation counts from one again. */
const told = (parts: readonly Uint8Array[], failed = false) => translate(body).stream(parts, failed);

describe("the laws of a translated stream", () => {
  it("chunk invariance: any split of the bytes gives the same stream", () => {
    fc.assert(
      fc.property(saying, habit, cuts, (say, how, places) => {
        const bytes = bytesOf(chatStream(say, how));
        expect(told(cutAt(bytes, places))).toBe(told([bytes]));
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 150) },
    );
  });

  it("chunk invariance holds byte by byte", () => {
    fc.assert(
      fc.property(saying, habit, (say, how) => {
        const bytes = bytesOf(chatStream(say, how));
        expect(told(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toBe(told([bytes]));
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 30) },
    );
  });

  it("conservation: text, thinking and arguments go in and come out, once, in order", () => {
    fc.assert(
      fc.property(saying, habit, (say, how) => {
        const result = readMessagesStream(told([bytesOf(chatStream(say, how))]));
        expect(result.problems).toEqual([]);
        const joined = (type: string, key: "text" | "thinking") =>
          result.blocks
            .filter((block) => block.type === type)
            .map((block) => block[key])
            .join("");
        expect(joined("text", "text")).toBe(say.text.join(""));
        expect(joined("thinking", "thinking")).toBe(say.thinking.join(""));
        expect(result.blocks.filter((block) => block.type === "tool_use").map((block) => [block.name, JSON.parse(block.json)])).toEqual(
          say.calls.map((call) => [call.name, JSON.parse(call.json)]),
        );
        expect(result.stop).toBe(say.calls.length > 0 ? "tool_use" : "end_turn");
        expect(result.usage).toMatchObject({ input_tokens: 221, cache_read_input_tokens: 100, output_tokens: 45 });
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 200) },
    );
  });

  it("grammar: whatever the upstream sends, the client gets a legal stream with exactly one ending", () => {
    fc.assert(
      fc.property(hostile, cuts, fc.boolean(), (text, places, failed) => {
        const out = told(cutAt(bytesOf(text), places), failed);
        const result = readMessagesStream(out);
        expect(result.problems, `${text}\n->\n${out}`).toEqual([]);
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 400) },
    );
  });

  it("a cut stream is an error, never an ending, wherever it is cut", () => {
    fc.assert(
      fc.property(saying, habit, fc.nat(), (say, how, at) => {
        const bytes = bytesOf(chatStream(say, { ...how, comments: false }));
        const finish = chatStream(say, { ...how, comments: false }).search(/"finish_reason":"/);
        const end = at % (finish < 0 ? bytes.length : finish);
        const result = readMessagesStream(told([bytes.subarray(0, end)], true));
        expect(result.stop).toBeUndefined();
        expect(result.error).toBeDefined();
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 150) },
    );
  });

  it("one story: the folded stream is the reply that comes at once", () => {
    fc.assert(
      fc.property(saying, habit, (say, how) => {
        const streamed = readMessagesStream(told([bytesOf(chatStream(say, how))]));
        const whole = translate(body);
        // biome-ignore lint/suspicious/noExplicitAny: a reply of the wire.
        const reply = whole.accepted.write.reply(whole.reply(chatCompletion(say, how))) as any;
        const blocks = streamed.blocks.map((block) =>
          block.type === "text"
            ? ["text", block.text]
            : block.type === "thinking"
              ? ["thinking", block.thinking]
              : [block.type, block.name, JSON.parse(block.json)],
        );
        expect(
          // biome-ignore lint/suspicious/noExplicitAny: a block of the wire.
          reply.content.map((block: any) =>
            block.type === "text"
              ? ["text", block.text]
              : block.type === "thinking"
                ? ["thinking", block.thinking]
                : [block.type, block.name, block.input],
          ),
        ).toEqual(blocks);
        expect(reply.stop_reason).toBe(streamed.stop);
        expect(reply.usage).toMatchObject({ input_tokens: 221, cache_read_input_tokens: 100, output_tokens: 45 });
      }),
      { numRuns: Number(process.env["FCC_LAW_RUNS"] ?? 150) },
    );
  });

  it.each([
    ["a block twice", (text: string) => text.replace(/(event: content_block_stop\n.*\n\n)/, "$1$1")],
    ["a block that does not end", (text: string) => text.replace(/event: content_block_stop\n.*\n\n/, "")],
    [
      "a block of a kind that no client knows",
      (text: string) => text.replace('"content_block":{"type":"text"', '"content_block":{"type":"novelty"'),
    ],
    [
      "a delta of another kind than its block",
      (text: string) => text.replace('"type":"text_delta","text"', '"type":"thinking_delta","thinking"'),
    ],
    ["a delta of no known kind", (text: string) => text.replace('"type":"text_delta"', '"type":"novel_delta"')],
    ["no stop reason", (text: string) => text.replace('"stop_reason":"end_turn"', '"stop_reason":null')],
    ["no end", (text: string) => text.replace(/event: message_stop\n.*\n\n/, "")],
  ])("the checker of these laws sees %s", (_name, spoil) => {
    const say: Saying = { thinking: [], text: ["one", "two"], calls: [] };
    const whole = told([bytesOf(chatStream(say, fc.sample(habit, { numRuns: 1, seed: 1 })[0] as never))]);
    expect(readMessagesStream(whole).problems).toEqual([]);
    expect(readMessagesStream(spoil(whole)).problems).not.toEqual([]);
  });

  it("the checker lets a block of a server's own kind pass only where it is told to", () => {
    const own = '{"type":"novelty","x":1}';
    const start = `event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":${own}}\n\n`;
    const stop = 'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n';
    const whole = told([bytesOf(chatStream({ thinking: [], text: [], calls: [] }, fc.sample(habit, { numRuns: 1, seed: 1 })[0] as never))]);
    const spoiled = whole.replace(/(?=event: message_delta)/, start + stop);
    expect(readMessagesStream(spoiled, { foreign: true }).problems).toEqual([]);
    expect(readMessagesStream(spoiled).problems).toEqual(["a block of the unknown kind novelty"]);
  });
});
