import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCorpus } from "./corpus.ts";
import { randomFrom, seedOf } from "./random.ts";
import type { Target } from "./target.ts";
import { failures } from "./targets/bytes.ts";
import { targetsOf } from "./targets/index.ts";
import { markup } from "./targets/markup.ts";
import { streams, wholeReplies } from "./targets/replies.ts";
import { requests } from "./targets/requests.ts";

const root = join(import.meta.dirname, "../..");
const corpus = readCorpus(root);
/** JSON can say an object that has no way to become text. */
const odd = { toString: 1 };
const user = (content: unknown) => ({ model: "m", max_tokens: 5, messages: [{ role: "user", content }] });
const chatReply = (choice: object) => ({ id: "c", choices: [{ index: 0, message: { role: "assistant", content: "hi" }, ...choice }] });
const asked = (client: string, body: unknown, provider = "chat", quirks = {}) => ({ client, provider, quirks, body });
const replied = (provider: string, reply: unknown, client = "responses") => ({ client, provider, quirks: {}, reply });
const streamed = (provider: string, events: readonly object[], client = "responses") => {
  const parts = [Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""))];
  return { client, provider, quirks: {}, parts, idleAfter: 1, end: "end" };
};
const refused = (body: string) => ({ wire: "chat", status: 400, headers: {}, body });
const schema = { type: "object", properties: { a: { type: "constructor", format: "x" } } };

const said = (text: string) => [
  { type: "reply-start", id: "r" },
  { type: "text-start" },
  { type: "text-delta", text },
  { type: "text-end" },
  { type: "reply-end", stop: { reason: "end" }, usage: {} },
];
const wide = (open: string, close: string) => said(`${open}<parameter=file_path>a${" ".repeat(20_000)}b</parameter>${close}`);

const called = (json: string) => [
  { type: "reply-start", id: "r" },
  { type: "tool-start", id: "c", name: "Bash" },
  { type: "tool-delta", json },
  { type: "tool-end" },
  { type: "reply-end", stop: { reason: "tool-use" }, usage: {} },
];

/** What the fuzzer has found, each once. */
describe("what was found stays mended", () => {
  it.each<[name: string, target: unknown, input: unknown]>([
    ["an error's type that every object has", wholeReplies(corpus), replied("messages", { type: "__proto__" })],
    ["a code that every object has", failures(corpus), refused('{"error":{"message":"no","code":"constructor"}}')],
    ["a message that cannot be printed", failures(corpus), refused("\u0018")],
    ["a complaint about a place that is no text", failures(corpus), refused('{"detail":[{"loc":["body",{"toString":1}],"msg":"bad"}]}')],
    [
      "a header repeated in an error that is no text",
      failures(corpus),
      refused('{"error":{"message":"no","metadata":{"raw":"x","headers":{"a":{"toString":1}}}}}'),
    ],
    ["arguments that are a string", markup, { quirks: {}, events: called('"a\\nb"') }],
    ["a choice's index that is no number", wholeReplies(corpus), replied("chat", chatReply({ index: odd, finish_reason: "stop" }))],
    ["a finish reason that every object has", wholeReplies(corpus), replied("chat", chatReply({ finish_reason: "constructor" }))],
    [
      "a stop reason that every object has",
      wholeReplies(corpus),
      replied("messages", {
        type: "message",
        id: "m",
        role: "assistant",
        content: [{ type: "text", text: "hi" }],
        stop_reason: "toString",
      }),
    ],
    [
      "an item of an unknown kind whose call_id is no text",
      streams(corpus),
      streamed("responses", [
        { type: "response.created", response: { id: "r", model: "m" } },
        { type: "response.output_item.done", output_index: 0, item: { id: "i", type: "unknown", call_id: [["x"]] } },
        { type: "response.completed", response: { id: "r", model: "m", status: "completed", output: [] } },
      ]),
    ],
    [
      "a block's type that every object has, with an input",
      streams(corpus),
      streamed(
        "messages",
        [
          { type: "message_start", message: { id: "m", type: "message", role: "assistant", model: "m", content: [], usage: {} } },
          {
            type: "content_block_start",
            index: 0,
            content_block: { type: "__proto__", id: "x", name: "Read", input: { file_path: "/a" } },
          },
          { type: "content_block_stop", index: 0 },
          { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } },
          { type: "message_stop" },
        ],
        "messages",
      ),
    ],
    [
      "two items of an unknown kind with one id",
      wholeReplies(corpus),
      replied("responses", { id: "r", status: "completed", output: Array(2).fill({ id: "i", type: "unknown", status: "completed" }) }),
    ],
    ["an image's source of no type", requests(corpus), asked("messages", user([{ type: "image", source: { type: odd } }]))],
    [
      "a document's media type that is no text",
      requests(corpus),
      asked("messages", user([{ type: "document", source: { type: "base64", media_type: odd, data: "eA==" } }])),
    ],
    ["a role that is no text", requests(corpus), asked("responses", { model: "m", input: [{ type: "message", role: odd, content: "x" }] })],
    [
      "a content part's type that is no text",
      requests(corpus),
      asked("responses", { model: "m", input: [{ type: "message", role: "user", content: [{ type: odd }] }] }),
    ],
    [
      "a block of nothing inside another's content",
      requests(corpus),
      asked("messages", user([{ type: "search_result", source: "s", title: "t", content: [null] }]), "messages"),
    ],
    ["a tool's type that is no text", requests(corpus), asked("responses", { model: "m", input: "x", tools: [{ type: odd }] })],
    [
      "a schema's type that every object has",
      requests(corpus),
      asked("chat", { ...user("x"), tools: [{ type: "function", function: { name: "a", parameters: schema } }] }, "chat", {
        toolSchema: "gemini",
      }),
    ],
    [
      "a required property that is no text",
      requests(corpus),
      asked(
        "chat",
        { ...user("x"), tools: [{ type: "function", function: { name: "a", parameters: { ...schema, required: [odd] } } }] },
        "chat",
        { toolSchema: "plain" },
      ),
    ],
    ["a call written with much white space before its end", markup, { quirks: {}, events: wide("<function=Read>", "</function>") }],
    [
      "one recipient behind the other in gpt-oss's format",
      markup,
      { quirks: {}, events: said(`<|channel|>analysis ${"to=".repeat(60)} we say here.`) },
    ],
    ["one between tags", markup, { quirks: {}, events: wide("<tool_call>{", "</tool_call>") }],
    [
      "one in a fence",
      markup,
      { quirks: {}, events: wide("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>Read\n```json", "") },
    ],
  ])("%s", async (_name, target, input) => {
    expect(await (target as Target).check(input)).toBeUndefined();
  });
});

/** The fuzzer itself, for a moment: its inputs can be made, checked and shown. `npm run fuzz` is the long way. */
describe("a few inputs of each kind", () => {
  it.each(targetsOf(corpus, root).map((target) => [target.name, target] as const))("%s", async (name, target) => {
    await target.open?.();
    try {
      for (let index = 0; index < 20; index += 1) {
        const input = target.make(randomFrom(seedOf(1, name, index)));
        expect(await target.check(input), target.show(input)).toBeUndefined();
      }
    } finally {
      await target.close?.();
    }
  });
});
