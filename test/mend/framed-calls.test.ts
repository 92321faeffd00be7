import { describe, expect, it } from "vitest";
import { knownTools } from "../../src/mend/known-tools.ts";
import { textTools } from "../../src/mend/markup/text-tools.ts";
import { thinkTags } from "../../src/mend/markup/think-tags.ts";
import { pipe, runStage } from "../../src/model/pipe.ts";
import { events, fold, numbered, type Part, tool, walk } from "./walk.ts";

const offered = [tool("Read", { file_path: { type: "string" }, limit: { type: "integer" }, lines: { type: "array", items: {} } })];
const tools = knownTools(new Map(offered.map((one) => [one.name, one])));
const stage = () => pipe(thinkTags("start"), numbered(textTools(tools, () => false)));
const read = (value: unknown, id = "call_1"): Part => ({ call: "Read", arguments: JSON.stringify(value), id });
const told = (text: string) => walk(stage, { parts: [{ text }], stop: "end" }).parts;

const argument = (key: string, value: string, type = "string") =>
  `<|open|>argument key="${key}" type="${type}"<|sep|>${value}<|close|>argument<|sep|>`;
const call = (...body: string[]) => `<|open|>call tool="Read" index="1"<|sep|>${body.join("")}<|close|>call<|sep|>`;
const section = (...body: string[]) => `<|open|>tools<|sep|>${body.join("")}<|close|>tools<|sep|>`;

describe("Kimi K3's tags", () => {
  it.each<[name: string, text: string, parts: Part[]]>([
    [
      "a whole turn",
      `<|open|>think<|sep|>hm<|close|>think<|sep|><|open|>response<|sep|>So.<|close|>response<|sep|>${section(
        call(argument("file_path", "a <|b\n"), argument("limit", "3", "number")),
        call(argument("lines", "[1, 2]", "array")),
      )}<|close|>message<|sep|><|end_of_msg|>`,
      [{ thinking: "hm" }, { text: "So." }, read({ file_path: "a <|b\n", limit: 3 }), read({ lines: [1, 2] }, "call_2")],
    ],
    ["the end that vLLM leaves in the text", "So.<|close|>message<|sep|>", [{ text: "So." }]],
    [
      "spaces between its tokens and words",
      '<|open|> think <|sep|> hm <|close|> think <|sep|> <|open|> response <|sep|> So. <|close|> response <|sep|> <|open|> tools <|sep|> <|open|> call tool="Read" index="1" <|sep|> <|open|> argument key="file_path" type="string" <|sep|> a b  <|close|> argument <|sep|> <|open|> argument key="limit" type="number" <|sep|> 3 <|close|> argument <|sep|> <|close|> call <|sep|> <|close|> tools <|sep|> <|close|> message <|sep|>',
      [{ thinking: "hm" }, { text: " So." }, read({ file_path: "a b ", limit: 3 })],
    ],
    ["arguments as JSON", section(call('<|open|>json type="object"<|sep|>{"limit": 3}<|close|>json<|sep|>')), [read({ limit: 3 })]],
    ["a closer in a value", section(call(argument("file_path", "<|close|>tools<|sep|>"))), [read({ file_path: "<|close|>tools<|sep|>" })]],
    ["no closer", `<|open|>tools<|sep|>${call(argument("limit", "3", "number"))}`, [read({ limit: 3 })]],
  ])("%s", (_, text, parts) => {
    expect(told(text)).toEqual(parts);
  });

  it.each([
    section('<|open|>call tool="Nope" index="1"<|sep|><|close|>call<|sep|>'),
    section(call("words")),
    '<|open|>tools<|sep|><|open|>call tool="Read" index="1"<|sep|><|open|>argument key="file_path" type="string"<|sep|>/ho',
  ])("that are no call stay: %s", (text) => {
    expect(told(text)).toEqual([{ text }]);
  });
});

const token = "]<]minimax[>[";
const tag = (name: string, body: string, attributes = "") => `${token}<${name}${attributes}>${body}${token}</${name}>\n`;
const invoke = (...body: string[]) => tag("invoke", `\n${body.join("")}`, ' name="Read"');

describe("MiniMax M3's tags", () => {
  it.each<[name: string, text: string, parts: Part[]]>([
    [
      "two calls behind a thought",
      `<mm:think>hm</mm:think>So.${tag("tool_call", `\n${invoke(tag("file_path", "<b>a</b>\n"), tag("limit", "3"))}${invoke(tag("file_path", "b"))}`)}`,
      [{ thinking: "hm" }, { text: "So." }, read({ file_path: "<b>a</b>\n", limit: 3 }), read({ file_path: "b" }, "call_2")],
    ],
    [
      "a list, and objects in it",
      tag("tool_call", invoke(tag("lines", tag("item", "a") + tag("item", tag("from", "1") + tag("to", "2"))))),
      [read({ lines: ["a", { from: "1", to: "2" }] })],
    ],
    ["no arguments", tag("tool_call", invoke()), [read({})]],
    ["a tag that comes again", tag("tool_call", invoke(tag("lines", "a"), tag("lines", "b"))), [read({ lines: ["a", "b"] })]],
    [
      "a tag that comes again in another",
      tag("tool_call", invoke(tag("other", tag("tag", "a") + tag("tag", "b")))),
      [read({ other: { tag: ["a", "b"] } })],
    ],
    [
      "closing tags without the token before them",
      `${token}<tool_call>\n${token}<invoke name="Read">${token}<file_path>a b</file_path>${token}<limit>6</limit>${token}</invoke>\n${token}</tool_call>`,
      [read({ file_path: "a b", limit: 6 })],
    ],
    [
      "such a tag in a value",
      tag("tool_call", invoke(tag("file_path", "<file_path>a</file_path>"))),
      [read({ file_path: "<file_path>a</file_path>" })],
    ],
  ])("%s", (_, text, parts) => {
    expect(told(text)).toEqual(parts);
  });

  it("that are opened without end are no call", () => {
    const text = tag("tool_call", invoke(`${token}<a>`.repeat(20_000))).trim();
    expect(fold(runStage(stage(), events({ parts: [{ text }], stop: "end" }))).parts).toEqual([{ text }]);
  });

  it.each([tag("tool_call", invoke("words")).trim(), `${token}<tool_call>\n${token}<invoke name="Read">\n${token}<file_path>/ho`])(
    "that are no call stay: %s",
    (text) => {
      expect(told(text)).toEqual([{ text }]);
    },
  );
});

describe("a tag of reasoning inside a call", () => {
  it.each([
    '<tool_call>{"name":"Read","arguments":{"file_path":"VALUE"}}</tool_call>',
    "<function=Read><parameter=file_path>VALUE</parameter></function>",
    '[TOOL_CALLS]Read[ARGS]{"file_path":"VALUE"}',
    '{"name":"Read","arguments":{"file_path":"VALUE"}}',
  ])("is a part of its value: %s", (markup) => {
    expect(told(markup.replace("VALUE", "split('</think>')[1]"))).toEqual([read({ file_path: "split('</think>')[1]" })]);
  });
});

it("the end of reasoning in which a call was written goes with the call", () => {
  const markup = '<tool_call>{"name":"Read","arguments":{"limit":3}}</tool_call>';
  expect(told(`hm ${markup}\n</think>\n\n`)).toEqual([{ text: "hm" }, read({ limit: 3 })]);
});

describe("calls inside reasoning, by tokens that nobody writes to speak of them", () => {
  it.each([
    '<|tool_calls_section_begin|> <|tool_call_begin|> functions.Read:0 <|tool_call_argument_begin|> {"limit": 3} <|tool_call_end|> <|tool_calls_section_end|>',
    '<minimax:tool_call>\n<invoke name="Read">\n<parameter name="limit">3</parameter>\n</invoke>\n</minimax:tool_call>',
    section(call(argument("limit", "3", "number"))),
    tag("tool_call", invoke(tag("limit", "3"))).trim(),
  ])("%s", (markup) => {
    const call = read({ limit: 3 }, expect.stringMatching(/^call_1$|^functions\.Read:0$/));
    expect(walk(stage, { parts: [{ thinking: `hm${markup}` }], stop: "end" }).parts).toEqual([{ thinking: "hm" }, call]);
    // Nothing else was thought.
    expect(walk(stage, { parts: [{ thinking: markup }], stop: "end" }).parts).toEqual([call]);
    expect(walk(stage, { parts: [{ thinking: markup, seal: "s" }], stop: "end" }).parts).toEqual([{ thinking: "", seal: "s" }, call]);
  });
});
