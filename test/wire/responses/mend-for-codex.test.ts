import { describe, expect, it } from "vitest";
import { mendForCodex } from "../../../src/wire/responses/mend-for-codex.ts";

/** What goes on of a stream, whole and byte by byte. */
function pass(stream: string): string {
  const through = (pieces: readonly Buffer[]) => {
    const mend = mendForCodex();
    return Buffer.concat([...pieces.map((piece) => mend.push(piece)), mend.end()]).toString();
  };
  const whole = through([Buffer.from(stream)]);
  expect(through([...Buffer.from(stream)].map((byte) => Buffer.from([byte])))).toBe(whole);
  return whole;
}

const named = (type: string, fields: string) => `event: ${type}\ndata: {"type":"${type}"${fields}}\n\n`;
const unnamed = (type: string, fields: string) => `data: {"type":"${type}"${fields}}\n\n`;
const ended = (usage: string) => `,"response":{"id":"r","output":[],"metadata":{"text":"\\"usage\\": {}"},"usage":${usage},"x":1.0}`;
const usageIn = (stream: string) => JSON.parse(stream.slice(stream.indexOf("{"))).response.usage;

describe("the usage of a reply that passes to Codex", () => {
  it.each([
    ["nothing lacks", '{"input_tokens":3,"output_tokens":2,"total_tokens":5}'],
    [
      "nothing lacks of its details",
      '{"input_tokens":3,"input_tokens_details":{"cached_tokens":1},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":5}',
    ],
    ["there are no details", '{"input_tokens":3,"input_tokens_details":null,"output_tokens":2,"total_tokens":5}'],
    ["nobody counted", "null"],
  ])("stays as it is where %s", (_name, usage) => {
    const stream = named("response.output_text.delta", ',"delta":"response.completed"') + named("response.completed", ended(usage));
    expect(pass(stream)).toBe(stream);
  });

  it.each([
    [
      "the figure of its details",
      '{"input_tokens":3,"output_tokens":2,"output_tokens_details":{"x":1},"total_tokens":5}',
      { x: 1, reasoning_tokens: 0 },
    ],
    [
      "a figure that is null",
      '{"input_tokens":3,"output_tokens":2,"output_tokens_details":{"reasoning_tokens":null},"total_tokens":5}',
      { reasoning_tokens: 0 },
    ],
    ["a figure that counts nothing", '{"input_tokens":3,"output_tokens":2,"total_tokens":1e300}', { reasoning_tokens: 0 }],
    ["its total", '{"input_tokens":3,"output_tokens":2}', { reasoning_tokens: 0 }],
  ])("gets what lacks: %s", (_name, usage, details) => {
    for (const [event, type] of [
      [named, "response.completed"],
      [unnamed, "response.incomplete"],
    ] as const) {
      const heard = pass(event(type, ended(usage)));
      expect(usageIn(heard)).toMatchObject({ input_tokens: 3, output_tokens: 2, total_tokens: 5, output_tokens_details: details });
      expect(heard.replace(/"usage":\{[^x]*(?:"x":1[^x]*)?\}(?=,"x":1\.0)/, '"usage":null')).toBe(event(type, ended("null")));
    }
  });

  it("is nobody's where it is counted in chat's words", () => {
    expect(usageIn(pass(named("response.completed", ended('{"prompt_tokens":3}'))))).toBeNull();
  });
});

it.each([
  ['{"type":"error","error":"Overheated."}', "server_error", "Overheated."],
  ["Overheated.", "server_error", "Overheated."],
  ['"Overheated."', "server_error", "Overheated."],
])("an error's words pass to Codex, whatever they stand in: %s", (data, code, message) => {
  const heard = pass(`event: error\ndata: ${data}\n\n`);
  expect(JSON.parse(heard.slice(heard.lastIndexOf("data: ") + 6))).toMatchObject({
    response: { status: "failed", error: { code, message } },
  });
});

it.each([
  [
    ',"code":"rate_limit_exceeded","message":"Slow down. Please try again in 11s."',
    "rate_limit_exceeded",
    "Slow down. Please try again in 11s.",
  ],
  [',"error":{"type":"server_error","message":"boom"}', "server_error", "boom"],
  [',"error":"boom"', "server_error", "boom"],
  [',"status":429,"error":{"message":"Not so fast"}', "rate_limit_exceeded", "Not so fast"],
])("an error beside the reply that passes to Codex is told as the reply's: %s", (fields, code, message) => {
  const before = named("response.created", ',"response":{"id":"r"}');
  const heard = pass(before + named("error", fields));
  expect(heard.startsWith(`${before}event: response.failed\n`)).toBe(true);
  expect(JSON.parse(heard.slice(heard.lastIndexOf("data: ") + 6))).toMatchObject({
    type: "response.failed",
    response: { status: "failed", error: { code, message } },
  });
});

it("an error of words alone that passes to Codex is told in these words", () => {
  const heard = pass("event: error\ndata: The model crashed\n\n");
  expect(JSON.parse(heard.slice(heard.indexOf("data: ") + 6))).toMatchObject({ response: { error: { message: "The model crashed" } } });
});

describe("what Codex reads of a stream that passes to it", () => {
  const created = named("response.created", ',"response":{"id":"r"}');
  const whole = (fields: string) => `,"response":{${fields}"output":[],"usage":null}`;
  const dataOf = (stream: string) => [...stream.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data));

  it("has the id of the reply in its last event, by which it began where that is known", () => {
    expect(dataOf(pass(created + named("response.completed", whole('"x":1,')))).at(-1).response).toEqual({
      x: 1,
      id: "r",
      output: [],
      usage: null,
    });
    expect(dataOf(pass(named("response.completed", whole('"id":null,')))).at(-1).response.id).toBe("");
    expect(dataOf(pass(`${created}event: response.completed\ndata: {"type":"response.completed"}\n\n`)).at(-1).response).toEqual({
      id: "r",
    });
    const own = created + named("response.completed", whole('"id":"s","y":1.0,'));
    expect(pass(own)).toBe(own);
  });

  it("has its type in each event", () => {
    const untyped = 'event: response.output_text.delta\ndata: {"item_id":"a","delta":"\\"type\\""}\n\n';
    expect(dataOf(pass(untyped))).toEqual([{ item_id: "a", delta: '"type"', type: "response.output_text.delta" }]);
    const late = 'event: response.output_text.delta\ndata: {"delta":"a","type":"response.output_text.delta"}\n\n';
    expect(pass(late)).toBe(late);
    expect(pass("event: ping\ndata: {}\n\n: beat\n\ndata: [DONE]\n\n")).toBe("event: ping\ndata: {}\n\n: beat\n\ndata: [DONE]\n\n");
  });

  it("has the items of the whole reply before its end, where none of them was told to be over", () => {
    const end = named("response.completed", ',"response":{"id":"r","output":[{"type":"message","x":1.0},{"type":"custom_tool_call"}]}');
    const over = named("response.output_item.done", ',"output_index":0,"item":{"type":"message","x":1.0}');
    const both = over + named("response.output_item.done", ',"output_index":1,"item":{"type":"custom_tool_call"}');
    expect(pass(created + end)).toBe(created + both + end);
    expect(pass(created + over + end)).toBe(created + over + end);
    const cut = named("response.incomplete", ',"response":{"id":"r","output":[{"type":"function_call"}]}');
    expect(pass(created + cut)).toBe(created + cut);
  });

  it("has no end that the server did not send", () => {
    expect(pass(created)).toBe(created);
    expect(pass(`${created}data: [DONE]\n\n`)).toBe(`${created}data: [DONE]\n\n`);
  });
});

describe("a call that passes to Codex", () => {
  const over = (item: string) =>
    named("response.output_item.done", `,"output_index":0,"item":{"type":"function_call","id":"fc_1",${item},"x":1.0}`);

  it.each([
    [
      "has an object for arguments",
      '"call_id":"c","name":"f","arguments":{"n":1.0, "s":"ü"}',
      { arguments: '{"n":1.0, "s":"ü"}', call_id: "c" },
    ],
    ["has empty arguments", '"call_id":"c","name":"get_goal","arguments":""', { arguments: "{}", call_id: "c" }],
    ["has no arguments", '"call_id":"c","name":"get_goal"', { arguments: "{}", call_id: "c" }],
    ["has no id of its own", '"name":"f","arguments":"{}"', { arguments: "{}", call_id: "fc_1" }],
  ])("can be run where it %s", (_how, item, expected) => {
    const heard = pass(over(item));
    expect(JSON.parse(heard.slice(heard.indexOf("{"))).item).toMatchObject({ type: "function_call", id: "fc_1", ...expected });
    expect(heard).toContain('"x":1.0');
  });

  it("can be run where it stands at the reply's end alone", () => {
    const heard = pass(
      named(
        "response.completed",
        ',"response":{"id":"r","output":[{"type":"function_call","call_id":"c","name":"f","arguments":""}],"usage":null}',
      ),
    );
    expect(heard).toContain('"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}');
  });

  it.each(['"call_id":"c","name":"f","arguments":"{\\"a\\": 1.0}"', '"call_id":"c","name":"f","arguments":"not JSON"'])(
    "stays as it is where Codex can read it: %s",
    (item) => expect(pass(over(item))).toBe(over(item)),
  );

  it("is not run where it was cut", () => {
    const cut = over('"call_id":"c","name":"f","status":"incomplete","arguments":""');
    expect(pass(cut)).toBe(cut);
  });

  it("is no other item", () => {
    const other = named(
      "response.output_item.done",
      ',"output_index":0,"item":{"type":"custom_tool_call","call_id":"c","name":"p","input":""}',
    );
    expect(pass(other)).toBe(other);
  });
});
