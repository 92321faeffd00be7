import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../../src/model/event.ts";
import { pipe } from "../../../src/model/pipe.ts";
import { messagesProvider } from "../../../src/wire/messages/provider.ts";
import { readSse } from "../../../src/wire/sse.ts";
import { createGrammar } from "../../support/reply-grammar.ts";
import { plainRequest } from "../../support/request.ts";

function reader() {
  let count = 0;
  const ids = { next: (prefix: string) => `${prefix}${++count}` };
  return messagesProvider.open(plainRequest, { ids, model: "m", maker: "lab/m", quirks: {} }).read;
}

/** Events of a stream's text, in these pieces; neighbouring deltas joined, since only their sum is promised. */
function read(text: string, cuts: readonly number[] = [], broken = false): ReplyEvent[] {
  const bytes = Buffer.from(text, "utf8");
  const stage = pipe(readSse(), reader().stream());
  const out: ReplyEvent[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut > from) out.push(...stage.push(bytes.subarray(from, cut)));
    from = Math.max(from, cut);
  }
  out.push(...(broken ? stage.fail({ kind: "cut-off", origin: "provider", message: "lost" }) : stage.end()));
  const grammar = createGrammar();
  for (const event of out) expect(grammar.next(event)).toBeUndefined();
  expect(grammar.over()).toBeUndefined();
  return out;
}

const sse = (...events: object[]) =>
  events.map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
const start = (usage: object = { input_tokens: 9, output_tokens: 1 }) => ({
  type: "message_start",
  message: { id: "msg_x", type: "message", role: "assistant", model: "their", content: [], usage },
});
const open = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
const delta = (index: number, value: object) => ({ type: "content_block_delta", index, delta: value });
const text = (index: number, piece: string) => delta(index, { type: "text_delta", text: piece });
const json = (index: number, piece: string) => delta(index, { type: "input_json_delta", partial_json: piece });
const stop = (index: number) => ({ type: "content_block_stop", index });
const ending = (stop_reason: string | null, usage: object = { output_tokens: 5 }, more: object = {}) => ({
  type: "message_delta",
  delta: { stop_reason, stop_sequence: null, ...more },
  usage,
});
const over = { type: "message_stop" };
const tool = (index: number, id: string, input: object = {}) => open(index, { type: "tool_use", id, name: "Read", input });

/** What was said, as short words. */
function told(events: readonly ReplyEvent[]): string[] {
  const out: string[] = [];
  for (const event of events) {
    if (event.type.endsWith("-delta")) out.push(`${out.pop()}${"text" in event ? event.text : "json" in event ? event.json : ""}`);
    else if (event.type === "text-start") out.push("text ");
    else if (event.type === "thinking-start") out.push("thinking ");
    else if (event.type === "tool-start") out.push(`${event.name} ${event.id} `);
    else if (event.type === "opaque") out.push(`opaque ${event.part.text ?? JSON.stringify(event.part.value)}`);
    else if (event.type === "reply-end") out.push(`end ${event.stop.reason}`);
    else if (event.type === "failure") out.push(`failure ${event.failure.kind}`);
  }
  return out;
}

describe("a stream by the book", () => {
  const whole = sse(
    start({ input_tokens: 5, cache_read_input_tokens: 100, cache_creation_input_tokens: 20, output_tokens: 1 }),
    open(0, { type: "thinking", thinking: "", signature: "" }),
    delta(0, { type: "thinking_delta", thinking: "hm 漢" }),
    delta(0, { type: "signature_delta", signature: "c2ln" }),
    stop(0),
    { type: "ping" },
    open(1, { type: "text", text: "" }),
    text(1, "one 🙂"),
    text(1, " two"),
    stop(1),
    tool(2, "toolu_1"),
    json(2, ""),
    json(2, '{"a":'),
    json(2, "1}"),
    stop(2),
    ending("tool_use", { output_tokens: 30, output_tokens_details: { thinking_tokens: 4 } }),
    over,
  );
  const expected = ["thinking hm 漢", "text one 🙂 two", 'Read toolu_1 {"a":1}', "end tool-use"];

  it("gives its parts, figures and seal", () => {
    const events = read(whole);
    expect(told(events)).toEqual(expected);
    expect(events[0]).toMatchObject({
      type: "reply-start",
      id: "msg_x",
      usage: { input: 125, cacheRead: 100, cacheWrite: 20 },
    });
    expect(events.find(({ type }) => type === "thinking-end")).toMatchObject({ seal: { wire: "messages", maker: "lab/m", value: "c2ln" } });
    expect(events.at(-1)).toMatchObject({ usage: { input: 125, output: 30, reasoning: 4 } });
  });

  it("gives the same byte by byte", () => {
    const size = Buffer.byteLength(whole);
    expect(
      told(
        read(
          whole,
          Array.from({ length: size }, (_, index) => index),
        ),
      ),
    ).toEqual(expected);
  });

  it("gives the same at any split", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(Buffer.byteLength(whole)), { maxLength: 8 }), (cuts) => {
        expect(
          told(
            read(
              whole,
              cuts.sort((a, b) => a - b),
            ),
          ),
        ).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it("cut at any event it is a failure, until the stop reason was told", () => {
    const frames = whole.split("\n\n").slice(0, -1);
    frames.forEach((_, count) => {
      const last = told(read(`${frames.slice(0, count).join("\n\n")}\n\n`)).at(-1);
      expect(last).toBe(count >= frames.length - 1 ? "end tool-use" : "failure cut-off");
    });
  });
});

describe("streams that depart from it", () => {
  it("is over at a sign of life when the stop reason was told and the server stays on the line", () => {
    const stage = pipe(readSse(), reader().stream());
    const given = stage.push(Buffer.from(sse(start(), open(0, { type: "text", text: "" }), text(0, "a"), stop(0))));
    expect([...given, ...stage.idle()].at(-1)?.type).toBe("text-end");
    stage.push(Buffer.from(sse(ending("end_turn"))));
    expect(stage.idle().map(({ type }) => type)).toEqual(["reply-end"]);
  });

  it.each<[name: string, stream: string, expected: string[]]>([
    [
      "a block that does not say what it is, and a call of no tool",
      sse(
        start(),
        open(0, { text: "x" }),
        stop(0),
        open(1, { type: "tool_use", id: "t", name: null }),
        json(1, "{}"),
        stop(1),
        ending("tool_use"),
        over,
      ),
      ["end end"],
    ],
    [
      "arguments that are an object, in a delta or a list in the start",
      sse(
        start(),
        tool(0, "t"),
        delta(0, { type: "input_json_delta", partial_json: { x: 1 } }),
        stop(0),
        open(1, { type: "tool_use", id: "u", name: "Read", input: [{ x: 1 }] }),
        stop(1),
        ending("tool_use"),
        over,
      ),
      ['Read t {"x":1}', 'Read u [{"x":1}]', "end tool-use"],
    ],
    ["no message_start", sse(open(0, { type: "text", text: "" }), text(0, "a"), stop(0), ending("end_turn"), over), ["text a", "end end"]],
    [
      "two of them",
      sse(start(), start(), open(0, { type: "text", text: "" }), text(0, "a"), stop(0), ending("end_turn"), over),
      ["text a", "end end"],
    ],
    ["no content_block_start", sse(start(), text(0, "a"), text(0, "b"), stop(0), ending("end_turn"), over), ["text ab", "end end"]],
    [
      "no content_block_stop",
      sse(start(), open(0, { type: "text", text: "" }), text(0, "a"), tool(1, "t"), json(1, "{}"), ending("tool_use"), over),
      ["text a", "Read t {}", "end tool-use"],
    ],
    [
      "text in the start",
      sse(start(), open(0, { type: "text", text: "a" }), text(0, "b"), stop(0), ending("end_turn"), over),
      ["text ab", "end end"],
    ],
    [
      "arguments whole in the start",
      sse(start(), tool(0, "t", { a: 1 }), stop(0), ending("tool_use"), over),
      ['Read t {"a":1}', "end tool-use"],
    ],
    [
      "a start without input (llama.cpp)",
      sse(start(), open(0, { type: "tool_use", id: "t", name: "Read" }), stop(0), ending("tool_use"), over),
      ["Read t {}", "end tool-use"],
    ],
    [
      "arguments in both",
      sse(start(), tool(0, "t", { a: 1 }), json(0, '{"a":2}'), stop(0), ending("tool_use"), over),
      ['Read t {"a":2}', "end tool-use"],
    ],
    [
      "overlapping calls",
      sse(
        start(),
        tool(0, "t"),
        tool(1, "u"),
        json(0, '{"a"'),
        json(1, '{"b"'),
        json(0, ":1}"),
        json(1, ":2}"),
        stop(1),
        stop(0),
        ending("tool_use"),
        over,
      ),
      ['Read t {"a":1}', 'Read u {"b":2}', "end tool-use"],
    ],
    [
      "text that goes on after a call has begun",
      sse(
        start(),
        open(0, { type: "text", text: "" }),
        text(0, "a"),
        tool(1, "t"),
        text(0, "b"),
        json(1, "{}"),
        stop(0),
        stop(1),
        ending("tool_use"),
        over,
      ),
      ["text a", "Read t {}", "text b", "end tool-use"],
    ],
    [
      "an index used twice",
      sse(
        start(),
        open(0, { type: "text", text: "" }),
        text(0, "a"),
        stop(0),
        open(0, { type: "text", text: "" }),
        text(0, "b"),
        stop(0),
        ending("end_turn"),
        over,
      ),
      ["text a", "text b", "end end"],
    ],
    [
      "an index left out",
      sse(start(), open(3, { type: "text", text: "" }), text(3, "a"), stop(3), ending("end_turn"), over),
      ["text a", "end end"],
    ],
    [
      "a delta of another kind",
      sse(
        start(),
        open(0, { type: "text", text: "" }),
        delta(0, { type: "thinking_delta", thinking: "hm" }),
        text(0, "a"),
        stop(0),
        ending("end_turn"),
        over,
      ),
      ["text ", "thinking hm", "text a", "end end"],
    ],
    [
      "a second content_block_stop",
      sse(start(), open(0, { type: "text", text: "" }), text(0, "a"), stop(0), stop(0), stop(7), ending("end_turn"), over),
      ["text a", "end end"],
    ],
    ["end_turn with a call", sse(start(), tool(0, "t"), stop(0), ending("end_turn"), over), ["Read t {}", "end tool-use"]],
    ["tool_use without a call", sse(start(), text(0, "a"), stop(0), ending("tool_use"), over), ["text a", "end end"]],
    ["a stop reason nobody knows", sse(start(), text(0, "a"), stop(0), ending("who_knows"), over), ["text a", "end end"]],
    ["no stop reason", sse(start(), text(0, "a"), stop(0), ending(null), over), ["text a", "end end"]],
    ["no message_delta", sse(start(), text(0, "a"), stop(0), over), ["text a", "end end"]],
    ["no message_stop", sse(start(), text(0, "a"), stop(0), ending("max_tokens")), ["text a", "end max-output"]],
    [
      "end_turn with the sequence named (llama.cpp)",
      sse(start(), text(0, "a"), stop(0), ending("end_turn", {}, { stop_sequence: "END" }), over),
      ["text a", "end stop-sequence"],
    ],
    [
      "events and blocks that we do not know",
      sse(
        start(),
        { type: "vendor_news" },
        open(0, { type: "novelty", text: "new" }),
        delta(0, { type: "novel_delta" }),
        stop(0),
        text(1, "a"),
        stop(1),
        ending("end_turn"),
        over,
      ),
      ["opaque new", "text a", "end end"],
    ],
    [
      "a server's own tool",
      sse(
        start(),
        open(0, { type: "server_tool_use", id: "s", name: "web_search", input: {} }),
        json(0, '{"query":"q"}'),
        stop(0),
        ending("end_turn"),
        over,
      ),
      [`opaque ${JSON.stringify({ type: "server_tool_use", id: "s", name: "web_search", input: { query: "q" } })}`, "end end"],
    ],
    [
      "a summary that the server made of the conversation",
      sse(
        start(),
        open(0, { type: "compaction", content: null }),
        { type: "content_block_delta", index: 0, delta: { type: "compaction_delta", content: "What was said." } },
        stop(0),
        ending("compaction"),
        over,
      ),
      ["opaque What was said.", "end end"],
    ],
    ["words after the end", sse(start(), text(0, "a"), stop(0), ending("end_turn"), over, text(0, "b"), over), ["text a", "end end"]],
    [
      "[DONE] and other words that are no JSON",
      `${sse(start(), text(0, "a"))}data: keep-alive\n\n${sse(stop(0), ending("end_turn"), over)}data: [DONE]\n\n`,
      ["text a", "end end"],
    ],
    ["no event lines", sse(start(), text(0, "a"), stop(0), ending("end_turn"), over).replace(/event: .*\n/g, ""), ["text a", "end end"]],
    [
      "the type in the event line alone",
      'event: message_start\ndata: {}\n\nevent: content_block_delta\ndata: {"index":0,"delta":{"type":"text_delta","text":"a"}}\n\nevent: message_stop\ndata: {}\n\n',
      ["text a", "end end"],
    ],
    [
      "two objects in one line",
      `data: ${JSON.stringify(start())}${JSON.stringify(text(0, "a"))}\n\ndata: ${JSON.stringify(over)}\n\n`,
      ["text a", "end end"],
    ],
    [
      "an error after content",
      sse(start(), text(0, "a"), { type: "error", error: { type: "overloaded_error", message: "busy" } }, over),
      ["text a", "failure overloaded"],
    ],
    ["an error before anything", sse({ type: "error", error: { type: "rate_limit_error", message: "slow" } }), ["failure rate-limited"]],
    ["an error in chat's shape", `data: {"error":{"message":"boom","code":500}}\n\n`, ["failure upstream"]],
    ["an error in words", "event: error\ndata: upstream overloaded\n\n", ["failure overloaded"]],
    ["an error in words in quotes", `event: error\ndata: "upstream overloaded"\n\n`, ["failure overloaded"]],
    [
      "an object that is cut in the middle",
      `${sse(start(), text(0, "a"))}data: {"type":"content_block_delta","index":0,"del\n\n${sse(over)}`,
      ["text a", "failure cut-off"],
    ],
    ["nothing at all", "", ["failure cut-off"]],
  ])("%s", (_, stream, expected) => {
    expect(told(read(stream)).map((line) => line.trimEnd())).toEqual(expected.map((line) => line.trimEnd()));
  });

  it("a signature that never comes leaves a mark of the maker, so that the reasoning may go back", () => {
    const events = read(
      sse(
        start(),
        open(0, { type: "thinking", thinking: "" }),
        delta(0, { type: "thinking_delta", thinking: "hm" }),
        stop(0),
        text(1, "a"),
        ending("end_turn"),
        over,
      ),
    );
    expect(events.find(({ type }) => type === "thinking-end")).toEqual({
      type: "thinking-end",
      seal: { wire: "messages", maker: "lab/m", value: "" },
    });
  });

  it("a signature that comes while its thinking waits behind a call is kept", () => {
    const behind = [open(1, { type: "thinking", thinking: "hm" }), tool(2, "u"), delta(1, { type: "signature_delta", signature: "c2ln" })];
    const events = read(sse(start(), tool(0, "t"), ...behind, stop(0), stop(1), stop(2), ending("tool_use"), over));
    expect(events.find(({ type }) => type === "thinking-end")).toMatchObject({ seal: { value: "c2ln" } });
  });

  it("input tokens of 0 were not given; later figures replace earlier ones", () => {
    const zero = read(sse(start({ input_tokens: 0, output_tokens: 0 }), text(0, "a"), ending("end_turn"), over));
    expect(zero[0]).not.toHaveProperty("usage");
    expect(zero.at(-1)).toMatchObject({ usage: { output: 5 } });
    const guess = read(sse(start({ input_tokens: 38 }), text(0, "a"), ending("end_turn", { input_tokens: 256, output_tokens: 34 }), over));
    expect(guess.at(-1)).toMatchObject({ usage: { input: 256, output: 34 } });
  });

  it("zeros at the end take nothing back, unless they stand beside another count of the prompt", () => {
    const first = { input_tokens: 100, cache_read_input_tokens: 55096, output_tokens: 7 };
    const last = (input_tokens: number) => {
      const usage = { input_tokens, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 8 };
      return read(sse(start(first), text(0, "a"), ending("end_turn", usage), over)).at(-1);
    };
    expect(last(100)).toMatchObject({ usage: { input: 55196, cacheRead: 55096 } });
    expect(last(0)).toMatchObject({ usage: { input: 55196, cacheRead: 55096 } });
    expect(last(181)).toMatchObject({ usage: { input: 181, cacheRead: 0 } });
  });

  it("a broken connection is a failure after what had come; an unfinished call is not ended", () => {
    const events = read(sse(start(), text(0, "a"), stop(0), tool(1, "t"), json(1, '{"a"')), [], true);
    expect(told(events)).toEqual(["text a", 'Read t {"a"', "failure cut-off"]);
    expect(events.some(({ type }) => type === "tool-end")).toBe(false);
  });

  it("a stream that ends inside an event is cut off, unless it was complete by then", () => {
    expect(told(read(sse(start(), text(0, "abc")).slice(0, -9)))).toEqual(["failure cut-off"]);
    expect(told(read(sse(start(), text(0, "a"), stop(0), ending("end_turn"), over).slice(0, -9)))).toEqual(["text a", "end end"]);
  });

  it("a connection that breaks after the stop reason, or an error there, took nothing with it", () => {
    const stage = reader().stream();
    for (const event of [start(), text(0, "a"), stop(0), ending("end_turn")]) stage.push({ data: JSON.stringify(event) });
    expect(told(stage.fail({ kind: "cut-off", origin: "provider", message: "lost" }))).toEqual(["end end"]);
    const error = { type: "error", error: { type: "api_error", message: "no usage" } };
    expect(told(read(sse(start(), text(0, "a"), stop(0), ending("end_turn"), error)))).toEqual(["text a", "end end"]);
    const cut = reader().stream();
    cut.push({ data: JSON.stringify(start()) });
    expect(cut.fail({ kind: "timed-out", origin: "provider", message: "lost" })).toEqual([
      { type: "failure", failure: { kind: "timed-out", origin: "provider", message: "lost" } },
    ]);
  });
});

describe("a reply that came whole", () => {
  const body = {
    id: "msg_x",
    type: "message",
    role: "assistant",
    model: "their",
    content: [
      { type: "thinking", thinking: "hm", signature: "c2ln" },
      { type: "redacted_thinking", data: "ZGF0YQ==" },
      { type: "text", text: "a" },
      { type: "tool_use", id: "t", name: "Read", input: { a: [1, "ü"] } },
    ],
    stop_reason: "tool_use",
    stop_sequence: null,
    usage: { input_tokens: 5, output_tokens: 30, cache_read_input_tokens: 7 },
  };

  it("is one story with its stream", () => {
    const stream = sse(
      start({ input_tokens: 5, output_tokens: 1, cache_read_input_tokens: 7 }),
      open(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "hm" }),
      delta(0, { type: "signature_delta", signature: "c2ln" }),
      stop(0),
      open(1, { type: "redacted_thinking", data: "ZGF0YQ==" }),
      stop(1),
      open(2, { type: "text", text: "" }),
      text(2, "a"),
      stop(2),
      tool(3, "t"),
      json(3, '{"a":[1,"ü"]}'),
      stop(3),
      ending("tool_use", { output_tokens: 30 }),
      over,
    );
    expect(reader().reply(body).slice(1)).toEqual(read(stream).slice(1));
  });

  it.each<[name: string, body: unknown, expected: string[]]>([
    ["a text for content", { ...body, content: "a", stop_reason: "end_turn" }, ["text a", "end end"]],
    ["null for content (Ollama)", { ...body, content: null, stop_reason: "end_turn" }, ["end end"]],
    ["an error", { type: "error", error: { type: "overloaded_error", message: "busy" } }, ["failure overloaded"]],
    ["an error in another shape", { detail: "boom" }, ["failure upstream"]],
    ["a reply of another wire", { choices: [] }, ["failure upstream"]],
    ["a page", "<html><title>Welcome</title></html>", ["failure upstream"]],
    ["nothing", "", ["failure upstream"]],
    ["null", null, ["failure upstream"]],
  ])("%s", (_, value, expected) => {
    expect(told(reader().reply(value))).toEqual(expected);
  });
});

it("tells a search with what it looked for and the pages that it found", () => {
  const page = { type: "web_search_result", url: "https://cats.example", title: "Cats", encrypted_content: "x", page_age: null };
  const result = (index: number, id: string, content: unknown) =>
    sse(open(index, { type: "web_search_tool_result", tool_use_id: id, content }), stop(index));
  const use = (index: number, id: string, query: string) =>
    sse(open(index, { type: "server_tool_use", id, name: "web_search", input: {} }), json(index, JSON.stringify({ query })), stop(index));
  const events = read(
    [
      sse(start()),
      use(0, "s1", "cats"),
      use(1, "s2", "dogs"),
      result(2, "s1", [page, { ...page, url: "https://b.example", title: undefined }]),
      result(3, "s2", { type: "web_search_tool_result_error", error_code: "max_uses_exceeded" }),
      sse(ending("end_turn"), over),
    ].join(""),
  );
  expect(events.flatMap((event) => (event.type === "opaque" && event.part.search ? [event.part.search] : []))).toEqual([
    {
      id: "s1",
      query: "cats",
      found: [
        { url: "https://cats.example", title: "Cats" },
        { url: "https://b.example", title: "https://b.example" },
      ],
    },
  ]);
});

describe("real servers", () => {
  const folder = new URL("../../recordings/messages/", import.meta.url);
  it.each(readdirSync(folder))("%s", (file) => {
    const { kind, reply } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as { kind: string; reply: string };
    const events = kind === "stream" ? read(reply) : reader().reply(JSON.parse(reply));
    const last = events.at(-1);
    expect(last?.type).toBe("reply-end");
    if (last?.type !== "reply-end") return;
    expect(last.usage.input).toBeGreaterThan(0);
    expect(last.usage.output).toBeGreaterThan(0);
    if (/call/.test(file) && !/cut|vllm/.test(file)) {
      expect(last.stop.reason).toBe("tool-use");
      expect(told(events).some((line) => /^get_weather \S+ \{"city": ?"README.md"\}$/.test(line))).toBe(true);
    }
  });
});
