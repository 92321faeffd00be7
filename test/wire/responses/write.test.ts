import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../../src/model/event.ts";
import type { Failure, FailureKind } from "../../../src/model/failure.ts";
import { readSeal } from "../../../src/wire/responses/seal.ts";
import { accepted, events, type Json, readResponsesStream, run, say, streamed } from "./reading.ts";

const types = (text: string) => events(text).map(({ data }) => data.type.replace("response.", ""));
const codex = {
  input: "hi",
  tools: [
    { type: "function", name: "exec_command", parameters: { type: "object", properties: {} } },
    { type: "custom", name: "apply_patch", format: { type: "grammar", syntax: "lark", definition: "start: x" } },
    { type: "namespace", name: "mcp__files", tools: [{ type: "function", name: "read", parameters: {} }] },
    { type: "tool_search", execution: "client", description: "d", parameters: { type: "object" } },
  ],
};
/** Usage of ten tokens in and five out. */
const usageWith = ({ cached, written, reasoning }: { cached: number; written: number; reasoning: number }) => ({
  input_tokens: 10,
  input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: 15,
});

describe("a reply as a Responses stream", () => {
  it("writes text in the wire's order", () => {
    const text = streamed([say.start, ...say.text("Hel", "lo"), say.end()]);
    expect(types(text)).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
    const { items, response } = readResponsesStream(text);
    expect(items).toMatchObject([
      { type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: "Hello" }] },
    ]);
    expect(response.output).toEqual(items);
    expect(response.usage).toEqual(usageWith({ cached: 0, written: 0, reasoning: 0 }));
  });

  it("tells what of the prompt was read from a cache and what was written to it", () => {
    const usage = { input: 10, output: 5, cacheRead: 4, cacheWrite: 3, reasoning: 2 };
    const { response } = readResponsesStream(streamed([say.start, ...say.text("a"), { ...say.end(), usage } as ReplyEvent]));
    expect(response.usage).toEqual(usageWith({ cached: 4, written: 3, reasoning: 2 }));
  });

  it("puts each event into one string", () => {
    const out = run(accepted(codex).write.stream("r"), [say.start, ...say.text("a\n\nb"), say.end()]);
    for (const piece of out) expect(piece).toMatch(/^event: [^\n]+\ndata: [^\n]+\n\n$/);
  });

  it("has every key of a response object that Open Responses demands", () => {
    const { response } = readResponsesStream(streamed([say.start, ...say.text("a"), say.end()]));
    const keys =
      "id object created_at completed_at status incomplete_details model previous_response_id instructions output error tools tool_choice truncation parallel_tool_calls text top_p presence_penalty frequency_penalty top_logprobs temperature reasoning usage max_output_tokens max_tool_calls store background service_tier metadata safety_identifier prompt_cache_key";
    for (const key of keys.split(" ")) expect(response, key).toHaveProperty(key);
  });

  it("gives back what the request said and no model is told", () => {
    const body = {
      input: "hi",
      metadata: { a: "b" },
      truncation: "auto",
      store: false,
      prompt_cache_key: "k",
      text: { verbosity: "low" },
      instructions: "I",
      include: ["reasoning.encrypted_content"],
      client_metadata: { session: "s" },
    };
    const { response } = readResponsesStream(streamed([say.start, ...say.text("a"), say.end()], body));
    const { input: _, ...said } = body;
    expect(response).toMatchObject({ ...said, model: "m", text: { verbosity: "low", format: { type: "text" } } });
  });

  it("gives back the schema of a reply with what the client left out, as OpenAI does", () => {
    const format = { type: "json_schema", name: "n", schema: { type: "object" } };
    const { response } = readResponsesStream(streamed([say.start, ...say.text("{}"), say.end()], { input: "hi", text: { format } }));
    expect(response).toMatchObject({ text: { format: { ...format, description: null, strict: false } } });
  });

  it("writes reasoning as a summary, its seal as encrypted content with the maker in it", () => {
    const seal = { wire: "messages", maker: "lab/m", value: "sig" } as const;
    const { items } = readResponsesStream(streamed([say.start, ...say.thinking(["be", "cause"], seal), ...say.text("a"), say.end()]));
    expect(items[0]).toMatchObject({ type: "reasoning", summary: [{ type: "summary_text", text: "because" }] });
    expect(readSeal(items[0].encrypted_content)).toEqual({ seal });
  });

  it.each([
    ["sealed reasoning without words", say.thinking([], { wire: "messages", value: "s" }), [{ summary: [] }]],
    ["reasoning without a seal has no encrypted content", say.thinking(["x"]), [{ summary: [{ text: "x" }] }]],
  ] as [string, ReplyEvent[], Json[]][])("%s", (_, list, expected) => {
    const { items } = readResponsesStream(streamed([say.start, ...list, say.end()]));
    expect(items).toMatchObject(expected);
    if (expected[0].summary.length > 0) expect(items[0]).not.toHaveProperty("encrypted_content");
  });

  it("leaves no index for parts in which nothing is said", () => {
    const list = [
      say.start,
      ...say.text(),
      ...say.thinking([""]),
      ...say.text("a"),
      ...say.text(""),
      ...say.call("c", "exec_command", "{}"),
      say.end("tool-use"),
    ];
    const { items } = readResponsesStream(streamed(list, codex));
    expect(items.map((item) => item.type)).toEqual(["message", "function_call"]);
  });

  it.each([
    ["a function", "exec_command", ['{"cmd"', ':"ls"}'], { type: "function_call", name: "exec_command", arguments: '{"cmd":"ls"}' }],
    ["a function without arguments", "exec_command", [], { type: "function_call", arguments: "{}" }],
    ["a tool of a namespace", "mcp__files__read", ["{}"], { type: "function_call", name: "read", namespace: "mcp__files" }],
    [
      "a freeform tool",
      "apply_patch",
      ['{"input":"*** Begin\\n+a\\u00e9"}'],
      { type: "custom_tool_call", name: "apply_patch", input: "*** Begin\n+aé" },
    ],
    [
      "a search of the client",
      "tool_search",
      ['{"query":"x"}'],
      { type: "tool_search_call", execution: "client", arguments: { query: "x" } },
    ],
    ["a tool that nobody offered", "invented", ["{}"], { type: "function_call", name: "invented" }],
  ])("spells a call to %s as this client knows it", (_, name, pieces, expected) => {
    const { items } = readResponsesStream(streamed([say.start, ...say.call("call_1", name, ...pieces), say.end("tool-use")], codex));
    expect(items).toMatchObject([{ call_id: "call_1", status: "completed", ...expected }]);
  });

  it.each([
    [
      "shell",
      '{"commands":"ls"}',
      { action: { commands: ["ls"], timeout_ms: null, max_output_length: null }, environment: { type: "local" } },
    ],
    ["local_shell", '{"command":["head","-n",5,"a"]}', { action: { type: "exec", command: ["head", "-n", "5", "a"], env: {} } }],
    ["local_shell", '{"command":["ls"],"timeout_ms":9}', { action: { type: "exec", command: ["ls"], env: {}, timeout_ms: 9 } }],
    ["apply_patch", '{"type":"create_file","path":"a","diff":"+x"}', { operation: { type: "create_file", path: "a", diff: "+x" } }],
    ["apply_patch", '{"type":"delete_file","path":"a","diff":""}', { operation: { type: "delete_file", path: "a" } }],
    [
      "computer",
      '{"actions":[{"type":"click","x":3,"y":4},{"type":"scroll","x":1,"y":2,"scroll_y":9},{"type":"screenshot"}]}',
      {
        actions: [
          { type: "click", button: "left", x: 3, y: 4 },
          { type: "scroll", scroll_x: 0, scroll_y: 9, x: 1, y: 2 },
          { type: "screenshot" },
        ],
        pending_safety_checks: [],
      },
    ],
    ["computer", '{"type":"screenshot"}', { actions: [{ type: "screenshot" }], pending_safety_checks: [] }],
  ])("tells a call of the tool %s that OpenAI defines as its own kind of item: %s", (type, json, expected) => {
    const text = streamed([say.start, ...say.call("call_1", type, json), say.end("tool-use")], { input: "hi", tools: [{ type }] });
    expect(readResponsesStream(text).items).toEqual([
      { id: expect.any(String), type: `${type}_call`, call_id: "call_1", status: "completed", ...expected },
    ]);
    // Broken off, it must not be run.
    const cut = [say.start, ...say.call("call_1", type, json.slice(0, -2)), say.end("max-output")];
    expect(streamed(cut, { input: "hi", tools: [{ type }] })).not.toContain(`${type}_call`);
  });

  it("writes parallel calls as items of their own, in order", () => {
    const list = [
      say.start,
      ...say.text("x"),
      ...say.call("a", "exec_command", "{}"),
      ...say.call("b", "exec_command", "{}"),
      say.end("tool-use"),
    ];
    const { items, response } = readResponsesStream(streamed(list, codex));
    expect(items.map((item) => item.call_id)).toEqual([undefined, "a", "b"]);
    expect(response.output).toEqual(items);
  });

  it("keeps the phase of a message", () => {
    const phase: ReplyEvent = { type: "opaque", part: { wire: "responses", value: { type: "phase", phase: "commentary" } } };
    const { items } = readResponsesStream(streamed([say.start, phase, ...say.text("a"), ...say.text("b"), say.end()]));
    expect(items.map((item) => item.phase)).toEqual(["commentary", undefined]);
  });

  it("passes items of the wire's own on and says others by their text", () => {
    const search: ReplyEvent = {
      type: "opaque",
      part: { wire: "responses", value: { type: "web_search_call", id: "ws_1", status: "completed" } },
    };
    const foreign: ReplyEvent = { type: "opaque", part: { wire: "messages", value: {}, text: "found it" } };
    const silent: ReplyEvent = { type: "opaque", part: { wire: "messages", value: {} } };
    const { items } = readResponsesStream(streamed([say.start, search, foreign, silent, ...say.text("a"), say.end()]));
    expect(items).toMatchObject([{ id: "ws_1" }, { content: [{ text: "found it" }] }, { content: [{ text: "a" }] }]);
  });

  it("tells of another wire's search as of one of its own", () => {
    const search = { id: "s", query: "cats", found: [{ url: "https://cats.example", title: "Cats" }] };
    const { items } = readResponsesStream(
      streamed([say.start, { type: "opaque", part: { wire: "messages", value: {}, search } }, say.end()]),
    );
    const action = { type: "search", query: "cats", sources: [{ type: "url", url: "https://cats.example" }] };
    expect(items).toEqual([{ id: expect.stringMatching(/^ws_/), type: "web_search_call", status: "completed", action }]);
  });
});

describe("how a reply ends", () => {
  it("says what was cut at the limit: the message is incomplete", () => {
    const { ended, response, items } = readResponsesStream(streamed([say.start, ...say.text("a"), say.end("max-output")]));
    expect([ended, response.incomplete_details, items[0].status]).toEqual(["incomplete", { reason: "max_output_tokens" }, "incomplete"]);
  });

  it.each(["exec_command", "apply_patch"])("does not let the client run a call to %s that was cut", (name) => {
    const text = streamed([say.start, ...say.call("a", name, '{"input":"rm -r'), say.end("max-output")], codex);
    const { items, response } = readResponsesStream(text);
    expect(items).toEqual([]);
    expect(response.output).toMatchObject([{ status: "incomplete" }]);
    expect(types(text)).not.toContain("function_call_arguments.done");
  });

  it("does not run a call that was cut before its arguments", () => {
    const { items } = readResponsesStream(streamed([say.start, ...say.call("a", "exec_command"), say.end("max-output")], codex));
    expect(items).toEqual([]);
  });

  it("is no whole answer where the model declined and left a call unfinished", () => {
    const stop = { reason: "refusal", explanation: "I will not", declined: true } as const;
    const { write } = accepted({ input: "hi" }, "program");
    const events: ReplyEvent[] = [say.start, ...say.call("a", "read", '{"path":"/a'), { type: "reply-end", stop, usage: {} }];
    const { ended, response } = readResponsesStream(run(write.stream("req_1"), events).join(""));
    expect(ended).toBe("incomplete");
    expect(response).toMatchObject({
      incomplete_details: { reason: "content_filter" },
      output: [{ status: "incomplete" }, { content: [{ type: "refusal", refusal: "I will not" }] }],
    });
  });

  it("lets the model see broken arguments where the reply was not cut", () => {
    const { items } = readResponsesStream(streamed([say.start, ...say.call("a", "exec_command", "{oops"), say.end("tool-use")], codex));
    expect(items).toMatchObject([{ arguments: "{oops", status: "completed" }]);
  });

  it("ends a call with broken arguments before anything behind it begins", () => {
    const more = [...say.call("b", "exec_command", "{oops"), ...say.text("then"), ...say.call("c", "exec_command", '{"cmd":"ls"}')];
    const events = [say.start, ...say.call("a", "exec_command", "{oops"), ...more, say.end("tool-use")];
    const { items, response } = readResponsesStream(streamed(events, codex));
    expect(items).toMatchObject([{ call_id: "a" }, { call_id: "b" }, { type: "message" }, { call_id: "c" }]);
    for (const item of items) expect(item).toMatchObject({ status: "completed" });
    expect(response).toMatchObject({ status: "completed", output: items });
  });

  it("ends a whole call at once, while the reply goes on", () => {
    const stage = accepted(codex).write.stream("r");
    const out = [say.start, ...say.call("a", "exec_command", "{}")].flatMap((event) => stage.push(event)).join("");
    expect(out).toContain("response.output_item.done");
  });

  it("tells a refusal as a refusal and as filtered content", () => {
    const end: ReplyEvent = { type: "reply-end", stop: { reason: "refusal", explanation: "I will not" }, usage: {} };
    const { response } = readResponsesStream(streamed([say.start, end]));
    expect(response).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "content_filter" },
      output: [{ content: [{ type: "refusal", refusal: "I will not" }] }],
      usage: null,
    });
  });

  it.each([
    ["program", { declined: true as const }, "completed"],
    ["unnamed", { declined: true as const }, "completed"],
    ["program", {}, "incomplete"],
    ["agent", { declined: true as const }, "incomplete"],
  ] as const)("ends for %s a refusal that is %j as %s", (audience, more, status) => {
    const end: ReplyEvent = { type: "reply-end", stop: { reason: "refusal", explanation: "I will not", ...more }, usage: {} };
    const { write } = accepted({ input: "hi" }, audience);
    const told = { status, output: [{ status: "completed", content: [{ type: "refusal", refusal: "I will not" }] }] };
    expect(write.reply([say.start, end])).toMatchObject(told);
    const { ended, response } = readResponsesStream(run(write.stream("req_1"), [say.start, end]).join(""));
    expect([ended, response]).toEqual([status, expect.objectContaining({ status })]);
  });

  it("fails an empty reply, which Codex would take for the end of its task", () => {
    const { ended, response } = readResponsesStream(streamed([say.start, ...say.text(""), say.end()]));
    expect([ended, response.error.code]).toEqual(["failed", "server_error"]);
  });

  it("is never a success without its end", () => {
    const { ended, response } = readResponsesStream(streamed([say.start, { type: "text-start" }, { type: "text-delta", text: "a" }]));
    expect([ended, response.error.code]).toEqual(["failed", "server_error"]);
  });

  const failure = (kind: FailureKind, more: Partial<Failure> = {}): Failure => ({ kind, origin: "provider", message: "why", ...more });
  it.each([
    [failure("rate-limited", { retryAfter: 7 }), "rate_limit_exceeded", "why. Please try again in 7s."],
    [failure("rate-limited", { retryAfter: 7, message: "Try again in 2s" }), "rate_limit_exceeded", "Try again in 2s"],
    [failure("too-long"), "context_length_exceeded", "why"],
    [failure("out-of-quota"), "insufficient_quota", "why"],
    [failure("overloaded"), "server_error", "why"],
    [failure("unauthorized"), "invalid_prompt", "why"],
    [failure("cut-off"), "server_error", "why"],
  ])("tells $kind in a stream so that Codex acts rightly", (given, code, message) => {
    const { response } = readResponsesStream(streamed([say.start, ...say.text("a"), { type: "failure", failure: given }]));
    expect(response.error).toEqual({ code, message });
    expect(response.output).toHaveLength(1);
  });

  it("keeps a client waiting with events, before the reply and in it, and not after its end", () => {
    const stage = accepted({ input: "hi" }).write.stream("r");
    const all = [stage.idle(), stage.idle(), stage.push(say.start), ...say.text("a").map((event) => stage.push(event)), stage.idle()];
    all.push(stage.push(say.end()), stage.idle(), stage.end(), stage.fail(failure("upstream")));
    const list = events(all.flat().join("")).map(({ data }) => data);
    expect(list.filter((event) => event.type === "response.created")).toHaveLength(1);
    expect(list.filter((event) => event.type === "response.in_progress")).toHaveLength(3);
    expect(list.at(-1).type).toBe("response.completed");
    expect(list.map((event) => event.sequence_number)).toEqual(list.map((_, index) => index));
  });

  it("says in a sign of life all that was said before it, for OpenAI's SDK goes on from there", () => {
    const list = [
      say.start,
      ...say.thinking(["t", "u"], { wire: "messages", value: "s" }),
      ...say.text("a", "b"),
      ...say.call("c1", "exec", '{"a":', '"x"}'),
      ...say.call("c2", "apply_patch", '{"input":"x', 'y"}'),
      ...say.call("c3", "exec", '{"a"'),
      say.end("max-output"),
    ];
    const stage = accepted(codex).write.stream("r");
    const written = list.flatMap((event) => [...stage.push(event), ...stage.idle()]).join("");
    const said: Json[] = [];
    for (const { data } of events(written)) {
      const own = said[data.output_index];
      if (data.type === "response.in_progress") expect(data.response.output).toEqual(said);
      else if (data.type === "response.output_item.added") said.push(structuredClone(data.item));
      else if (data.type === "response.output_item.done") said[data.output_index] = data.item;
      else if (/part.added$/.test(data.type)) (own.content ?? own.summary).push(structuredClone(data.part));
      else if (/text\.delta$/.test(data.type)) (own.content ?? own.summary)[0].text += data.delta;
      else if (/delta$/.test(data.type)) own["input" in own ? "input" : "arguments"] += data.delta;
    }
    expect(said.map(({ type }) => type)).toEqual(["reasoning", "message", "function_call", "custom_tool_call", "function_call"]);
  });

  it("writes as one object what the stream ends with", () => {
    const list = [
      say.start,
      ...say.thinking(["t"]),
      ...say.text("a"),
      ...say.call("c", "apply_patch", '{"input":"x"}'),
      say.end("tool-use"),
    ];
    const { response } = readResponsesStream(streamed(list, codex));
    expect(accepted(codex).write.reply(list)).toEqual(response);
  });
});

describe("the text of a freeform tool", () => {
  const input = (pieces: readonly string[]): string =>
    readResponsesStream(streamed([say.start, ...say.call("c", "apply_patch", ...pieces), say.end("tool-use")], codex)).items[0].input;

  it.each([
    ["another name", '{"patch":"a\\nb"}', "a\nb"],
    ["more than one field", '{"why":"x","input":"a"}', "a"],
    ["a patch beside another field", '{"why":"x","patch":"a"}', "a"],
    ["a text that is JSON itself", '{"name":"x","version":"1"}', '{"name":"x","version":"1"}'],
    ["one without a string", '{"a": 1}', '{"a": 1}'],
    ["nothing", "{}", ""],
    ["nothing under the name", '{"input":null}', ""],
    ["a bare JSON string", '"a\\tb"', "a\tb"],
    ["a slash that is escaped", '{"input":"<\\/b>"}', "</b>"],
    ["raw text", "*** Begin Patch\n+x\n", "*** Begin Patch\n+x\n"],
    ["code that begins like an object", "{ const x = 1 }", "{ const x = 1 }"],
    ["spaces", '{ "input" : "a" }', "a"],
    ["raw newlines in the string", '{"input":"a\nb"}', "a\nb"],
    ["an escape that JSON does not know", '{"input":"\\d+"}', "\\d+"],
    ["the same object twice", '{"input":"a"}{"input":"a"}', "a"],
    ["a value that is no string", '{"input":{"a":1}}', '{"a":1}'],
  ])("is found in %s", (_, json, text) => {
    expect(input([json])).toBe(text);
    expect(input([...json])).toBe(text);
  });

  it("streams unescaped, however the arguments are cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.nat(50)), (text, places) => {
        const json = JSON.stringify({ input: text });
        const marks = [0, ...places.map((place) => place % json.length).sort((a, b) => a - b), json.length];
        expect(input(marks.slice(1).map((mark, index) => json.slice(marks[index], mark)))).toBe(text);
      }),
    );
  });

  it("comes as it is written, not at the end, and never as half a character", () => {
    const stage = accepted(codex).write.stream("r");
    stage.push(say.start);
    stage.push({ type: "tool-start", id: "c", name: "apply_patch" });
    const out = ['{"input":"a\\', "n\\ud83d", "\\ude42"].map(
      (json) => events(stage.push({ type: "tool-delta", json }).join(""))[0]?.data.delta,
    );
    expect(out).toEqual(["a", "\n", "🙂"]);
  });
});
