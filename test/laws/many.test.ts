import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import type { ReplyEvent } from "../../src/model/event.ts";
import { pipe, runStage } from "../../src/model/pipe.ts";
import { readSse } from "../../src/wire/sse.ts";
import { accept, carriedBody, type Name, names, open, wires } from "./carrying.ts";
import { countingIds } from "./translation.ts";

const times = <Made>(count: number, make: (index: number) => Made): Made[] => Array.from({ length: count }, (_, index) => make(index));
const text = { type: "text", text: "a" };
const asks = (...messages: readonly object[]) => ({ model: "m", max_tokens: 9, messages });
const said = { role: "user", content: "a" };
const called = (id: string) => ({ type: "tool_use", id, name: "Read", input: {} });
const returned = (id: string) => ({ type: "tool_result", tool_use_id: id, content: "r" });

/**
 * What a client can send many of, in a row. Some had cost the square of their number, a minute in which nothing else was answered, and
 * some did not fit the stack.
 */
const kinds: readonly (readonly [what: string, from: Name, body: (many: number) => object])[] = [
  ["texts of one message", "messages", (many) => asks({ role: "user", content: times(many, () => text) })],
  ["texts of the instructions", "messages", (many) => ({ ...asks(said), system: times(many, () => text) })],
  ["messages of the system in the middle", "messages", (many) => asks(said, ...times(many / 2, () => ({ role: "system", content: "a" })))],
  ["messages of the user", "messages", (many) => asks(...times(many / 2, () => said))],
  [
    "calls by one id",
    "messages",
    (many) =>
      asks(
        said,
        { role: "assistant", content: times(many, () => called("t")) },
        { role: "user", content: times(many, () => returned("t")) },
      ),
  ],
  [
    "calls that nobody answers",
    "messages",
    (many) => asks(said, ...times(many / 2, (at) => ({ role: "assistant", content: [called(`t${at}`)] })), said),
  ],
  ["results without a call", "messages", (many) => asks({ role: "user", content: times(many, (at) => returned(`t${at}`)) })],
  [
    "texts behind a result",
    "chat",
    (many) =>
      asks(
        said,
        { role: "assistant", content: null, tool_calls: [{ id: "t", type: "function", function: { name: "Read", arguments: "{}" } }] },
        { role: "tool", tool_call_id: "t", content: "r" },
        { role: "user", content: times(many, () => text) },
      ),
  ],
  [
    "developer messages",
    "responses",
    (many) => ({ model: "m", input: [said, ...times(many / 2, () => ({ role: "developer", content: "a" }))] }),
  ],
  [
    "items of one answer",
    "responses",
    (many) => ({ model: "m", input: [said, ...times(many, () => ({ role: "assistant", content: "a" })), said] }),
  ],
  [
    "messages between calls and their outputs",
    "responses",
    (many) => ({
      model: "m",
      input: [
        said,
        ...times(many / 4, (at) => [{ type: "function_call", call_id: `t${at}`, name: "Read", arguments: "{}" }, said]).flat(),
        ...times(many / 4, (at) => ({ type: "function_call_output", call_id: `t${at}`, output: "r" })),
      ],
    }),
  ],
];

describe("a request with many of one thing", () => {
  // A tenth of it is enough.
  const limit = { timeout: 20_000 };
  const many = 130_000;
  it.each(kinds.flatMap(([what, from, body]) => names.map((to) => [what, from, to, body] as const)))(
    "is carried: %s, %s to %s",
    limit,
    (_, from, to, body) => {
      // Nothing is lost either: each of them, of which there are a quarter at least, leaves a character or more.
      expect(JSON.stringify(carriedBody(body(many), from, to).server.request.turns).length).toBeGreaterThan(many / 4);
    },
  );
});

const event = (data: { readonly type: string; readonly [field: string]: unknown }) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const chunk = (calls: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [calls] } }] })}\n\n`;
const item = (at: number) => ({ type: "function_call", id: `i${at}`, call_id: `t${at}`, name: "Read", arguments: "" });
/** Calls of which each begins before the first is complete. */
const overlapping: Readonly<Record<Name, (many: number) => readonly string[]>> = {
  messages: (many) => [
    ...times(many, (index) => event({ type: "content_block_start", index, content_block: called(`t${index}`) })),
    ...times(many, (index) => event({ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: "{}" } })),
    ...times(many, (index) => event({ type: "content_block_stop", index })),
    event({ type: "message_stop" }),
  ],
  chat: (many) => [
    ...times(many, (index) => chunk({ index, id: `t${index}`, function: { name: "Read", arguments: '{"a":' } })),
    ...times(many, (index) => chunk({ index, function: { arguments: "1}" } })),
    "data: [DONE]\n\n",
  ],
  responses: (many) => [
    ...times(many, (at) => event({ type: "response.output_item.added", output_index: at, item: item(at) })),
    ...times(many, (at) => event({ type: "response.function_call_arguments.delta", output_index: at, item_id: `i${at}`, delta: "{}" })),
    ...times(many, (at) => event({ type: "response.output_item.done", output_index: at, item: { ...item(at), arguments: "{}" } })),
    event({ type: "response.completed", response: { status: "completed", output: [] } }),
  ],
};

describe("a reply with many calls at once", () => {
  it.each(names)("is read one after another: %s", { timeout: 20_000 }, (wire) => {
    const asked = carriedBody(asks(said), "messages", wire).mended.request;
    const read = pipe(readSse(), open(wires[wire].provider, asked).read.stream());
    const events = runStage(
      read,
      overlapping[wire](70_000).map((text) => Buffer.from(text)),
    );
    expect(events.filter(({ type }) => type === "tool-end")).toHaveLength(70_000);
  });
});

it("a text that cites many pages is told with all of them", () => {
  const annotations = times(130_000, () => ({ type: "url_citation", url: "https://a.example", title: "A", start_index: 0, end_index: 1 }));
  const answer = { type: "message", role: "assistant", content: [{ type: "output_text", text: "a", annotations }] };
  const asked = carriedBody(asks(said), "chat", "responses").mended.request;
  const events = open(wires.responses.provider, asked).read.reply({ id: "r", status: "completed", output: [answer] });
  expect(accept(wires.chat.client, asks(said)).write.reply(events)).toMatchObject({
    choices: [{ message: { annotations: { length: 130_000 } } }],
  });
});

const reply = (started: ReplyEvent, deltas: readonly ReplyEvent[], ended: ReplyEvent): readonly ReplyEvent[] => {
  const asked = accept(wires.messages.client, { ...asks(said), tools: [{ name: "f", input_schema: { type: "object" } }] }).request;
  const stage = mend(asked, { quirks: {}, ids: countingIds(), wire: "chat", inputEstimate: () => 1 }).events();
  const events: readonly ReplyEvent[] = [{ type: "reply-start", id: "r", usage: {} }, started, ...deltas, ended];
  return runStage(stage, [...events, { type: "reply-end", stop: { reason: "complete" }, usage: {} }]);
};
const written = (events: readonly ReplyEvent[], type: "text-delta" | "tool-delta"): string =>
  events.map((event) => (event.type !== type ? "" : event.type === "text-delta" ? event.text : event.json)).join("");

/** What a model that has lost its way writes again and again. It is no markup where no call or reasoning comes of it, and stays. */
const repeated: readonly (readonly [what: string, opener: string, marker: string, rest?: (many: number) => string])[] = [
  ["ends of a turn", "", "<|end|>"],
  ["openers of harmony in code", "`", "<|channel|>analysis"],
  ["closing tags of reasoning between words", "", "a </think> b "],
  ["closers that close nothing", "", "</tool_call> "],
  ["closers inside a value", "<tool_call>f<arg_key>", "</tool_call>"],
  ["closers inside a parameter", "<function=f><parameter=a>", "</function>"],
  ["closers of another family inside JSON", "<|tool_calls|>", "<|end|>"],
  ["openers inside one another", "", "<tool_call>"],
  ["openers of a fence", "", "```tool_code\n"],
  ["white space behind a brace", "{", " "],
  ["white space behind a bracket", "[", " "],
  ["calls inside one another", "<|python_tag|>", "print(", (many) => ")".repeat(many)],
  ["braces in a list", "functools[", "{"],
  ["brackets inside one another", "<tool_call>", "["],
  ["words where members are due", "<tool_call>{", "a\n"],
  ["quotes in a string", '<tool_call>{"a": "', 'b "c '],
  ["strings without an end", "<tool_call>[", '"a ', () => ","],
  ["escaped strings without an end", "<tool_call>[", '\\"a,'],
  ["digits where a list's number may stand", "", `\n${"1".repeat(39)}x`],
  ["marks of quotes", "", "> "],
  ["quotes in a string of Python's", "<|tool_call_start|>[f(a='", "b'c "],
  ["ends of a string of Python's", "<|tool_call_start|>[f(a='b'c", "', d='e"],
  ["escaped quotes where Python's value is due", "<|tool_call_start|>[f(a=", '\\" '],
  ["tuples inside one another", "<|tool_call_start|>[f(a=", "(1,"],
  ["MiniMax's tags inside one another", "]<]minimax[>[<tool_call>", "]<]minimax[>[<a>"],
  ["MiniMax's calls inside one another", "]<]minimax[>[<tool_call>", ']<]minimax[>[<invoke name="f">'],
  ["Kimi's openers of calls", "<|open|>tools<|sep|>", '<|open|>call tool="f"<|sep|>'],
  ["Kimi's openers of arguments", '<|open|>tools<|sep|><|open|>call tool="f"<|sep|>', '<|open|>argument key="a"<|sep|>'],
  ["openers of DeepSeek's calls", "", '<|DSML|invoke name="f">'],
  ["openers of LM Studio's calls", "", "[TOOL_REQUEST]"],
  ["brackets behind Qwen's tag", "<tools>", "["],
  ["parts of XML's text without an end", '<function name="g"><param name="a">', "<![CDATA[", () => "</param></function"],
  ["openers of MiniCPM's calls", "", '<function name="f">'],
  ["openers of Step 3's calls", "", "<｜tool_calls_begin｜>"],
  ["openers of Solar's values", "<|tool_call:start|>f", "<|tool_arg:start|>"],
  ["openers of Apertus' calls", "", "<|tools_prefix|>["],
  ["names of PLaMo's calls", "<|plamo:begin_tool_requests:plamo|><|plamo:begin_tool_request:plamo|>", "<|plamo:begin_tool_name:plamo|>"],
  ["openers of GigaChat's calls", "", "function call<|role_sep|>\n"],
  ["calls of Gemma without their token", "", "call:f{"],
  ["quotes of Gemma", "<|tool_call>call:f{a:", '<|"|>'],
  ["backslashes that escape nothing", '<tool_call>{"a": "', "\\d"],
  ["headers of harmony without their token", "", "commentary to=functions.f "],
];

describe("a reply's text with many of one marker", () => {
  const limit = { timeout: 20_000 };
  const many = 30_000;
  it.each(
    repeated.flatMap(([what, opener, marker, rest = () => " c"]) =>
      [true, false].map((whole) => [what, whole ? "whole" : "streamed", opener, marker, rest(many)] as const),
    ),
  )("stays as it was: %s, %s", limit, (_, how, opener, marker, rest) => {
    const deltas = [opener, ...times(many, () => marker), rest].filter((text) => text !== "");
    const text = deltas.join("");
    const sent = (how === "whole" ? [text] : deltas).map((one): ReplyEvent => ({ type: "text-delta", text: one }));
    expect(written(reply({ type: "text-start" }, sent, { type: "text-end" }), "text-delta")).toBe(text);
  });
  it.each(["whole", "streamed"])("goes where it is markup: headers of harmony, %s", limit, (how) => {
    const header = "<|channel|>analysis<|message|>";
    const sent = how === "whole" ? [header.repeat(many)] : times(many, () => header);
    const events = reply(
      { type: "text-start" },
      sent.map((text): ReplyEvent => ({ type: "text-delta", text })),
      { type: "text-end" },
    );
    expect(written(events, "text-delta")).toBe("");
  });
});

describe("arguments with much that is broken", () => {
  it.each([
    ["braces", "[", "{"],
    ["words", "{", "a\n"],
    ["strings without an end", '{"a": [', '"b ', ","],
    ["escaped strings without an end", '{"a": [', '\\"b,'],
    ["quotes in a string", '{"a": \'', "b 'c "],
  ])("are delivered: %s", { timeout: 20_000 }, (_, opener, what, rest = "}") => {
    const json = opener + what.repeat(30_000) + rest;
    const events = reply({ type: "tool-start", id: "t", name: "f" }, [{ type: "tool-delta", json }], { type: "tool-end" });
    expect(written(events, "tool-delta")).toBe(json);
  });
});
