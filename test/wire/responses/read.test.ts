import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../../src/model/event.ts";
import { pipe } from "../../../src/model/pipe.ts";
import type { Request } from "../../../src/model/request.ts";
import { readFailure } from "../../../src/wire/failure.ts";
import { responsesProvider } from "../../../src/wire/responses/provider.ts";
import { readSse } from "../../../src/wire/sse.ts";
import { cutAt, cuts } from "../../laws/arbitraries.ts";
import { growth, notItsSquare } from "../../support/growth.ts";
import { accepted, folded, illegal, type Json, openContext, recording, run, say } from "./reading.ts";

const plain: Request = accepted({ input: "hi" }).request;
const reader = (request: Request = plain) => responsesProvider.open(request, openContext()).read;
const readText = (text: string, request?: Request): ReplyEvent[] => {
  const list = run(pipe(readSse(), reader(request).stream()), [new TextEncoder().encode(text)]);
  expect(illegal(list)).toBeUndefined();
  return list;
};
const sse = (...list: object[]) => list.map((data) => `data: ${JSON.stringify(data)}\n\n`).join("");
const read = (...list: object[]) => folded(readText(sse(...list)));
const said = (list: readonly ReplyEvent[]) =>
  list.flatMap((event) =>
    event.type === "tool-start" ? [event.name] : "text" in event ? [event.text] : event.type === "tool-delta" ? [event.json] : [],
  );

const created = { type: "response.created", response: { id: "resp_9", model: "real" } };
const added = (output_index: number, item: object) => ({ type: "response.output_item.added", output_index, item });
const done = (output_index: number, item: object) => ({ type: "response.output_item.done", output_index, item });
const completed = (more: object = {}) => ({ type: "response.completed", response: { status: "completed", output: [], ...more } });
const fn = (id: string, more: object = {}) => ({ type: "function_call", id, call_id: `call_${id}`, name: "f", arguments: "", ...more });
const args = (output_index: number, delta: string) => ({ type: "response.function_call_arguments.delta", output_index, delta });

describe("recorded servers", () => {
  it.each(["llamacpp-text", "llamacpp-call", "ollama-text", "ollama-call", "vllm-text", "vllm-calls-cut", "llamacpp-call-cut"])(
    "%s says the same by stream and at once, however it is cut",
    (name) => {
      const { request, body } = recording(`responses/${name}.json`);
      const asked = accepted({ input: "hi", max_output_tokens: request.max_output_tokens }).request;
      const whole = folded(readText(body, asked));
      const last = body.split("\n").findLast((line: string) => line.startsWith("data: {"));
      // llama.cpp names the model only at the end.
      expect(folded(reader(asked).reply(JSON.parse(last.slice(6)).response)).slice(1)).toEqual(whole.slice(1));
      expect(whole.at(-1)?.type).toBe("reply-end");
      const bytes = new TextEncoder().encode(body);
      fc.assert(
        fc.property(cuts, (places) => {
          expect(folded(run(pipe(readSse(), reader(asked).stream()), cutAt(bytes, places)))).toEqual(whole);
        }),
        { numRuns: 20 },
      );
    },
  );

  it("reads a call of llama.cpp, which numbers nothing", () => {
    expect(folded(readText(recording("responses/llamacpp-call.json").body))).toMatchObject([
      { type: "reply-start", id: "resp_H0Qt7adeTFuXzN09CKDQCA0sMpEDx4si" },
      { type: "tool-start", id: "call_RSpa8B8dahPDMJgp6faW5CC7fNLV0gEv", name: "get_weather" },
      { type: "tool-delta", json: '{"city": "README.md"}' },
      { type: "tool-end" },
      { type: "reply-end", stop: { reason: "tool-use" }, usage: { input: 370, cacheRead: 369, output: 34 } },
    ]);
  });

  it("sees that llama.cpp cut a reply, which it calls complete", () => {
    const { body, request } = recording("responses/llamacpp-text.json");
    const end = (max: number) => readText(body, accepted({ input: "hi", max_output_tokens: max }).request).at(-1);
    expect(end(request.max_output_tokens)).toMatchObject({ stop: { reason: "max-output" } });
    expect(end(100)).toMatchObject({ stop: { reason: "end" } });
  });

  it("sees that llama.cpp cut a call, whose item it calls complete too", () => {
    const { body, request } = recording("responses/llamacpp-call-cut.json");
    const end = (max: number) => readText(body, accepted({ input: "hi", max_output_tokens: max }).request).at(-1);
    expect(end(request.max_output_tokens)).toMatchObject({ stop: { reason: "max-output" } });
    expect(end(100)).toMatchObject({ stop: { reason: "tool-use" } });
    // What is whole was not cut, where the limit is that of its last token.
    const whole = recording("responses/llamacpp-call.json").body;
    expect(readText(whole, accepted({ input: "hi", max_output_tokens: 34 }).request).at(-1)).toMatchObject({
      stop: { reason: "tool-use" },
    });
  });

  it("sees that vLLM cut a reply, which it says only in the status", () => {
    expect(readText(recording("responses/vllm-calls-cut.json").body).at(-1)).toMatchObject({ stop: { reason: "max-output" } });
    expect(reader().reply(recording("responses/vllm-cut.json").body).at(-1)).toMatchObject({ stop: { reason: "max-output" } });
  });

  it.each([
    ["llamacpp-whole", "text-delta"],
    ["llamacpp-call-whole", "tool-delta"],
    ["ollama-whole", "text-delta"],
    ["vllm-whole", "text-delta"],
  ])("%s is read at once", (name, type) => {
    const list = reader().reply(recording(`responses/${name}.json`).body);
    expect(illegal(list)).toBeUndefined();
    expect(list.map((event) => event.type)).toContain(type);
  });

  it.each([
    ["llamacpp-overflow", { kind: "too-long", limit: { used: 15031, max: 8192 } }],
    ["vllm-overflow", { kind: "too-long" }],
    ["vllm-output-limit", { refused: { field: expect.stringMatching(/max_output_tokens|max_tokens/) } }],
    ["vllm-refuses-reasoning", { kind: "refused-capability", refused: { capability: "thinking_signature" } }],
  ])("%s is a failure", (name, expected) => {
    const { status, body } = recording(`responses/${name}.json`);
    expect(readFailure({ status, headers: {}, text: JSON.stringify(body) }, 0)).toMatchObject(expected);
  });
});

describe("a Responses stream", () => {
  it("joins the parts of a summary to one thought with one seal, the last", () => {
    const rs = { type: "reasoning", id: "rs" };
    const part = (summary_index: number) => ({
      type: "response.reasoning_summary_part.added",
      item_id: "rs",
      output_index: 0,
      summary_index,
    });
    const delta = (summary_index: number, text: string) => ({
      type: "response.reasoning_summary_text.delta",
      item_id: "rs",
      output_index: 0,
      summary_index,
      delta: text,
    });
    const summary = ["one", "two"].map((text) => ({ type: "summary_text", text }));
    const list = [
      created,
      added(0, { ...rs, summary: [], encrypted_content: "early" }),
      part(0),
      delta(0, "o"),
      delta(0, "ne"),
      part(1),
      delta(1, "two"),
    ];
    expect(read(...list, done(0, { ...rs, summary, encrypted_content: "late" }), completed()).slice(1, 4)).toEqual([
      { type: "thinking-start" },
      { type: "thinking-delta", text: "one\n\ntwo" },
      { type: "thinking-end", seal: { wire: "responses", maker: "lab/m", value: "late" } },
    ]);
  });

  it("begins a part of a summary by its index, of a server that announces none", () => {
    const rs = { type: "reasoning", id: "rs" };
    const piece = (summary_index: number | undefined, delta: string) => ({
      type: "response.reasoning_summary_text.delta",
      item_id: "rs",
      ...(summary_index === undefined ? {} : { summary_index }),
      delta,
    });
    const list = [created, added(0, rs), piece(0, "o"), piece(0, "ne"), piece(1, "two"), piece(undefined, "."), done(0, rs), completed()];
    expect(said(read(...list))).toEqual(["one\n\ntwo."]);
  });

  it("takes one account of the same thoughts", () => {
    const rs = { type: "reasoning", id: "rs" };
    const list = [
      created,
      added(0, rs),
      { type: "response.reasoning_text.delta", item_id: "rs", delta: "raw" },
      { type: "response.reasoning_summary_text.delta", item_id: "rs", delta: "short" },
    ];
    expect(said(read(...list, done(0, rs), completed()))).toEqual(["raw"]);
  });

  it("adds nothing to what came in pieces where the whole is another", () => {
    const rs = { type: "reasoning", id: "rs", summary: [{ type: "summary_text", text: "a longer account of it" }] };
    const thought = { type: "response.reasoning_text.delta", item_id: "rs", delta: "raw" };
    expect(said(read(created, added(0, { ...rs, summary: [] }), thought, done(0, rs), completed()))).toEqual(["raw"]);
    const text = { type: "response.output_text.delta", item_id: "m", output_index: 0, content_index: 0, delta: "\n\nIt rains." };
    const whole = {
      type: "response.output_text.done",
      item_id: "m",
      output_index: 0,
      content_index: 0,
      text: "It rains.[1](https://a.example)",
    };
    expect(said(read(created, text, whole, completed()))).toEqual(["\n\nIt rains."]);
    const patch = { type: "custom_tool_call", id: "p", call_id: "call_p", name: "apply_patch", input: "" };
    const input = { type: "response.custom_tool_call_input.delta", output_index: 0, delta: "\n*** Begin" };
    const list = [created, added(0, patch), input, done(0, { ...patch, input: "*** Begin Patch" }), completed()];
    expect(said(read(...list))).toEqual(["apply_patch", '{"input":"\\n*** Begin"}']);
  });

  it("serialises calls that overlap", () => {
    const list = [created, added(0, fn("a")), added(1, fn("b")), args(0, '{"x"'), args(1, '{"y"'), args(0, ":1}"), args(1, ":2}")];
    const ends = [done(1, fn("b", { arguments: '{"y":2}' })), done(0, fn("a", { arguments: '{"x":1}' })), completed()];
    expect(said(read(...list, ...ends))).toEqual(["f", '{"x":1}', "f", '{"y":2}']);
  });

  it("tells calls in the order in which they were announced, whichever comes first", () => {
    const items = [fn("a", { name: "edit", arguments: '{"x":1}' }), fn("b", { name: "test", arguments: '{"y":2}' })];
    const [edit = {}, test = {}] = items;
    const announced = [created, added(0, fn("a", { name: "edit" })), added(1, fn("b", { name: "test" }))];
    const inOrder = ["edit", '{"x":1}', "test", '{"y":2}'];
    const late = [done(1, test), done(0, edit)];
    expect(said(read(...announced, ...late, completed({ output: items })))).toEqual(inOrder);
    expect(said(read(...announced, args(1, '{"y":2}'), args(0, '{"x":1}'), ...late, completed()))).toEqual(inOrder);
    expect(said(read(...announced, done(1, test), completed({ output: items })))).toEqual(inOrder);
  });

  it("tells a call behind one that was announced and never came", () => {
    const list = [created, added(0, fn("a")), added(1, fn("b", { name: "test" })), args(1, '{"y"'), args(1, ":2}")];
    const ended = [...list, done(1, fn("b", { name: "test", arguments: '{"y":2}' })), completed()];
    expect(said(read(...ended))).toEqual(["test", '{"y":2}']);
    expect(said(read(...list, completed()))).toEqual(["test", '{"y":2}']);
  });

  it.each([
    [
      "arguments only in .done",
      [{ type: "response.function_call_arguments.done", output_index: 0, arguments: '{"x":1}' }, done(0, fn("a"))],
    ],
    ["arguments only in the item", [done(0, fn("a", { arguments: '{"x":1}' }))]],
    ["arguments only at the end", [completed({ output: [fn("a", { arguments: '{"x":1}' })] })]],
    ["arguments as an object", [done(0, fn("a", { arguments: { x: 1 } }))]],
    [
      "arguments as an object in a delta",
      [{ type: "response.function_call_arguments.delta", output_index: 0, delta: { x: 1 } }, done(0, fn("a", { arguments: '{"x":1}' }))],
    ],
    ["a late name", [args(0, '{"x":1}'), done(0, fn("a", { arguments: '{"x":1}' }))], { name: undefined }],
    ["what no delta brought", [args(0, '{"x"'), done(0, fn("a", { arguments: '{"x":1}' }))]],
  ] as [string, object[], object?][])("finds %s", (_, list, more = {}) => {
    expect(read(created, added(0, fn("a", more)), ...list, completed())).toEqual([
      { type: "reply-start", id: "resp_9" },
      ...say.call("call_a", "f", '{"x":1}'),
      { type: "reply-end", stop: { reason: "tool-use" }, usage: {} },
    ]);
  });

  it("reads a call that is announced whole, and never ended", () => {
    const call = fn("a", { arguments: '{"x":1}' });
    expect(said(read(created, added(0, call), completed()))).toEqual(["f", '{"x":1}']);
    expect(said(read(created, added(0, call), done(0, call), completed()))).toEqual(["f", '{"x":1}']);
    // Of one that never had any nobody knows whether it is to be made.
    expect(read(created, added(0, fn("a")), completed()).slice(1)).toMatchObject([{ type: "reply-end", stop: { reason: "end" } }]);
    const custom = { type: "custom_tool_call", id: "c", call_id: "c", name: "f", input: "" };
    const input = { type: "response.custom_tool_call_input.delta", output_index: 0, delta: "hi" };
    expect(said(read(created, added(0, custom), input, completed())).join("")).toBe('f{"input":"hi"}');
    // Cut, it must not be made whole.
    const cut = { type: "response.incomplete", response: { incomplete_details: { reason: "max_output_tokens" }, output: [] } };
    expect(said(read(created, added(0, custom), input, cut)).join("")).toBe('f{"input":"hi');
  });

  it("takes the whole arguments where the beginning of those that came in pieces was lost", () => {
    const whole = '{"x":{"y":1}}';
    const argumentsDone = { type: "response.function_call_arguments.done", output_index: 0, arguments: whole };
    const tail = [args(0, '":{"y"'), args(0, ":1}}")];
    const ended = done(0, fn("a", { arguments: whole }));
    expect(said(read(created, added(0, fn("a")), ...tail, argumentsDone, ended, completed()))).toEqual(["f", whole]);
    expect(said(read(created, added(0, fn("a")), ...tail, ended, completed()))).toEqual(["f", whole]);
    expect(said(read(created, added(0, fn("a")), args(0, " "), ...tail, ended, completed()))).toEqual(["f", whole]);
    // Where nothing says what they should be, they go on as they are, for the mends and the client to judge.
    expect(said(read(created, added(0, fn("a")), ...tail, completed()))).toEqual(["f", '":{"y":1}}']);
    expect(said(read(created, added(0, fn("a")), args(0, '":{"y"'), completed({ status: "incomplete" })))).toEqual(["f", '":{"y"']);
    expect(
      said(read(created, added(0, fn("a")), args(0, '"{}'), args(0, '"'), done(0, fn("a", { arguments: '"{}"' })), completed())),
    ).toEqual(["f", '"{}"']);
  });

  it("passes over a delta that is repeated under its number, and not over one that a server without numbers says twice", () => {
    const numbered = (...list: [number, string][]) => list.map(([sequence_number, delta]) => ({ ...args(0, delta), sequence_number }));
    const told = (deltas: object[]) => said(read(created, added(0, fn("a")), ...deltas, completed())).join("");
    expect(told(numbered([3, '{"x"'], [4, ":"], [4, ":"], [5, "1}"], [5, "1}"]))).toBe('f{"x":1}');
    expect(told(numbered([3, '{"x":'], [4, "1"], [4, "11}"]))).toBe('f{"x":111}');
    expect(told(numbered([0, '{"x":'], [0, "1"], [0, "1"], [0, "}"]))).toBe('f{"x":11}');
    // A number for each item tells no two deltas of one apart.
    const thought = { type: "response.reasoning_text.delta", output_index: 1, delta: "hm", sequence_number: 0 };
    expect(told([thought, ...numbered([1, '{"x":'], [1, "1"], [1, "1"], [1, "}"])])).toBe('hmf{"x":11}');
  });

  it("makes no call of one that the limit cut before it had arguments", () => {
    const { request } = accepted({ input: "hi", max_output_tokens: 9 });
    const list = readText(sse(created, added(0, fn("a")), completed({ usage: { output_tokens: 9 } })), request);
    expect([said(list), list.at(-1)]).toMatchObject([[], { stop: { reason: "max-output" } }]);
  });

  it("counts cached tokens beside the prompt, as some of xAI's models do, into it", () => {
    const usage = { input_tokens: 100, input_tokens_details: { cached_tokens: 150 }, output_tokens: 5 };
    const ended = (figures: object) => readText(sse(created, completed({ usage: { ...usage, ...figures } }))).at(-1);
    expect(ended({})).toMatchObject({ usage: { input: 250, cacheRead: 150, output: 5 } });
    expect(ended({ total_tokens: 255 })).toMatchObject({ usage: { input: 250, cacheRead: 150, output: 5 } });
    expect(ended({ total_tokens: 105 })).toMatchObject({ usage: { input: 100 } });
  });

  it("drops a call whose name never came", () => {
    expect(said(read(created, added(0, fn("a", { name: "" })), args(0, "{}"), completed()))).toEqual([]);
  });

  const message = (text: string, more: object = {}) => ({
    type: "message",
    id: "msg",
    role: "assistant",
    content: [{ type: "output_text", text }],
    ...more,
  });
  const textDelta = (delta: string) => ({ type: "response.output_text.delta", item_id: "msg", output_index: 0, content_index: 0, delta });
  const textDone = (text: string) => ({ type: "response.output_text.done", item_id: "msg", output_index: 0, content_index: 0, text });
  it.each([
    [
      "deltas",
      [
        added(0, message("")),
        textDelta("a"),
        textDelta("b"),
        textDone("ab"),
        done(0, message("ab")),
        completed({ output: [message("ab")] }),
      ],
    ],
    ["deltas without anything around them", [textDelta("ab"), completed()]],
    [".done without deltas", [added(0, message("")), textDone("ab"), done(0, message("ab")), completed()]],
    ["the item alone", [done(0, message("ab")), completed()]],
    ["the end alone", [completed({ output: [message("ab")] })]],
    [
      "ids that change from event to event",
      [
        added(0, message("")),
        { ...textDelta("ab"), item_id: "other" },
        done(0, message("ab", { id: "third" })),
        completed({ output: [message("ab", { id: "fourth" })] }),
      ],
    ],
    ["deltas, and .done behind the end of the item", [textDelta("a"), done(0, message("ab")), textDone("ab"), completed()]],
    [
      "an empty part before it",
      [
        textDelta("ab"),
        done(0, {
          ...message("ab"),
          content: [
            { type: "output_text", text: "" },
            { type: "output_text", text: "ab" },
          ],
        }),
        completed(),
      ],
    ],
  ])("says once what came as %s", (_, list) => {
    expect(said(read(created, ...list))).toEqual(["ab"]);
  });

  const inTwoParts = message("", { content: ["a", "b"].map((text) => ({ type: "output_text", text })) });
  it.each([
    ["deltas, none of which is ended", [textDelta("a"), { ...textDelta("b"), content_index: 1 }], ["a", "b"]],
    [
      "deltas, all of which are ended behind the last",
      [textDelta("a"), { ...textDelta("b"), content_index: 1 }, textDone("a")],
      ["a", "b"],
    ],
    ["deltas with one number for all", [textDelta("a"), textDelta("b")], ["ab"]],
    ["deltas of the first part", [textDelta("a"), textDone("a")], ["a", "b"]],
    ["deltas of the first part, which is not ended", [textDelta("a")], ["a", "b"]],
    ["the item alone", [], ["a", "b"]],
  ])("says once each part of a message that came as %s", (_, list, parts) => {
    expect(said(read(created, ...list, done(0, inTwoParts), completed({ output: [inTwoParts] })))).toEqual(parts);
  });

  it("keeps the phase of a message, its own calls and nothing of keep-alives", () => {
    const search = { type: "web_search_call", id: "ws", status: "completed" };
    const list = read(
      created,
      { type: "keepalive" },
      added(0, search),
      done(0, search),
      added(1, message("", { phase: "commentary" })),
      done(1, message("a", { phase: "commentary" })),
      completed(),
    );
    expect(list.slice(1, 4)).toEqual([
      { type: "opaque", part: { wire: "responses", value: search } },
      { type: "opaque", part: { wire: "responses", value: { type: "phase", phase: "commentary" } } },
      { type: "text-start" },
    ]);
  });

  it.each([
    [{ type: "search", query: "cats", sources: [{ type: "url", url: "https://example.com" }] }, "cats", ["https://example.com"]],
    [{ type: "search", queries: ["cats", "dogs"] }, "cats; dogs", []],
    [{ type: "open_page", url: "https://example.com" }, "https://example.com", []],
  ])("reads a search of the provider's own: %j", (action, query, pages) => {
    const item = { type: "web_search_call", id: "ws", status: "completed", action };
    const list = read(created, added(0, { ...item, action: null }), done(0, item), completed());
    expect(list[1]).toMatchObject({ type: "opaque", part: { search: { id: "ws", query } } });
    const part = list[1]?.type === "opaque" ? list[1].part : undefined;
    expect(part?.search?.found.map(({ url }) => url)).toEqual(pages);
  });

  it("tells two searches by two ids, whatever the server gave them", () => {
    const search = (id?: string) => ({ type: "web_search_call", id, status: "completed", action: { type: "search", query: "cats" } });
    const reply = reader().reply({ status: "completed", output: [undefined, undefined, "ws", "ws"].map(search) });
    const ids = reply.flatMap((event) => (event.type === "opaque" ? [event.part.search?.id] : []));
    expect([ids[2], new Set(ids).size]).toEqual(["ws", 4]);
  });

  it("reads a refusal", () => {
    const list = [added(0, message("")), { type: "response.refusal.delta", item_id: "msg", output_index: 0, delta: "no" }, completed()];
    expect(read(created, ...list).at(-1)).toMatchObject({ stop: { reason: "refusal", explanation: "no", declined: true } });
  });

  it("reads the text of a freeform call as its one argument", () => {
    const call = { type: "custom_tool_call", id: "c", call_id: "call_c", name: "f", input: 'a"\nb' };
    const delta = (text: string) => ({ type: "response.custom_tool_call_input.delta", output_index: 0, delta: text });
    const json = JSON.stringify({ input: 'a"\nb' });
    expect(said(read(created, added(0, { ...call, input: "" }), delta('a"'), delta("\nb"), done(0, call), completed()))).toEqual([
      "f",
      json,
    ]);
    expect(said(read(created, done(0, call), completed()))).toEqual(["f", json]);
    expect(said(read(created, added(0, { ...call, input: "" }), delta(""), done(0, call), completed()))).toEqual(["f", json]);
    expect(said(read(created, added(0, { ...call, input: "" }), delta("a"), done(0, call), completed()))).toEqual(["f", json]);
  });

  it("finds a call again by the call's id alone", () => {
    const item = (id: string, more: object = {}) => ({ type: "function_call", call_id: id, ...more });
    const ended = (id: string, json: string) => ({ type: "response.output_item.done", item: item(id, { name: "f", arguments: json }) });
    const list = [added(1, item("a")), added(2, item("b")), ended("a", '{"n":1}'), ended("b", '{"n":2}'), completed()];
    expect(said(read(created, ...list))).toEqual(["f", '{"n":1}', "f", '{"n":2}']);
  });

  it("keeps calls apart that have no more than the call's own id", () => {
    const whole = (id: string, json: string) => ({ type: "function_call", call_id: id, name: "f", arguments: json });
    const event = (ending: string, item: object) => ({ type: `response.output_item.${ending}`, item });
    const ends = [event("done", whole("a", '{"n":1}')), event("done", whole("b", '{"n":2}'))];
    const list = [event("added", whole("a", "")), event("added", whole("b", "")), ...ends];
    for (const some of [ends, list]) expect(said(read(created, ...some, completed()))).toEqual(["f", '{"n":1}', "f", '{"n":2}']);
  });

  it("finds an item whose index another one has since", () => {
    const rs = { type: "reasoning", id: "rs" };
    const thought = { type: "response.reasoning_summary_text.delta", item_id: "rs", output_index: 0, delta: "th" };
    const summary = [{ type: "summary_text", text: "th" }];
    const list = [created, added(0, rs), thought, added(0, message("")), textDelta("a"), done(0, { ...rs, summary })];
    expect(said(read(...list, textDone("a"), done(0, message("a")), completed()))).toEqual(["th", "a"]);
  });

  it("goes on with items of which each has the others' index, where reasoning comes back behind its end", () => {
    const thought = (delta: string) => ({ type: "response.reasoning_summary_text.delta", item_id: "rs", output_index: 0, delta });
    const rs = (text: string) => ({ type: "reasoning", id: "rs", summary: text === "" ? null : [{ type: "summary_text", text }] });
    const list = [added(0, rs("")), thought("A"), done(0, rs("A")), textDelta("a"), thought("B"), textDelta("b"), textDone("ab")];
    expect(said(read(created, ...list, done(0, message("ab")), completed({ output: [rs("AB"), message("ab")] })))).toEqual([
      "A",
      "a",
      "B",
      "b",
    ]);
  });

  it("finds what it said in an output whose ids and places are others", () => {
    const output = [{ type: "reasoning", summary: [] }, fn("", { arguments: '{"n":1}', id: undefined }), message("a", { id: "other" })];
    const call = [added(0, fn("a")), args(0, '{"n":1}'), done(0, fn("a", { arguments: '{"n":1}' }))];
    expect(said(read(created, ...call, { ...textDelta("a"), output_index: 1 }, completed({ output })))).toEqual(["f", '{"n":1}', "a"]);
    // One that is found by its id leaves the place before it to what is new.
    const calls = [fn("b", { arguments: '{"n":2}' }), fn("a", { arguments: '{"n":1}' })];
    expect(said(read(created, ...call, completed({ output: calls })))).toEqual(["f", '{"n":1}', "f", '{"n":2}']);
  });

  it.each([
    ["one index", 0, "b"],
    ["one id", 1, "a"],
  ])("keeps calls apart that follow one another, and to which a server gives %s", (_, index, id) => {
    const whole = (at: number, item: string, json: string) => {
      const call = (given: string) => fn(item, { call_id: `call_${json}`, arguments: given });
      return [added(at, call("")), args(at, json), done(at, call(json))];
    };
    const list = [...whole(0, "a", '{"n":1}'), ...whole(index, id, '{"n":2}'), completed()];
    expect(said(read(created, ...list))).toEqual(["f", '{"n":1}', "f", '{"n":2}']);
  });

  it("keeps calls apart that a server numbers, and gives one call's id", () => {
    const call = (id: string, json = "") => fn(id, { call_id: "call_0", arguments: json });
    const list = [added(0, call("a")), added(1, call("b")), done(0, call("a", '{"n":1}')), done(1, call("b", '{"n":2}')), completed()];
    expect(said(read(created, ...list))).toEqual(["f", '{"n":1}', "f", '{"n":2}']);
  });

  it("keeps calls apart that a server never announces, and gives one index", () => {
    const list = ["a", "b"].map((id, n) => done(0, fn(id, { arguments: `{"n":${n}}` })));
    expect(said(read(created, ...list, completed()))).toEqual(["f", '{"n":0}', "f", '{"n":1}']);
    // The same once more is no other.
    expect(said(read(created, ...list, ...list.slice(1), completed()))).toEqual(["f", '{"n":0}', "f", '{"n":1}']);
  });

  it("reads as one a call that only the id of its end names, which says neither index nor an item's id", () => {
    const list = ["a", "b"].flatMap((id, n) => [
      { type: "response.function_call_arguments.done", arguments: `{"n":${n}}` },
      { type: "response.output_item.done", item: fn("", { id: undefined, call_id: id, arguments: `{"n":${n}}` }) },
    ]);
    const output = ["a", "b"].map((id, n) => fn("", { id: undefined, call_id: id, arguments: `{"n":${n}}` }));
    expect(said(read(created, ...list, completed({ output })))).toEqual(["f", '{"n":0}', "f", '{"n":1}']);
  });

  it("keeps calls apart that are announced with neither index nor a call's id of their own, and never ended", () => {
    const call = (n: number, more: object) => ({ type: "response.output_item.added", item: fn("", { arguments: `{"n":${n}}`, ...more }) });
    for (const ids of [{ call_id: undefined, id: undefined }, { call_id: "same" }]) {
      const list = [0, 1].map((n) => call(n, { id: `fc_${n}`, ...ids }));
      expect(said(read(created, ...list, completed()))).toEqual(["f", '{"n":0}', "f", '{"n":1}']);
    }
  });

  it("reads indexes that are text and ids that are numbers", () => {
    const at = (event: object, output_index: string, item_id: string) => ({ ...event, output_index, item_id });
    const call = (id: string, given: string) => fn(id, { call_id: 7, arguments: given });
    const list = [
      at(added(0, message("")), "0", "a"),
      at(textDelta("a"), "0", "b"),
      at(textDelta("b"), "0", "c"),
      at(textDone("ab"), "0", "d"),
    ];
    const calls = [at(added(1, call("e", "")), "1", "e"), at(args(1, '{"n":1}'), "1", "f"), at(done(1, call("g", '{"n":1}')), "1", "g")];
    const events = read(created, ...list, ...calls, completed());
    expect(said(events)).toEqual(["ab", "f", '{"n":1}']);
    expect(events).toContainEqual({ type: "tool-start", id: "7", name: "f" });
  });

  it("holds nothing up for a name that has not come", () => {
    const nameless = [added(0, fn("a", { name: "" })), args(0, '{"x"'), textDelta("a")];
    expect(said(read(created, ...nameless))).toEqual(["a"]);
    const named = { type: "response.function_call_arguments.done", output_index: 0, name: "f", arguments: '{"x":1}' };
    expect(said(read(created, ...nameless, named))).toEqual(["a", "f", '{"x":1}']);
  });

  it("takes a text for a message's content", () => {
    const message = { type: "message", id: "m", role: "assistant", content: "hi" };
    expect(said(read(created, done(0, message), completed()))).toEqual(["hi"]);
    expect(said(read(created, completed({ output: [message] })))).toEqual(["hi"]);
  });

  it("takes text between two calls for over when the second begins", () => {
    const list = [added(0, fn("a")), args(0, '{"x"'), { ...textDelta("a"), output_index: 2 }, added(1, fn("b")), args(1, '{"y"')];
    expect(said(read(created, ...list, done(0, fn("a", { arguments: '{"x":1}' }))))).toEqual(["f", '{"x":1}', "a", "f", '{"y"']);
  });

  it.each([
    ["incomplete", { incomplete_details: { reason: "max_output_tokens" } }, { reason: "max-output" }],
    ["incomplete", { incomplete_details: { reason: "content_filter" } }, { reason: "refusal" }],
    ["completed", {}, { reason: "end" }],
  ])("ends with %s %j", (status, more, stop) => {
    expect(read(created, textDelta("a"), { type: `response.${status}`, response: { status, output: [], ...more } }).at(-1)).toMatchObject({
      stop,
    });
  });

  it.each([
    [
      "response.failed",
      {
        type: "response.failed",
        response: { status: "failed", error: { code: "rate_limit_exceeded", message: "Please try again in 3s" } },
      },
      { kind: "rate-limited", retryAfter: 3 },
    ],
    [
      "response.failed for the window",
      { type: "response.failed", response: { error: { code: "context_length_exceeded", message: "too long" } } },
      { kind: "too-long" },
    ],
    [
      "response.failed with the error beside the response",
      {
        type: "response.failed",
        response: { id: "r", status: "failed", error: null, output: [] },
        error: { message: "Upstream provider error", type: "server_error", code: "upstream_error" },
      },
      { kind: "upstream", message: "Upstream provider error" },
    ],
    ["an error event", { type: "error", code: "server_error", message: "boom" }, { kind: "upstream", message: "boom" }],
    ["an error object", { error: { message: "boom", code: 500 } }, { message: "boom" }],
    ["cancelled", { type: "response.cancelled", response: { status: "cancelled" } }, { kind: "upstream" }],
  ])("is a failure on %s, alone where nothing was said", (_, event, failure) => {
    expect(read(created, event)).toMatchObject([{ type: "failure", failure }]);
    expect(read(created, textDelta("a"), event, textDelta("b")).at(-1)).toMatchObject({ type: "failure", failure });
  });

  it("takes an event that is named an error for one, whatever type stands in it", () => {
    const error = JSON.stringify({ code: 500, message: "boom", type: "server_error" });
    for (const line of [`event: error\ndata: ${error}`, `error: ${error}`])
      expect(readText(`${sse(created)}${line}\n\n`).at(-1)).toMatchObject({ type: "failure", failure: { message: "boom" } });
  });

  it("is a failure where an event is broken: what it held is in no later one", () => {
    const broken = JSON.stringify(args(0, 'build/"}')).slice(0, -3);
    const list = readText(`${sse(created, added(0, fn("a")), args(0, '{"x":"/'))}data: ${broken}\n\n${sse(completed())}`);
    expect(list.at(-1)).toMatchObject({ type: "failure", failure: { kind: "cut-off" } });
    expect(list.map(({ type }) => type)).not.toContain("tool-end");
  });

  it("reads two objects in one line, and passes over words for people", () => {
    const glued = `data: ${JSON.stringify(textDelta("a"))}${JSON.stringify(textDelta("b"))}\n\ndata: keep-alive\n\n`;
    expect(said(folded(readText(`${sse(created)}${glued}${sse(completed())}data: [DONE]\n\n`)))).toEqual(["ab"]);
  });

  it("is cut off without its end", () => {
    expect(read(created, textDelta("a")).at(-1)).toMatchObject({ type: "failure", failure: { kind: "cut-off" } });
    expect(read()).toMatchObject([{ type: "failure", failure: { kind: "cut-off" } }]);
    // Where only the connection's end says that it is over, its last bytes are half an event.
    expect(readText(sse(created, textDelta("a"), completed()).slice(0, -30)).at(-1)).toMatchObject({ failure: { kind: "cut-off" } });
  });

  it.each([["<html>no</html>"], [{ error: { message: "boom" } }], [null], [{}], [[]]])("takes %j for no reply", (body) => {
    expect(reader().reply(body)).toMatchObject([{ type: "failure" }]);
  });

  it("is legal whatever comes", () => {
    const types = [
      "output_item.added",
      "output_item.done",
      "output_text.delta",
      "output_text.done",
      "function_call_arguments.delta",
      "function_call_arguments.done",
      "reasoning_summary_text.delta",
      "reasoning_text.delta",
      "reasoning_summary_part.added",
      "custom_tool_call_input.delta",
      "refusal.delta",
      "completed",
      "failed",
      "incomplete",
      "created",
    ];
    const item = fc.record(
      {
        type: fc.constantFrom("message", "function_call", "reasoning", "custom_tool_call", "web_search_call", "odd"),
        id: fc.constantFrom("a", "b"),
        call_id: fc.constantFrom("c", "d", 7),
        name: fc.constantFrom("f", "", null),
        arguments: fc.oneof(fc.constantFrom("{}", '{"a":1}', ""), fc.json(), fc.object()),
        content: fc.oneof(fc.constant([{ type: "output_text", text: "abc" }]), fc.anything()),
        encrypted_content: fc.constantFrom("e", null),
      },
      { requiredKeys: [] },
    );
    const event = fc.record(
      {
        type: fc.constantFrom(...types).map((name) => `response.${name}`),
        item: fc.oneof(item, fc.constant(null)),
        item_id: fc.constantFrom("a", "b", 3),
        output_index: fc.constantFrom(0, 1, "x"),
        delta: fc.oneof(fc.string(), fc.constant(null)),
        text: fc.string(),
        arguments: fc.oneof(fc.string(), fc.object()),
        response: fc.oneof(
          fc.record({ output: fc.array(item), status: fc.constantFrom("completed", "odd") }, { requiredKeys: [] }),
          fc.anything(),
        ),
      },
      { requiredKeys: ["type"] },
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: event }, { weight: 1, arbitrary: fc.anything() }), { maxLength: 12 }),
        (list) => {
          const stage = reader().stream();
          const out = run(
            stage,
            list.map((data) => ({ data: JSON.stringify(data) ?? "undefined" })),
          );
          expect(illegal(out)).toBeUndefined();
          expect(out.filter((one) => one.type === "reply-end" || one.type === "failure")).toHaveLength(1);
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(illegal(reader().reply(body as Json))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it("is read in time that grows with its size, not with its square", { timeout: 120_000 }, () => {
    const task = (size: number) => {
      const stage = reader().stream();
      stage.push({ data: JSON.stringify(added(0, fn("a"))) });
      for (let index = 0; index < size; index += 1) stage.push({ data: JSON.stringify(args(0, "x")) });
    };
    expect(growth(task, 25_000)).toBeLessThan(notItsSquare);
  });
});
