import { describe, expect, it } from "vitest";
import type { ReplyEvent, Usage } from "../../../src/model/event.ts";
import type { Failure } from "../../../src/model/failure.ts";
import { runStage } from "../../../src/model/pipe.ts";
import type { Audience } from "../../../src/model/wire.ts";
import { messagesClient } from "../../../src/wire/messages/client.ts";
import { readMessagesStream } from "../../support/messages-grammar.ts";

const ids = { next: (prefix: string) => `${prefix}1` };
function writer(audience?: Audience) {
  const accepted = messagesClient.accept(
    { model: "opus:mine", max_tokens: 9, messages: [{ role: "user", content: "x" }] },
    { ids, now: 0, ...(audience && { audience }) },
  );
  if ("failure" in accepted) throw new Error("refused");
  return accepted.write;
}
const start: ReplyEvent = { type: "reply-start", id: "chatcmpl-1" };
const end = (reason: "end" | "tool-use" | "max-output" | "refusal" = "end", usage: Usage = { input: 10, output: 2 }): ReplyEvent => ({
  type: "reply-end",
  stop: { reason },
  usage,
});
const text = (...pieces: string[]): ReplyEvent[] => [
  { type: "text-start" },
  ...pieces.map((piece) => ({ type: "text-delta", text: piece }) as const),
  { type: "text-end" },
];
const thinking = (piece: string): ReplyEvent[] => [
  { type: "thinking-start" },
  { type: "thinking-delta", text: piece },
  { type: "thinking-end" },
];
const tool = (id: string, ...json: string[]): ReplyEvent[] => [
  { type: "tool-start", id, name: "Read" },
  ...json.map((piece) => ({ type: "tool-delta", json: piece }) as const),
  { type: "tool-end" },
];
const stream = (...events: ReplyEvent[]) => runStage(writer().stream("req_1"), events);
const datas = (chunks: string[]) => chunks.map((chunk) => JSON.parse(chunk.split("data: ")[1] ?? ""));
const reply = (...events: ReplyEvent[]) => writer().reply(events) as Record<string, unknown> & { content: Record<string, unknown>[] };

describe("a reply as a stream", () => {
  it("is the exact grammar, one event a string", () => {
    const chunks = stream(start, ...thinking("hm"), ...text("a", "b\u2028\n\n"), ...tool("t1", '{"a":', "1}"), end("tool-use"));
    for (const chunk of chunks) expect(chunk).toMatch(/^event: \w+\ndata: \{[^\n]*\}\n\n$/);
    const told = readMessagesStream(chunks.join(""));
    expect(told.problems).toEqual([]);
    expect(told.blocks.map(({ type, text, thinking, json }) => [type, text, thinking, json])).toEqual([
      ["thinking", "", "hm", ""],
      ["text", "a" + "b\u2028\n\n", "", ""],
      ["tool_use", "", "", '{"a":1}'],
    ]);
    expect(told).toMatchObject({ model: "opus:mine", stop: "tool_use" });
    expect(chunks[0]).toContain('"id":"msg_1"');
  });

  it("signs reasoning that has no seal with a stand-in that is recognisable", () => {
    const signature = datas(stream(start, ...thinking("hm"), ...text("a"), end())).find(({ delta }) => delta?.type === "signature_delta")
      ?.delta.signature;
    expect(signature).toMatch(/^fcc\.[\w-]+$/);
  });

  it("carries the seal of another wire through the client and back", () => {
    const seal = { wire: "chat", maker: "lab/m", value: "opaque" } as const;
    const message = reply(
      start,
      { type: "thinking-start" },
      { type: "thinking-delta", text: "hm" },
      { type: "thinking-end", seal },
      ...text("a"),
      end(),
    );
    const again = messagesClient.accept(
      { model: "m", max_tokens: 1, messages: [{ role: "assistant", content: message.content }] },
      { ids, now: 0 },
    );
    expect(again).toMatchObject({ request: { turns: [{ parts: [{ type: "thinking", text: "hm", seal }, { text: "a" }] }] } });
  });

  it.each<[name: string, events: ReplyEvent[], blocks: string[]]>([
    ["empty text opens no block", [...text(), ...text("", ""), ...tool("t", "{}")], ["tool_use"]],
    ["empty reasoning opens no block", [{ type: "thinking-start" }, { type: "thinking-end" }, ...text("a")], ["text"]],
    [
      "reasoning that is only sealed is a block",
      [{ type: "thinking-start" }, { type: "thinking-end", seal: { wire: "responses", value: "x" } }, ...text("a")],
      ["thinking", "text"],
    ],
    [
      "redacted reasoning stays redacted",
      [{ type: "thinking-start" }, { type: "thinking-end", seal: { wire: "messages", value: "redacted:ZA==" } }, ...text("a")],
      ["redacted_thinking", "text"],
    ],
    ["reasoning between texts stays", [...text("a"), ...thinking("b"), ...text("c")], ["text", "thinking", "text"]],
    [
      "a block that only this wire has",
      [
        {
          type: "opaque",
          part: { wire: "messages", value: { type: "server_tool_use", id: "s", name: "web_search", input: { query: "q" } } },
        },
        ...text("a"),
      ],
      ["server_tool_use", "text"],
    ],
    [
      "a search that a provider of another wire ran",
      [
        {
          type: "opaque",
          part: {
            wire: "responses",
            value: {},
            search: { id: "ws:1", query: "cats", found: [{ url: "https://example.com", title: "Cats" }] },
          },
        },
        ...text("a"),
      ],
      ["server_tool_use", "web_search_tool_result", "text"],
    ],
    ["a part of another wire in words", [{ type: "opaque", part: { wire: "responses", value: {}, text: "said" } }], ["text"]],
    ["a part of another wire without words", [{ type: "opaque", part: { wire: "responses", value: {} } }, ...text("a")], ["text"]],
  ])("%s", (_, events, blocks) => {
    const told = readMessagesStream(stream(start, ...events, end()).join(""));
    expect(told.problems).toEqual([]);
    expect(told.blocks.map(({ type }) => type)).toEqual(blocks);
    expect(reply(start, ...events, end()).content.map(({ type }) => type)).toEqual(blocks);
  });

  it("a search has its query as a call and its pages as the result of that call", () => {
    const search = { id: "ws:1", query: "cats", found: [{ url: "https://example.com", title: "Cats" }] };
    const events: ReplyEvent[] = [start, { type: "opaque", part: { wire: "responses", value: {}, search } }, end()];
    expect(reply(...events).content).toMatchObject([
      { type: "server_tool_use", id: "srvtoolu_ws_1", name: "web_search", input: { query: "cats" } },
      {
        type: "web_search_tool_result",
        tool_use_id: "srvtoolu_ws_1",
        content: [{ type: "web_search_result", url: "https://example.com", title: "Cats" }],
      },
    ]);
    expect(readMessagesStream(stream(...events).join("")).blocks[0]?.json).toBe('{"query":"cats"}');
  });

  it("a call without arguments has an empty object, once", () => {
    const told = readMessagesStream(stream(start, ...tool("t", "", ""), end("tool-use")).join(""));
    expect(told.blocks[0]?.json).toBe("{}");
  });

  it.each<[events: ReplyEvent[], said: "end" | "tool-use", told: string]>([
    [tool("t", "{}"), "end", "tool_use"],
    [text("a"), "tool-use", "end_turn"],
  ])("the stop reason agrees with the blocks", (events, said, told) => {
    expect(reply(start, ...events, end(said)).stop_reason).toBe(told);
    expect(readMessagesStream(stream(start, ...events, end(said)).join("")).stop).toBe(told);
  });

  it.each<[stop: Extract<ReplyEvent, { type: "reply-end" }>["stop"], expected: object]>([
    [{ reason: "max-output" }, { stop_reason: "max_tokens", stop_sequence: null }],
    [{ reason: "window-full" }, { stop_reason: "model_context_window_exceeded" }],
    [{ reason: "pause" }, { stop_reason: "pause_turn" }],
    [
      { reason: "stop-sequence", sequence: "END" },
      { stop_reason: "stop_sequence", stop_sequence: "END" },
    ],
    [
      { reason: "refusal", explanation: "no" },
      { stop_reason: "refusal", stop_details: { type: "refusal", category: null, explanation: "no" } },
    ],
  ])("stop %j", (stop, expected) => {
    const ending: ReplyEvent = { type: "reply-end", stop, usage: {} };
    expect(reply(start, ...text("a"), ending)).toMatchObject(expected);
    expect(datas(stream(start, ...text("a"), ending)).at(-2).delta).toMatchObject(expected);
  });

  it("input tokens leave out what the cache gave and took; all four figures are always there", () => {
    const usage = { input: 120, cacheRead: 30, cacheWrite: 20, output: 5, reasoning: 3 };
    expect(reply(start, ...text("a"), { type: "reply-end", stop: { reason: "end" }, usage }).usage).toEqual({
      input_tokens: 70,
      cache_read_input_tokens: 30,
      cache_creation_input_tokens: 20,
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 3 },
    });
    expect(reply(start, ...text("a"), { type: "reply-end", stop: { reason: "end" }, usage: {} }).usage).toEqual({
      input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
      output_tokens: 0,
    });
  });

  it("shows that it lives by pings, before the start too, and not after the end", () => {
    const stage = writer().stream("r");
    const ping = 'event: ping\ndata: {"type":"ping"}\n\n';
    expect(stage.idle()).toEqual([ping]);
    stage.push(start);
    expect(stage.idle()).toEqual([ping]);
    stage.push(end());
    expect(stage.idle()).toEqual([]);
    expect(stage.end()).toEqual([]);
  });
});

describe("a failure in the stream", () => {
  const failure = (kind: Failure["kind"]): Failure => ({ kind, origin: "provider", message: "boom", provider: "lab (http://x)" });
  it.each<[kind: Failure["kind"], before: string, after: string]>([
    ["overloaded", "overloaded_error", "overloaded_error"],
    ["rate-limited", "overloaded_error", "rate_limit_error"],
    ["unreachable", "overloaded_error", "overloaded_error"],
    ["timed-out", "overloaded_error", "timeout_error"],
    ["cut-off", "overloaded_error", "api_error"],
    ["bad-request", "invalid_request_error", "invalid_request_error"],
    ["unauthorized", "policy_blocked", "policy_blocked"],
  ])("%s is told once, and ends it", (kind, before, after) => {
    const early = writer().stream("req_9");
    const [first] = early.fail(failure(kind));
    expect(first).toBe(
      `event: error\ndata: ${JSON.stringify({ type: "error", error: { type: before, message: "lab (http://x): boom" }, request_id: "req_9" })}\n\n`,
    );
    expect([...early.push(start), ...early.end()]).toEqual([]);
    const late = stream(start, ...text("a"), { type: "failure", failure: failure(kind) });
    expect(datas(late).at(-1).error.type).toBe(after);
    expect(late.join("")).not.toContain("message_stop");
  });

  it("a call that was not complete is not closed, so that it does not run", () => {
    const chunks = stream(
      start,
      { type: "tool-start", id: "t", name: "Bash" },
      { type: "tool-delta", json: '{"command":"rm' },
      { type: "failure", failure: failure("cut-off") },
    );
    expect(chunks.join("")).not.toContain("content_block_stop");
  });

  it("tells a program what it is, as before the reply, and an agent what it does not take for its own login", () => {
    const typeFor = (audience: Audience) => {
      const refused = { type: "failure", failure: failure("unauthorized") } as const;
      return datas(runStage(writer(audience).stream("req_1"), [start, ...text("a"), refused])).at(-1).error.type;
    };
    expect(typeFor("program")).toBe("authentication_error");
    expect(typeFor("agent")).toBe("policy_blocked");
  });

  it.each([
    ["thinking, which is ended", thinking("hm"), "content_block_stop"],
    ["text, which is not", text("Half an ans"), "content_block_delta"],
  ])("comes in the middle of %s", (_what, said, before) => {
    const told = datas(stream(start, ...said.slice(0, -1), { type: "failure", failure: failure("cut-off") }));
    expect(told.slice(-2).map(({ type }) => type)).toEqual([before, "error"]);
  });

  it("a stream that ends without an end is a failure", () => {
    expect(datas(stream(start, ...text("a"))).at(-1)).toMatchObject({ type: "error" });
  });
});

describe("a whole reply", () => {
  it("has all that a client reads", () => {
    expect(reply(start, ...text("a", "b"), ...tool("t", '{"x":1}'), end("tool-use"))).toEqual({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "opus:mine",
      content: [
        { type: "text", text: "ab" },
        { type: "tool_use", id: "t", name: "Read", input: { x: 1 } },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 2 },
    });
  });

  it("no arguments are an empty object", () => {
    expect(reply(start, ...tool("t", ""), end("tool-use")).content).toMatchObject([{ type: "tool_use", input: {} }]);
  });

  it.each(['{"a":', "[1]", "ls -la"])("arguments that are no object stand before their call, for the model to read: %s", (json) => {
    expect(reply(start, ...tool("t", json), end("tool-use")).content).toEqual([
      { type: "text", text: `The arguments of this call to Read could not be read: ${json}` },
      { type: "tool_use", id: "t", name: "Read", input: {} },
    ]);
  });

  it("leaves out the call that the output limit cut, so that it cannot run", () => {
    const cut = reply(start, ...tool("t", '{"a":1}'), ...tool("u", '{"command":"rm -rf /ho'), end("max-output"));
    expect(cut).toMatchObject({ content: [{ type: "tool_use", id: "t", input: { a: 1 } }], stop_reason: "max_tokens" });
    expect(cut.content).toHaveLength(1);
  });

  it("leaves out each of several that were cut, by a filter too", () => {
    for (const reason of ["max-output", "refusal"] as const)
      expect(reply(start, ...tool("t", '{"command":"rm'), ...tool("u", '{"a":1}'), ...tool("v", '{"a'), end(reason)).content).toEqual([
        { type: "tool_use", id: "u", name: "Read", input: { a: 1 } },
      ]);
  });
});
