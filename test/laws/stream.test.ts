import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../src/model/json.ts";
import type { ClientWire } from "../../src/model/wire.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";
import { responsesClient } from "../../src/wire/responses/client.ts";
import { readMessagesStream } from "../support/messages-grammar.ts";
import { problemsOfResponse, readResponsesStream } from "../support/responses-grammar.ts";
import { chatCompletion, chatStream, cutAt, cuts, habit, hostile, requestOf, type Saying, saying } from "./arbitraries.ts";
import { translate } from "./translation.ts";

// biome-ignore lint/suspicious/noExplicitAny: replies of the wires.
type Json = any;
/** In the order in which it is said; each call as this client spells it. */
type Part = readonly ["text" | "thinking" | "call", ...unknown[]];

/** What a reply comes to for a client, and what is against the form of its wire. */
interface Told {
  readonly problems: readonly string[];
  readonly parts: readonly Part[];
  readonly end: string | undefined;
  readonly error: string | undefined;
  readonly usage: unknown;
}

interface Client {
  readonly wire: ClientWire;
  readonly body: object;
  stream(text: string): Told;
  reply(reply: Json): Told;
  /** A call of the model's as this client is told of it. */
  call(call: Saying["calls"][number]): readonly unknown[];
  end(say: Saying): string;
  readonly usage: object;
  /** How a cut stream ends. */
  readonly cut: Pick<Told, "end" | "error">;
  /** Streams that are spoiled, each of which the checker of these laws has to see. */
  readonly spoilt: readonly (readonly [what: string, spoil: (text: string) => string])[];
}

const messages: Client = {
  wire: messagesClient,
  body: requestOf([{ role: "user", content: "hello" }]),
  stream(text) {
    const { problems, blocks, stop, error, usage } = readMessagesStream(text);
    const parts = blocks.map((block): Part => {
      if (block.type === "tool_use") return ["call", block.name, parseJson(block.json)];
      return block.type === "text" ? ["text", block.text] : ["thinking", block.thinking];
    });
    return { problems, parts, end: stop, error: error?.type, usage };
  },
  reply({ content, stop_reason, usage }) {
    const parts = content.map((block: Json): Part => {
      if (block.type === "tool_use") return ["call", block.name, block.input];
      return block.type === "text" ? ["text", block.text] : ["thinking", block.thinking];
    });
    return { problems: [], parts, end: stop_reason, error: undefined, usage };
  },
  call: ({ name, json }) => [name, JSON.parse(json)],
  end: ({ calls }) => (calls.length > 0 ? "tool_use" : "end_turn"),
  usage: { input_tokens: 221, cache_read_input_tokens: 100, output_tokens: 45 },
  cut: { end: undefined, error: expect.any(String) },
  spoilt: [
    ["a block twice", (text) => text.replace(/(event: content_block_stop\n.*\n\n)/, "$1$1")],
    ["a block that does not end", (text) => text.replace(/event: content_block_stop\n.*\n\n/, "")],
    [
      "a block of a kind that no client knows",
      (text) => text.replace('"content_block":{"type":"text"', '"content_block":{"type":"novelty"'),
    ],
    ["a delta of another kind than its block", (text) => text.replace('"type":"text_delta","text"', '"type":"thinking_delta","thinking"')],
    ["a delta of no known kind", (text) => text.replace('"type":"text_delta"', '"type":"novel_delta"')],
    ["no stop reason", (text) => text.replace('"stop_reason":"end_turn"', '"stop_reason":null')],
    ["no end", (text) => text.replace(/event: message_stop\n.*\n\n/, "")],
  ],
};

const partsOf = (items: readonly Json[]): readonly Part[] =>
  items.flatMap(({ type, name, namespace, arguments: json, input, content, summary }): readonly Part[] => {
    if (type === "message") return [["text", content.map((part: Json) => part.text ?? part.refusal).join("")]];
    if (type === "reasoning") return [["thinking", summary.map((part: Json) => part.text).join("")]];
    return type.endsWith("_call") ? [["call", type, namespace, name, input ?? parseJson(json)]] : [];
  });

const responses: Client = {
  wire: responsesClient,
  /** With tools of every kind that Codex has, under names that the model sees as `arbitraries` says them. */
  body: {
    model: "m",
    input: "hello",
    stream: true,
    tools: [
      { type: "function", name: "Read", parameters: { type: "object" }, strict: false },
      { type: "custom", name: "Bash", format: { type: "text" } },
      { type: "namespace", name: "mcp__files", tools: [{ type: "function", name: "list_everything", parameters: { type: "object" } }] },
    ],
  },
  stream(text) {
    const { problems, items, ended, response } = readResponsesStream(text);
    return { problems, parts: partsOf(items), end: ended, error: response?.error?.code, usage: response?.usage };
  },
  reply(reply) {
    const { output, status, error, usage } = reply;
    return { problems: problemsOfResponse(reply), parts: partsOf(output), end: status, error: error?.code, usage };
  },
  call({ name, json }) {
    if (name === "Bash") return ["custom_tool_call", undefined, name, expect.anything()];
    const [namespace, own] = name === "Read" ? [undefined, name] : ["mcp__files", "list_everything"];
    return ["function_call", namespace, own, JSON.parse(json)];
  },
  // A reply of nothing is a failure: Codex would take it for the end of its task.
  end: ({ thinking, text, calls }) => (thinking.length + text.length + calls.length === 0 ? "failed" : "completed"),
  usage: { input_tokens: 321, input_tokens_details: { cached_tokens: 100 }, output_tokens: 45 },
  cut: { end: "failed", error: "server_error" },
  spoilt: [
    ["an event twice", (text) => text.replace(/(event: response.in_progress\n.*\n\n)/, "$1$1")],
    ["a delta that is lost", (text) => text.replace(/event: response.output_text.delta\n.*\n\n/, "")],
    ["an item that is not done", (text) => text.replace(/event: response.output_item.done\n.*\n\n/, "")],
    ["a key that is missing", (text) => text.replaceAll('"store":true,', "")],
    ["no end", (text) => text.replace(/event: response.completed\n.*\n\n/, "")],
    ["an item of a kind that no client knows", (text) => text.replaceAll('"type":"message"', '"type":"novelty"')],
  ],
};

const runs = (usual: number) => ({ numRuns: Number(process.env["FCC_LAW_RUNS"] ?? usual) });
const bytesOf = (text: string) => new TextEncoder().encode(text);
const plain = fc.sample(habit, { numRuns: 1, seed: 1 })[0] as never;

describe.each([
  ["Messages", messages],
  ["Responses", responses],
])("the laws of a translated stream for a client of %s", (_wire, client) => {
  /** Ids differ from run to run only by the counter; a fresh translation counts from one again. */
  const told = (parts: readonly Uint8Array[], failed = false) => translate(client.body, {}, client.wire).stream(parts, failed);

  it("chunk invariance: any split of the bytes gives the same stream", () => {
    fc.assert(
      fc.property(saying, habit, cuts, (say, how, places) => {
        const bytes = bytesOf(chatStream(say, how));
        expect(told(cutAt(bytes, places))).toBe(told([bytes]));
      }),
      runs(150),
    );
  });

  it("chunk invariance holds byte by byte", () => {
    fc.assert(
      fc.property(saying, habit, (say, how) => {
        const bytes = bytesOf(chatStream(say, how));
        expect(told(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toBe(told([bytes]));
      }),
      runs(30),
    );
  });

  it("conservation: text, thinking and calls go in and come out, once, in order, as this client spells them", () => {
    fc.assert(
      fc.property(saying, habit, (say, how) => {
        const { problems, parts, end, usage } = client.stream(told([bytesOf(chatStream(say, how))]));
        expect(problems).toEqual([]);
        const joined = (kind: Part[0]) => parts.flatMap(([one, text]) => (one === kind ? [text] : [])).join("");
        expect(joined("text")).toBe(say.text.join(""));
        expect(joined("thinking")).toBe(say.thinking.join(""));
        expect(parts.flatMap(([kind, ...call]) => (kind === "call" ? [call] : []))).toEqual(say.calls.map(client.call));
        expect(end).toBe(client.end(say));
        expect(usage).toMatchObject(client.usage);
      }),
      runs(200),
    );
  });

  it("grammar: whatever the upstream sends, the client gets a legal stream with exactly one ending", () => {
    fc.assert(
      fc.property(hostile, cuts, fc.boolean(), (text, places, failed) => {
        const out = told(cutAt(bytesOf(text), places), failed);
        expect(client.stream(out).problems, `${text}\n->\n${out}`).toEqual([]);
      }),
      runs(400),
    );
  });

  it("a cut stream is an error, never an ending, wherever it is cut", () => {
    fc.assert(
      fc.property(saying, habit, fc.nat(), (say, how, at) => {
        const text = chatStream(say, { ...how, comments: false });
        const bytes = bytesOf(text);
        const finish = text.search(/"finish_reason":"/);
        const { problems, end, error } = client.stream(told([bytes.subarray(0, at % (finish < 0 ? bytes.length : finish))], true));
        expect(problems).toEqual([]);
        expect({ end, error }).toEqual(client.cut);
      }),
      runs(150),
    );
  });

  it("one story: the folded stream is the reply that comes at once", () => {
    fc.assert(
      fc.property(saying, habit, (say, how) => {
        const whole = translate(client.body, {}, client.wire);
        const reply = client.reply(whole.accepted.write.reply(whole.reply(chatCompletion(say, how))));
        const { usage, ...streamed } = client.stream(told([bytesOf(chatStream(say, how))]));
        expect({ ...reply, usage }).toEqual({ ...streamed, usage });
        expect(reply.usage).toMatchObject(client.usage);
      }),
      runs(150),
    );
  });

  it.each(client.spoilt)("the checker of these laws sees %s", (_name, spoil) => {
    const whole = told([bytesOf(chatStream({ thinking: [], text: ["one", "two"], calls: [] }, plain))]);
    expect(client.stream(whole).problems).toEqual([]);
    expect(client.stream(spoil(whole)).problems).not.toEqual([]);
  });
});

it("the checker lets a block of a server's own kind pass only where it is told to", () => {
  const own = '{"type":"novelty","x":1}';
  const start = `event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":${own}}\n\n`;
  const stop = 'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n';
  const whole = translate(messages.body).stream([bytesOf(chatStream({ thinking: [], text: [], calls: [] }, plain))]);
  const spoiled = whole.replace(/(?=event: message_delta)/, start + stop);
  expect(readMessagesStream(spoiled, { foreign: true }).problems).toEqual([]);
  expect(readMessagesStream(spoiled).problems).toEqual(["a block of the unknown kind novelty"]);
});
