import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLongIds } from "../../src/mend/long-ids.ts";
import { mend } from "../../src/mend/mend.ts";
import { stopSequences } from "../../src/mend/stop-sequences.ts";
import type { ReplyEvent } from "../../src/model/event.ts";
import { runStage } from "../../src/model/pipe.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { Request } from "../../src/model/request.ts";
import { growth, notItsSquare } from "../support/growth.ts";
import { assistant, calls, countingIds, events, fold, type Part, pieces, type Reply, request, results, tool, user, walk } from "./walk.ts";

const long = `mcp__${"x".repeat(70)}`;
const offered = [tool("Read", { path: { type: "string" } }), tool("Bash", { command: { type: "string" } }), tool(long)];
const stage = (more: Partial<Request> = {}, quirks: Quirks = {}, history = [user("hi")]) => {
  const input = request(history, { tools: offered, ...more });
  return () => mend(input, { quirks, ids: countingIds(), wire: "chat", inputEstimate: () => 77 }).events();
};
const call = (name: string, json = '{"path":"a"}', id = "a"): Part => ({ call: name, arguments: json, id });
const mended = (reply: Reply, more: Partial<Request> = {}, quirks: Quirks = {}) => walk(stage(more, quirks), reply);

describe("replies", () => {
  it.each([
    ["another case", "read", "Read"],
    ["a template's namespace", "functions.Bash", "Bash"],
    ["default_api", "default_api:Read", "Read"],
    ["tokens of the model's format behind it", "functions.Bash<|channel|>commentary", "Bash"],
    ["a name that nobody offered", "Fetch", "Fetch"],
  ])("call names: %s", (_, written, meant) => {
    expect(mended({ parts: [call(written)], stop: "tool-use" }).parts).toEqual([call(meant)]);
  });

  it.each<readonly [string, Part]>([
    ["text", { text: "Done 🎉 and 👍" }],
    ["thinking", { thinking: "Hm 🤔." }],
    ["a call", call("Bash", '{"command":"echo 🎉"}')],
  ])("characters: no half of one goes out, in %s that was cut between two halves", (_, part) => {
    const reply: Reply = { parts: [part, { text: "." }], stop: "end" };
    const out = runStage(
      stage()(),
      events(reply, (text) => pieces(text, [1])),
    );
    const texts = out.flatMap((event) => ("text" in event ? [event.text] : "json" in event ? [event.json] : []));
    expect(texts.filter((text) => !text.isWellFormed())).toEqual([]);
    expect(fold(out).parts).toEqual(reply.parts);
  });

  it("characters: a half that stays alone is told as what stands for none", () => {
    const cut = "👍".slice(0, 1);
    expect(mended({ parts: [{ thinking: `a${cut}` }, { text: `b${cut}` }], stop: "end" }).parts).toEqual([
      { thinking: "a\ufffd" },
      { text: "b\ufffd" },
    ]);
  });

  it.each<[what: string, part: "text" | "thinking", said: string, more: Partial<Request>, quirks: Quirks]>([
    ["text", "text", "Half an ans", {}, {}],
    ["text with white space at its end", "text", "Half ", {}, {}],
    ["text without tools", "text", "Half an ans", { tools: [] }, {}],
    ["text that may be a call", "text", "I read.\n<tool_call>", {}, {}],
    ["text on a model of no tags", "text", "Half an ans", {}, { thinkTags: "off" }],
    ["text for a schema", "text", '{"a":', { schema: { name: "s", schema: {} } }, {}],
    ["thinking", "thinking", "Let me th", {}, {}],
    ["thinking between tags", "text", "<think>Let me th", {}, {}],
  ])("a part in which the reply fails has no end: %s", (_, part, said, more, quirks) => {
    const failed: ReplyEvent = { type: "failure", failure: { kind: "cut-off", origin: "provider", message: "gone" } };
    const out = runStage(stage(more, quirks)(), [
      { type: "reply-start", id: "r" },
      { type: `${part}-start` },
      { type: `${part}-delta`, text: said },
      failed,
    ]);
    expect(out.filter(({ type }) => type.endsWith("-start"))).toHaveLength(2);
    expect(out.filter(({ type }) => type.endsWith("-end"))).toEqual([]);
    expect(out.map((event) => ("text" in event ? event.text : "")).join("")).toBe(said.replace("<think>", ""));
    expect(out.at(-1)).toEqual(failed);
  });

  it.each<[name: string, text: string, more: Partial<Request>]>([
    ["Kimi K3, no tools", "<|open|>response<|sep|>So.<|close|>response<|sep|><|close|>message<|sep|>", { tools: [] }],
    ["Command A, no tools", "<|START_RESPONSE|>So.<|END_RESPONSE|>", { tools: [] }],
    ["Inkling, no call asked for", "<|content_text|>So.<|end_message|>", { toolChoice: { type: "none" } }],
  ])("what frames an answer is no part of it: %s", (_, text, more) => {
    expect(mended({ parts: [{ text }], stop: "end" }, more).parts).toEqual([{ text: "So." }]);
  });

  it("calls in text stay text where no call was asked for", () => {
    const text = 'So.\n<tool_call>{"name":"Read","arguments":{"path":"a"}}</tool_call>\nThen.';
    for (const more of [{ tools: [] }, { toolChoice: { type: "none" } }] as const)
      expect(mended({ parts: [{ text }], stop: "end" }, more).parts).toEqual([{ text }]);
  });

  it.each([
    ["JSON that could be a call's", '{"name": "Ada", "age": 36}'],
    ["a list of such", '[{"id": 1}, {"id": 2}]'],
    ["a token that opens calls", "LFM2 opens by <|tool_call_start|> what it calls."],
    ["a tag that does, of another language", '<function name="a">b</function>\n<function name="c"> and so on'],
    ["a fence that does", "```tool_code\nprint(a=1)"],
  ])("an answer without tools goes on as it comes: %s", (_, text) => {
    const open = stage({ tools: [] })();
    const first = [...open.push({ type: "reply-start", id: "r" }), ...open.push({ type: "text-start" })];
    const said = [...first, ...[...text].flatMap((character) => open.push({ type: "text-delta", text: character }))];
    expect(said.map((event) => (event.type === "text-delta" ? event.text : "")).join("")).toBe(text);
  });

  it("call names: gives long ones back", () => {
    const input = request([user("u")], { tools: offered });
    const { request: sent, events: open } = mend(input, { quirks: {}, ids: countingIds(), wire: "chat", inputEstimate: () => 1 });
    const name = sent.tools[2]?.name ?? "";
    expect(name.length).toBeLessThanOrEqual(64);
    expect(walk(open, { parts: [call(name)], stop: "tool-use" }).parts).toEqual([call(long)]);
  });

  it.each<readonly [string, Part, string]>([
    ["as they should", call("Wait", '{"seconds":"5","steps":"[1]"}'), "a"],
    ["broken", call("Wait", "{'seconds': '5', 'steps': '[1]'}"), "a"],
    ["as text", { text: '<tool_call>{"name":"Wait","arguments":{"seconds":"5","steps":"[1]"}}</tool_call>' }, "call_1"],
    [
      "as text, said to be strings",
      {
        text: '<｜DSML｜invoke name="Wait"><｜DSML｜parameter name="seconds" string="true">5</｜DSML｜parameter><｜DSML｜parameter name="steps" string="true">[1]</｜DSML｜parameter></｜DSML｜invoke>',
      },
      "call_1",
    ],
  ])("call arguments: of the types that the tool asks for, where they come %s", (_, written, id) => {
    const tools = [tool("Wait", { seconds: { type: "integer" }, steps: { type: "array" } })];
    expect(mended({ parts: [written], stop: "tool-use" }, { tools }).parts).toEqual([call("Wait", '{"seconds":5,"steps":[1]}', id)]);
  });

  it("call ids: of 64 characters at most for clients, and back to what they were at the provider that wrote them", () => {
    const id = "call_".padEnd(100, "x");
    const longIds = createLongIds();
    const at = (maker: string, history: Request) =>
      mend(history, { quirks: {}, ids: countingIds(), wire: "responses", inputEstimate: () => 1, longIds: longIds(maker) });
    const { events } = at("a/m", request([user("u")], { tools: offered }));
    const [received] = walk(events, { parts: [call("Read", "{}", id)], stop: "tool-use" }).parts;
    const short = received !== undefined && "id" in received ? received.id : "";
    expect(short).toMatch(/^[\w-]{1,64}$/);
    const history = request([user("u"), calls(short), results(short)], { tools: offered });
    const sent = (maker: string) =>
      at(maker, history).request.turns.flatMap(({ parts }) => parts.flatMap((part) => ("id" in part ? [part.id] : [])));
    expect(sent("a/m")).toEqual([id, id]);
    expect(sent("b/m")).toEqual([short, short]);
    const again = at("a/m", history).events;
    expect(walk(again, { parts: [call("Read", "{}", id)], stop: "tool-use" }).parts).not.toEqual([received]);
  });

  it("call ids: legal for clients, and back to what they were", () => {
    const { parts } = mended({
      parts: [call("Read", "{}", "functions.Read:0"), call("Read", "{}", ""), call("Read", "{}", "b"), call("Read", "{}", "b")],
      stop: "tool-use",
    });
    const ids = parts.map((part) => ("id" in part ? part.id : ""));
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(new Set(ids).size).toBe(4);
    expect(ids[2]).toBe("b");
    const [id = ""] = ids;
    const back = mend(request([user("u"), calls(id), results(id)]), {
      quirks: {},
      ids: countingIds(),
      wire: "chat",
      inputEstimate: () => 1,
    }).request;
    expect(back.turns[1]?.parts[0]).toMatchObject({ id: "functions.Read:0" });
  });

  it("call ids: new where the conversation has the same", () => {
    const history = [user("u"), calls("call_0"), results("call_0"), user("v")];
    const [part] = walk(stage({}, {}, history), { parts: [call("Read", "{}", "call_0")], stop: "tool-use" }).parts;
    const id = part !== undefined && "id" in part ? part.id : "";
    expect(id).not.toBe("call_0");
    const back = mend(request([...history, calls(id), results(id)]), {
      quirks: {},
      ids: countingIds(),
      wire: "chat",
      inputEstimate: () => 1,
    }).request;
    expect(back.turns.at(-1)?.parts[0]).toMatchObject({ id: "call_0" });
  });

  it.each<readonly [string, Reply, Reply["stop"]]>([
    ["a call and end", { parts: [call("Read")], stop: "end" }, "tool-use"],
    ["no call and tool-use", { parts: [{ text: "a" }], stop: "tool-use" }, "end"],
    ["a call and the output limit", { parts: [call("Read")], stop: "max-output" }, "max-output"],
    ["a call written as text", { parts: [{ text: '<tool_call>{"name":"Read","arguments":{}}</tool_call>' }], stop: "end" }, "tool-use"],
    ["a stop sequence that nobody asked for", { parts: [{ text: "a" }], stop: "stop-sequence" }, "end"],
    ["a refusal", { parts: [{ text: "a" }], stop: "refusal" }, "refusal"],
  ])("stop: %s", (_, reply, stop) => {
    expect(mended(reply).stop).toBe(stop);
  });

  it.each<readonly [string, readonly Part[], readonly Part[]]>([
    ["white space between reasoning and a call", [{ thinking: "a" }, { text: "\n\n" }, call("Read")], [{ thinking: "a" }, call("Read")]],
    ["white space after tags and before a call", [{ text: "<think>a</think>\n\n" }, call("Read")], [{ thinking: "a" }, call("Read")]],
    ["white space after a call", [call("Read"), { text: "\n" }], [call("Read")]],
    ["white space between two texts", [{ text: "a." }, { text: "\n" }, { text: " " }, { text: "b" }], [{ text: "a." }, { text: "\n b" }]],
    [
      "white space between a text and a call",
      [{ text: "a." }, { text: "\n" }, call("Read"), { text: "b" }],
      [{ text: "a." }, call("Read"), { text: "b" }],
    ],
    ["white space as the whole reply", [{ text: "\n" }], []],
    ["reasoning after the last text", [{ text: "a" }, { thinking: "b" }], [{ text: "a" }]],
    ["reasoning after the last text, and white space", [{ text: "a" }, { thinking: "b" }, { text: "\n\n" }], [{ text: "a" }]],
    [
      "reasoning between text and a call",
      [{ text: "a" }, { thinking: "b", seal: "s" }, call("Read")],
      [{ text: "a" }, { thinking: "b", seal: "s" }, call("Read")],
    ],
    ["reasoning after a call", [{ text: "a" }, call("Read"), { thinking: "b" }], [{ text: "a" }, call("Read"), { thinking: "b" }]],
    ["reasoning between texts", [{ text: "a" }, { thinking: "b" }, { text: "c" }], [{ text: "a" }, { thinking: "b" }, { text: "c" }]],
    ["sealed reasoning without a word", [{ thinking: "", seal: "s" }, { text: "a" }], [{ thinking: "", seal: "s" }, { text: "a" }]],
  ])("order: %s", (_, parts, expected) => {
    expect(mended({ parts, stop: "end" }).parts).toEqual(expected);
  });

  it("gives up long reasoning between texts, which would have to wait", () => {
    const reply: Reply = { parts: [{ text: "a" }, { thinking: "b".repeat(70_000) }, { text: "c" }], stop: "end" };
    expect(fold(runStage(stage()(), events(reply))).parts).toEqual([{ text: "a" }, { text: "c" }]);
  });

  it("keeps reasoning from a client that switched it off", () => {
    const parts: Part[] = [{ text: "<think>why</think>a" }, { thinking: "b" }, { text: "c" }];
    expect(mended({ parts, stop: "end" }, { reasoning: { enabled: false } }).parts).toEqual([{ text: "a" }, { text: "c" }]);
  });

  it("ends the reply at a stop string that the server does not take", () => {
    const quirks = { refusedFields: ["stop"] };
    const reply: Reply = { parts: [{ text: "one STO two STOP three" }, call("Read")], stop: "end" };
    expect(mended(reply, { stop: ["STOP"] }, quirks)).toEqual({ parts: [{ text: "one STO two " }], stop: "stop-sequence" });
    for (const parts of [[{ text: "one ST" }], [{ text: "one ST" }, call("Read")]]) {
      const stop = parts.length > 1 ? "tool-use" : "end";
      expect(mended({ parts, stop }, { stop: ["STOP"] }, quirks)).toEqual({ parts, stop });
    }
  });

  it("ends the reply at a stop string that the server takes, but leaves in the text or passes over", () => {
    expect(mended({ parts: [{ text: "one STOP" }], stop: "end" }, { stop: ["STOP"] })).toEqual({
      parts: [{ text: "one " }],
      stop: "stop-sequence",
    });
    expect(mended({ parts: [{ text: "one\ntwo" }], stop: "end" }, { stop: ["\n"] })).toEqual({
      parts: [{ text: "one" }],
      stop: "stop-sequence",
    });
  });

  it.each<[text: string, output: number | undefined]>([
    ["one STOP", 5],
    ["one STOP two", undefined],
  ])("takes the usage of a server that ended there, and does not wait for another's: %s", (text, output) => {
    const stage = stopSequences(["STOP"]);
    const list = events({ parts: [{ text }], stop: "end" });
    expect(fold(runStage(stopSequences(["STOP"]), list)).stop).toBe("stop-sequence");
    const ending = list.flatMap((event) => stage.push(event)).at(-1);
    expect(ending).toMatchObject({ type: "reply-end", stop: { sequence: "STOP" }, usage: output === undefined ? {} : { output } });
  });

  it("ends at a stop string that nothing follows with the next sign of life", () => {
    const stage = stopSequences(["STOP"]);
    const begun = events({ parts: [{ text: "one STOP" }], stop: "end" }).slice(0, 3);
    expect(fold([...begun.flatMap((event) => stage.push(event)), ...stage.idle()])).toEqual({
      parts: [{ text: "one " }],
      stop: "stop-sequence",
    });
    expect(stage.idle()).toEqual([]);
  });

  it.each<readonly [string, string, readonly Part[]]>([
    ["the end of a turn", "Hello<|return|>", [{ text: "Hello" }]],
    ["several, with white space", "Hello<|im_end|>\n<|endoftext|>\n", [{ text: "Hello" }]],
    ["one in the middle", "Write <|end|> there", [{ text: "Write <|end|> there" }]],
    ["one in code", "Write `<|end|>", [{ text: "Write `<|end|>" }]],
  ])("takes a model's own tokens off the end of the text: %s", (_, text, parts) => {
    expect(mended({ parts: [{ text }], stop: "end" }).parts).toEqual(parts);
  });

  it("takes off a prefill that the reply repeats", () => {
    const open = stage({}, { echoesPrefill: true }, [user("u"), assistant("The answer is ")]);
    expect(walk(open, { parts: [{ text: "The answer is 4" }], stop: "end" }).parts).toEqual([{ text: " 4" }]);
    expect(walk(open, { parts: [{ text: "The answers are 4" }], stop: "end" }).parts).toEqual([{ text: "The answers are 4" }]);
    expect(walk(open, { parts: [{ text: "The ans" }], stop: "end" }).parts).toEqual([{ text: "The ans" }]);
  });

  it.each([
    ["a fence around it", '```json\n{"a":1}\n```', '{"a":1}'],
    ["a fence without a language, and white space", '\n```\n{"a":1}\n```\n', '{"a":1}'],
    ["no fence", '{"a":"```"}', '{"a":"```"}'],
    ["a fence that never closes", '```json\n{"a":1}', '{"a":1}'],
    ["a fence inside", '```json\n{"a":"\n```\nx"}\n```', '{"a":"\n```\nx"}'],
    ["words", "I cannot.", "I cannot."],
  ])("a reply that must be JSON: %s", (_, text, expected) => {
    const schema = { name: "n", schema: { type: "object" } };
    expect(mended({ parts: [{ text }], stop: "end" }, { schema }).parts).toEqual([{ text: expected }]);
  });

  it.each([
    '<tool_call>\n{"name": "Bash", "arguments": {"command": "ls"}}\n</tool_call>',
    "<function=Bash>\n<parameter=command>\nls\n</parameter>\n</function>",
    '<|channel|>commentary to=functions.Bash <|constrain|>json<|message|>{"command":"ls"}',
  ])("markup that stands in what the model has read is repeated, not meant: %s", (markup) => {
    const told = {
      role: "user",
      parts: [{ type: "tool-result", id: "a", parts: [{ type: "text", text: `doc:\n${markup}\nend` }], error: false }],
    } as const;
    const said: Reply = { parts: [{ text: `It says:\n${markup}` }], stop: "end" };
    for (const turns of [[user("u"), calls("a"), told], [user(`What does ${markup} do?`)]])
      expect(walk(stage({}, {}, turns), said).parts).toEqual(said.parts);
    // What nobody gave it to read it means.
    for (const turns of [[user("u")], [user(markup.replace("ls", "pwd"))], [user("u"), assistant(markup), user("v")]])
      expect(walk(stage({}, {}, turns), said).stop).toBe("tool-use");
  });

  it("fills in figures, and says that they are estimates", () => {
    const list = (usage: object, start: object = {}): ReplyEvent[] =>
      runStage(stage()(), [
        { type: "reply-start", id: "r", ...start },
        ...events({ parts: [{ text: "x".repeat(36) }], stop: "end" }, undefined, usage).slice(1),
      ]);
    const none = list({});
    expect(none[0]).toMatchObject({ usage: { input: 77, estimated: true } });
    expect(none.at(-1)).toMatchObject({ usage: { input: 77, output: 12, estimated: true } });
    expect(list({ input: 5, output: 3 }).at(-1)).toMatchObject({ usage: { input: 5, output: 3 } });
    expect(list({ input: 5, output: 3 }).at(-1)).not.toMatchObject({ usage: { estimated: true } });
    expect(list({ input: 5, output: 3, cacheRead: 4, reasoning: 2 }).at(-1)).toMatchObject({ usage: { cacheRead: 4, reasoning: 2 } });
    expect(list({ output: 3 }, { usage: { input: 9, cacheRead: 4 } }).at(-1)).toMatchObject({
      usage: { input: 9, cacheRead: 4, output: 3 },
    });
  });

  it.each<readonly [string, string, readonly Part[]]>([
    [
      "analysis and final",
      "<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>final<|message|>so<|return|>",
      [{ thinking: "why" }, { text: "so" }],
    ],
    [
      "a call",
      '<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>commentary to=functions.Read <|constrain|>json<|message|>{"path":"a"}<|call|>',
      [{ thinking: "why" }, call("Read", '{"path":"a"}', "call_1")],
    ],
    [
      "white space before a call, and behind it another message",
      'Now.\n\n<|channel|>commentary to=functions.Bash<|message|>{"command":"ls"}<|call|>\n<|start|>assistant<|channel|>final<|message|>\n so \n<|return|>',
      [{ text: "Now." }, call("Bash", '{"command":"ls"}', "call_1"), { text: "\n so \n" }],
    ],
    [
      "the recipient before the channel",
      '<|start|>assistant to=functions.Bash<|channel|>commentary json<|message|>{"command":"ls"}<|call|>',
      [call("Bash", '{"command":"ls"}', "call_1")],
    ],
    [
      "the recipient at the very beginning",
      ' to=functions.Bash<|channel|>commentary json<|message|>{"command":"ls"}<|call|>',
      [call("Bash", '{"command":"ls"}', "call_1")],
    ],
    [
      "a space behind that recipient",
      'to=functions.Bash <|channel|>commentary json<|message|>{"command":"ls"}<|call|>',
      [call("Bash", '{"command":"ls"}', "call_1")],
    ],
    [
      "a call without its last token, which servers keep back",
      '<|channel|>commentary to=functions.Bash <|constrain|>json<|message|>{"command":"l\ns"}',
      [call("Bash", '{"command":"l\\ns"}', "call_1")],
    ],
    [
      "a call that was cut",
      'Now<|channel|>commentary to=functions.Bash <|constrain|>json<|message|>{"command":"rm -rf /ho',
      [{ text: 'Now<|channel|>commentary to=functions.Bash <|constrain|>json<|message|>{"command":"rm -rf /ho' }],
    ],
    [
      "a call cut before its arguments, its first token lost",
      "commentary to=functions.Bash<|message|>",
      [{ text: "commentary to=functions.Bash<|message|>" }],
    ],
    [
      "a header whose first token is lost",
      "analysis<|message|>why<|end|><|start|>assistant<|channel|>final<|message|>so",
      [{ thinking: "why" }, { text: "so" }],
    ],
    [
      "a call whose first token is lost",
      'commentary to=functions.Bash <|constrain|>json<|message|>{"command":"ls"}<|call|>',
      [call("Bash", '{"command":"ls"}', "call_1")],
    ],
    [
      "words that begin like such a call",
      "commentary to=functions.Bash is a header",
      [{ text: "commentary to=functions.Bash is a header" }],
    ],
    ["a body without its header", "<|message|>so", [{ text: "so" }]],
    ["words that begin like a header", "analysis of <|message|>", [{ text: "analysis of <|message|>" }]],
    ["an end between messages", "so<|end|><|start|>assistant<|channel|>final<|message|>on", [{ text: "so" }, { text: "on" }]],
    ["words that begin like a recipient", "to=day is not a recipient", [{ text: "to=day is not a recipient" }]],
    ["such words before a turn's end", "to=day<|eot|>", [{ text: "to=day" }]],
    ["a word that could begin a recipient", "to", [{ text: "to" }]],
    ["a preamble", "<|channel|>commentary<|message|>I look.<|end|>", [{ text: "I look." }]],
    [
      "tokens of other models inside a command",
      '<|channel|>commentary to=functions.Bash <|message|>{"command":"grep \'<|eom|><|eot|>\' a"}<|call|>',
      [call("Bash", '{"command":"grep \'<|eom|><|eot|>\' a"}', "call_1")],
    ],
    [
      "Muse Glimmer: to itself, then to the user",
      " to=self<|message|>why<|eom|><|start|>assistant to=user<|message|>so<|eot|>",
      [{ thinking: "why" }, { text: "so" }],
    ],
    [
      "Muse Glimmer: to a tool, without the last token",
      '<|start|>assistant to=self<|message|>why<|eom|><|start|>assistant to=Bash<|message|><atem:function_calls>\n<atem:invoke name="Bash">\n<atem:parameter name="command"><invoke></atem:parameter>\n</atem:invoke>\n</atem:function_calls>',
      [{ thinking: "why" }, call("Bash", '{"command":"<invoke>"}', "call_1")],
    ],
    [
      "Muse Glimmer: from itself to a tool by the header alone",
      ' to=self<|message|>why to=Bash<|message|><atem:function_calls>\n<atem:invoke name="Bash">\n</atem:invoke>\n</atem:function_calls><|eot|>',
      [{ thinking: "why to=Bash" }, call("Bash", "{}", "call_1")],
    ],
    [
      "Muse Glimmer: a header that it only thinks of",
      ' to=self<|message|>I write to=Bash<|message|> and {"command":"ls"} there.<|eom|><|start|>assistant to=user<|message|>so<|eot|>',
      [{ thinking: 'I write to=Bash<|message|> and {"command":"ls"} there.' }, { text: "so" }],
    ],
    [
      "Muse Glimmer: a call that was cut",
      ' to=Bash<|message|><atem:function_calls>\n<atem:invoke name="Bash">\n<atem:parameter name="command">rm -rf /ho',
      [{ text: '<atem:function_calls>\n<atem:invoke name="Bash">\n<atem:parameter name="command">rm -rf /ho' }],
    ],
    [
      "Beam: two calls, a tag for each argument",
      '<|channel|>analysis<|message|>why<|end|><|start|>assistant to=Read<|channel|>analysis <|constrain|>xml<|message|><rfl:parameter name="path">\na\n\nb\n</rfl:parameter><|end|><|start|>assistant to=Bash<|channel|>analysis <|constrain|>xml<|message|><rfl:parameter name="command">\nls\n<rfl:parameter name="timeout">\n3\n</rfl:parameter><|call|>',
      [{ thinking: "why" }, call("Read", '{"path":"a\\n\\nb"}', "call_1"), call("Bash", '{"command":"ls","timeout":3}', "call_2")],
    ],
    [
      "Beam: a call without its last token",
      ' to=Bash<|channel|>analysis <|constrain|>xml<|message|><rfl:parameter name="command">\nls\n</rfl:parameter>',
      [call("Bash", '{"command":"ls"}', "call_1")],
    ],
    [
      "Beam: a call that was cut",
      '<|start|>assistant to=Bash<|channel|>analysis <|constrain|>xml<|message|><rfl:parameter name="command">\nrm -rf /ho',
      [
        {
          text: '<|start|>assistant to=Bash<|channel|>analysis <|constrain|>xml<|message|><rfl:parameter name="command">\nrm -rf /ho',
        },
      ],
    ],
    ["the last token of other families", "so.<｜end▁of▁sentence｜>", [{ text: "so." }]],
    ["the last token of Cohere's models", "so.<|END_TEXT|><|END_OF_TURN_TOKEN|>", [{ text: "so." }]],
    [
      "the tokens of PLaMo",
      "<|plamo:begin_think:plamo|>why<|plamo:end_think:plamo|>so.<|plamo:tag|>",
      [{ thinking: "why" }, { text: "so." }],
    ],
    ["the last token of Ling", "so.<|role_end|>", [{ text: "so." }]],
    ["two last tokens", "so.<|observation|><end_of_turn>\n", [{ text: "so." }]],
    ["a message that ends before its body", "so<|end|><|start|>assistant<|return|>", [{ text: "so" }]],
    ["a token that is spoken of", "So <|channel|>final begins the answer.", [{ text: "So <|channel|>final begins the answer." }]],
    [
      "words behind the last message",
      "<|channel|>analysis<|message|>why<|end|>\n\nThe answer is 4.",
      [{ thinking: "why" }, { text: "The answer is 4." }],
    ],
    ["tokens in code", "The tokens `<|channel|>final` and so on", [{ text: "The tokens `<|channel|>final` and so on" }]],
  ])("harmony: %s", (_, text, parts) => {
    expect(mended({ parts: [{ text }], stop: "end" }).parts).toEqual(parts);
  });

  it("harmony: Muse Glimmer calls by a header also in what the server takes for reasoning", () => {
    const markup = '<atem:function_calls>\n<atem:invoke name="Bash">\n</atem:invoke>\n</atem:function_calls>';
    const called = (thinking: string) => mended({ parts: [{ thinking }], stop: "end" }).parts;
    expect(called(` to=Bash<|message|>${markup}`)).toEqual([call("Bash", "{}", "call_1")]);
    expect(called(`why to=Bash<|message|>${markup}`)).toEqual([{ thinking: "why to=Bash" }, call("Bash", "{}", "call_1")]);
    for (const words of [`why ${markup}`, "why `to=Bash<|message|>` so", `why to=Nobody<|message|>${markup}`, "<|end|><|message|> is why"])
      expect(called(words)).toEqual([{ thinking: words }]);
  });

  const written = 'So\n<|channel|>commentary to=functions.Bash<|message|>{"command":"ls"}';
  it.each<readonly [string, readonly Part[]]>([
    ["behind it", [call("Read"), { text: written }]],
    ["before it", [{ text: written }, call("Read")]],
    ["before it, in reasoning", [{ thinking: written }, call("Read")]],
  ])("harmony: a call beside one that the server read stays what it was, %s", (_, parts) => {
    expect(mended({ parts, stop: "tool-use" }).parts).toEqual(parts);
  });

  it.each<readonly [string, readonly Part[], Part]>([
    ["white space", [{ thinking: written }, { text: "\n\n" }, call("Read")], { thinking: written }],
    ["an empty message", [{ text: `${written}<|call|><|start|>assistant<|channel|>final<|message|>` }, call("Read")], { text: written }],
  ])("harmony: it does so with %s between them", (_, parts, markup) => {
    expect(mended({ parts, stop: "tool-use" }).parts).toEqual([markup, call("Read")]);
  });

  it.each([
    ["white space", "\n"],
    ["a call that was cut", written.slice("So\n".length, -2)],
  ])("harmony: a call comes before what is thought behind it, %s", (_, thinking) => {
    const parts: Part[] = [{ text: `${written}<|call|>` }, { thinking }];
    const { parts: told } = mended({ parts, stop: "end" });
    expect(told).toEqual([{ text: "So" }, call("Bash", '{"command":"ls"}', "call_1"), { thinking }]);
  });

  it("harmony: no call, and no white space held, where none may come", () => {
    const markup = '<|channel|>commentary to=functions.Bash<|message|>{"command":"ls"}<|call|>';
    const none: Partial<Request> = { toolChoice: { type: "none" } };
    expect(mended({ parts: [{ text: markup }], stop: "end" }, none).parts).toEqual([{ text: '{"command":"ls"}' }]);
    const open = stage(none)();
    for (const event of events({ parts: [{ text: "" }], stop: "end" }).slice(0, 2)) open.push(event);
    expect(open.push({ type: "text-delta", text: "So \n" }).at(-1)).toEqual({ type: "text-delta", text: "So \n" });
  });

  it("harmony: what a reply said before it failed is told to its last space", () => {
    const open = stage()();
    const told = events({ parts: [{ text: "So \n" }], stop: "end" })
      .slice(0, 3)
      .flatMap((event) => open.push(event));
    told.push(...open.fail({ kind: "cut-off", origin: "provider", message: "cut" }));
    expect(told.flatMap((event) => (event.type === "text-delta" ? [event.text] : [])).join("")).toBe("So \n");
  });

  it("harmony: words behind the last message are text where the server takes all for reasoning", () => {
    const thinking = "<|channel|>analysis<|message|>why<|end|>The answer of all is 4.";
    const parts: Part[] = [{ thinking: "why" }, { text: "The answer of all is 4." }];
    expect(mended({ parts: [{ thinking }], stop: "end" }).parts).toEqual(parts);
    expect(mended({ parts: [{ thinking, seal: "s" }, { text: "So." }], stop: "end" }).parts).toEqual([
      ...parts,
      { thinking: "", seal: "s" },
      { text: "So." },
    ]);
  });
});

const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).map((text) => `a${text.replace(/[<◁[{|`~]/g, "")}.`);
const clean = fc.array(
  fc.oneof(
    word.map((text): Part => ({ text })),
    fc.dictionary(word, fc.jsonValue(), { minKeys: 1 }).map((value): Part => call("Read", JSON.stringify(value))),
  ),
  { minLength: 1, maxLength: 5 },
);

describe("laws", () => {
  it("are the identity on clean replies", () => {
    fc.assert(
      fc.property(
        fc.option(word, { nil: undefined }),
        clean,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (thinking, rest, sizes) => {
          const parts = [...(thinking === undefined ? [] : [{ thinking }]), ...rest].map((part, index) =>
            "call" in part ? { ...part, id: `id${index}` } : part,
          );
          const reply: Reply = { parts, stop: parts.some((part) => "call" in part) ? "tool-use" : "end" };
          expect(
            fold(
              runStage(
                stage()(),
                events(reply, (text) => pieces(text, sizes)),
              ),
            ),
          ).toEqual(reply);
        },
      ),
    );
  });

  it("keep the grammar and one story, whatever comes", () => {
    const bits = [
      "<think>",
      "</think>",
      "<tool_call>",
      "</tool_call>",
      '{"name":"Read","arguments":{}}',
      "\n",
      " ",
      "a",
      "`",
      "```",
      "<|channel|>final",
      "<|message|>",
      "<|end|>",
      "[TOOL_CALLS]",
      "<function=Read>",
      "</function>",
      "{",
      '"',
      "<",
    ];
    const text = fc.array(fc.constantFrom(...bits), { maxLength: 12 }).map((list) => list.join(""));
    const part = fc.oneof(
      text.map((one): Part => ({ text: one })),
      text.map((one): Part => ({ thinking: one })),
      text.map((one): Part => call("Read", one)),
    );
    const stop = fc.constantFrom<Reply["stop"]>("end", "tool-use", "max-output");
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 4 }),
        stop,
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
        (parts, reason, sizes) => {
          // What nobody opened is thinking only where its end comes with it; a tag in a header of harmony opens nothing.
          const unopened = /^(?:(?!<think>).)*<\/think>/s;
          const inHarmony = /<\|message\|>.*<\/think>/s;
          fc.pre(!parts.some((one) => ("text" in one && unopened.test(one.text)) || inHarmony.test(JSON.stringify(one))));
          const reply: Reply = { parts, stop: reason };
          const whole = fold(runStage(stage()(), events(reply)));
          expect(
            fold(
              runStage(
                stage()(),
                events(reply, (one) => pieces(one, sizes)),
              ),
            ),
          ).toEqual(whole);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it.each([
    ["text", (size: number): Part => ({ text: "word ".repeat(size / 2) })],
    ["white space", (size: number): Part => ({ text: " \n".repeat(size) })],
    ["angle brackets", (size: number): Part => ({ text: "<".repeat(size) })],
    [
      "a call as text",
      (size: number): Part => ({ text: `<tool_call>{"name":"Bash","arguments":{"command":"${"x".repeat(size)}"}}</tool_call>` }),
    ],
    ["markup that never closes", (size: number): Part => ({ text: "<tool_call>{".repeat(size / 12) })],
    ["reasoning in tags", (size: number): Part => ({ text: `<think>${"hm\n".repeat(size / 3)}</think>a` })],
    ["arguments", (size: number): Part => call("Bash", JSON.stringify({ command: "x\n".repeat(size / 2) }))],
    ["broken arguments", (size: number): Part => call("Bash", `{'command': '${"x".repeat(size * 4)}'}`)],
  ])("cost grows with the length, not with its square: %s in single characters", { timeout: 120_000 }, (_, make) => {
    const task = (size: number) =>
      void runStage(
        stage()(),
        events({ parts: [make(size)], stop: "end" }, (text) => [...text]),
      );
    expect(growth(task, 10_000)).toBeLessThan(notItsSquare);
  });
});
