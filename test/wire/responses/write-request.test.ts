import { describe, expect, it } from "vitest";
import type { Quirks } from "../../../src/model/quirks.ts";
import type { Request, Turn } from "../../../src/model/request.ts";
import { responsesProvider } from "../../../src/wire/responses/provider.ts";
import { accepted, type Json, openContext } from "./reading.ts";

const base: Request = accepted({ input: "hi" }).request;
const open = (more: Partial<Request> = {}, quirks: Quirks = {}): Json =>
  responsesProvider.open({ ...base, ...more }, openContext(quirks)).body;
const input = (turns: readonly Turn[], quirks: Quirks = {}): Json[] => open({ turns }, quirks).input;
const text = (value: string) => ({ type: "text", text: value }) as const;
const hi: Turn = { role: "user", parts: [text("hi")] };
const image = { type: "image", source: { type: "base64", mediaType: "image/png", data: "AAAA" } } as const;
const result = (parts: readonly Json[], error = false): Turn => ({ role: "user", parts: [{ type: "tool-result", id: "c", parts, error }] });
const tool = (name: string) => ({ type: "function", name, description: "d", parameters: { type: "object", properties: {} } }) as const;

describe("a request as a Responses body", () => {
  it("stores nothing, asks for sealed reasoning and names the provider's model", () => {
    expect(open({ stream: true })).toEqual({
      model: "m",
      input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] }],
      include: ["reasoning.encrypted_content"],
      store: false,
      stream: true,
    });
  });

  it("says the system prompt as instructions and later system turns in their place", () => {
    const system = (value: string): Turn => ({ role: "system", parts: [text(value)] });
    const body = open({ turns: [system("a"), system("b"), hi, system("c")] });
    expect(body.instructions).toBe("a\n\nb");
    expect(body.input.map((item: Json) => item.role)).toEqual(["user", "developer"]);
  });

  it("has instructions in any case for a server that demands them", () => {
    expect(open({}, { needsInstructions: true }).instructions).toBe("You are a helpful assistant.");
    const turns: Turn[] = [{ role: "system", parts: [text("a")] }, hi];
    expect(open({ turns }, { needsInstructions: true }).instructions).toBe("a");
    expect(open()).not.toHaveProperty("instructions");
  });

  it("leaves out the calls of a provider's own tools, and the phase of a message, where they are refused", () => {
    const search = { type: "web_search_call", id: "ws_1", status: "completed" };
    const said = { type: "message", role: "assistant", phase: "commentary", content: [{ type: "output_text", text: "x" }] };
    const { turns } = accepted({ input: [{ role: "user", content: "hi" }, search, said, { role: "user", content: "go on" }] }).request;
    expect(input(turns).slice(1, 3)).toEqual([search, said]);
    expect(input(turns, { hostedTools: false })[1]).toEqual(said);
    const mcp = { type: "mcp_call", id: "mcp_1", name: "ask", arguments: "{}", output: "42" };
    const [, told] = input(accepted({ input: [{ role: "user", content: "hi" }, mcp] }).request.turns, { hostedTools: false });
    expect(told).toEqual({ type: "message", role: "assistant", content: [{ type: "output_text", text: "[ask {}]\n42" }] });
    expect(input(turns, { refusedFields: ["phase"] })[2]).not.toHaveProperty("phase");
  });

  it("gives what the assistant said the id, status and annotations of a reply, for servers that check it as one", () => {
    const said = (value: string): Turn => ({ role: "assistant", parts: [text(value)] });
    const call: Turn = { role: "assistant", parts: [text("b"), { type: "tool-call", id: "c", name: "f", arguments: "{}" }] };
    const turns = [hi, said("a"), hi, call, result([text("r")])];
    const message = (id: string, value: string) => ({
      type: "message",
      id,
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text: value, annotations: [] }],
    });
    const items = input(turns, { outputMessages: true });
    expect([items[1], items[3]]).toEqual([message("msg_1", "a"), message("msg_3", "b")]);
    // An item keeps its id from turn to turn.
    expect(input(turns.slice(0, 3), { outputMessages: true })).toEqual(items.slice(0, 3));
    expect(input(turns)[1]).toEqual({ type: "message", role: "assistant", content: [{ type: "output_text", text: "a" }] });
    const thought: Turn = {
      role: "assistant",
      parts: [{ type: "thinking", text: "t", seal: { wire: "responses", value: "s" } }, text("a")],
    };
    expect(input([hi, thought, hi], { outputMessages: true })[1]).toMatchObject({ type: "reasoning", id: "rs_1", encrypted_content: "s" });
  });

  it("hands on what a chat client says to the server, where the server is known to take it", () => {
    const chatFields = { verbosity: "low", service_tier: "flex", metadata: { a: "b" }, store: true, seed: 1 };
    const knownFields = Object.keys(chatFields);
    expect(open({ chatFields })).not.toHaveProperty("service_tier");
    expect(open({ chatFields }, { knownFields })).toMatchObject({ text: { verbosity: "low" }, service_tier: "flex", store: false });
    expect(open({ chatFields }, { knownFields })).not.toHaveProperty("seed");
    const schema = { name: "reply", schema: { type: "object" }, open: true } as const;
    expect(open({ chatFields, schema }, { knownFields }).text).toEqual({ format: { type: "json_object" }, verbosity: "low" });
  });

  it("hands on the same of a client of this wire", () => {
    const { request } = accepted({ input: "hi", service_tier: "priority", metadata: null, text: { verbosity: "low" }, store: true });
    expect(request.chatFields).toEqual({ service_tier: "priority", verbosity: "low" });
    const body = open(request, { knownFields: ["service_tier", "verbosity", "store"] });
    expect(body).toMatchObject({ service_tier: "priority", text: { verbosity: "low" }, store: false });
    expect(open(request)).not.toHaveProperty("service_tier");
  });

  it("puts results before what the user says with them", () => {
    const turn: Turn = {
      role: "user",
      parts: [text("and now?"), { type: "tool-result", id: "c", parts: [text("a"), text("b")], error: false }],
    };
    expect(input([hi, turn]).slice(1)).toEqual([
      { type: "function_call_output", call_id: "c", output: "a\nb" },
      { type: "message", role: "user", content: [{ type: "input_text", text: "and now?" }] },
    ]);
  });

  it.each([
    ["", "{}"],
    ['{"a":1}', '{"a":1}'],
    ["[1]", '{"input":[1]}'],
    ['{"a": "cut', '{"input":"{\\"a\\": \\"cut"}'],
  ])("gives a call's arguments as an object, which servers parse: %s", (json, said) => {
    const turn: Turn = { role: "assistant", parts: [{ type: "tool-call", id: "c", name: "f", arguments: json }] };
    expect(input([hi, turn])[1]).toMatchObject({ type: "function_call", arguments: said });
  });

  it.each([
    ["text as a string", [text("a")], {}, "a"],
    ["nothing", [], {}, ""],
    [
      "images in the output",
      [text("a"), image],
      {},
      [{ type: "input_text" }, { type: "input_image", image_url: "data:image/png;base64,AAAA" }],
    ],
  ] as [string, Json[], Quirks, Json][])("gives a result with %s", (_, parts, quirks, expected) => {
    expect(input([result(parts)], quirks)[0].output).toEqual(
      Array.isArray(expected) ? expected.map((part) => expect.objectContaining(part)) : expected,
    );
  });

  it("puts images after the outputs where a server takes only text there", () => {
    const items = input([result([image])], { toolImages: false });
    expect(items).toMatchObject([
      { type: "function_call_output", output: expect.any(String) },
      { role: "user", content: [{ type: "input_image" }] },
    ]);
  });

  it("marks a failed result in words, once", () => {
    expect(input([result([text("no file")], true)])[0].output).toBe("Error: no file");
    expect(input([result([text("Error: no file")], true)])[0].output).toBe("Error: no file");
    expect(input([result([text("errors: none")], true)])[0].output).toBe("Error: errors: none");
    expect(input([result([], true)])[0].output).toBe("Error: (no output)");
    expect(input([result([text("")], true)])[0].output).toBe("Error: (no output)");
  });

  it("sends reasoning only with a seal of this very model, and never as the last item", () => {
    const thinking = (maker: string, wire: "responses" | "messages" = "responses") =>
      ({ type: "thinking", text: "t", seal: { wire, maker, value: "v" } }) as const;
    const parts = (list: readonly Json[]): Turn => ({ role: "assistant", parts: list });
    const sent = { type: "reasoning", summary: [{ type: "summary_text", text: "t" }], encrypted_content: "v" };
    expect(input([hi, parts([thinking("lab/m"), text("a")])])[1]).toEqual(sent);
    for (const other of [thinking("lab/other"), thinking("lab/m", "messages"), { type: "thinking", text: "t" }])
      expect(input([hi, parts([other, text("a")])])).toHaveLength(2);
    expect(input([hi, parts([thinking("lab/m")])])).toHaveLength(1);
    const refused = { refusedFields: ["encrypted_content"] };
    expect(open({ turns: [hi, parts([thinking("lab/m"), text("a")])] }, refused).input).toHaveLength(2);
    // DeepSeek wants the text itself.
    const unsealed = open({ turns: [hi, parts([thinking("lab/m", "messages"), text("a")])] }, { reasoningField: "reasoning_content" });
    expect(unsealed.input[1]).toEqual({ type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "t" }] });
  });

  it("has reasoning in each turn that must have some, where there is none that can be sent too", () => {
    const sealed = { type: "thinking", text: "", seal: { wire: "responses", maker: "lab/other", value: "v" } } as const;
    const called = { type: "tool-call", id: "c", name: "f", arguments: "{}" } as const;
    const turns: Turn[] = [
      hi,
      { role: "assistant", parts: [sealed, called] },
      result([text("r")]),
      { role: "assistant", parts: [text("a")] },
    ];
    const types = (quirks: Quirks) => open({ turns }, quirks).input.map((item: Json) => item.type);
    const [output, said] = ["function_call_output", "message"];
    const field = { reasoningField: "reasoning_content" } as const;
    expect(types({ ...field, reasoningTurns: "all" })).toEqual([said, "reasoning", "function_call", output, "reasoning", said]);
    expect(types({ ...field, reasoningTurns: "calls" })).toEqual([said, "reasoning", "function_call", output, said]);
    for (const quirks of [field, { reasoningTurns: "all" } as const]) expect(types(quirks)).toEqual([said, "function_call", output, said]);
    const [, placeholder] = open({ turns }, { ...field, reasoningTurns: "all" }).input;
    expect(placeholder).toEqual({ type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: " " }] });
  });

  it("a call without arguments is one with an empty object", () => {
    const [call] = input([{ role: "assistant", parts: [{ type: "tool-call", id: "c", name: "f", arguments: "" }] }]);
    expect(call).toMatchObject({ call_id: "c", arguments: "{}" });
  });

  const string = { type: "string" };
  it.each([
    ["as the client asks", true, string, ["a"], true],
    ["no further", false, string, ["a"], false],
    ["not where the schema is none that OpenAI takes so", true, string, [], false],
    ["not where it says of one no type", true, { type: "array", items: {} }, ["a"], false],
  ])("holds calls to their schema %s", (_, strict, a, required, held) => {
    const parameters = { type: "object", properties: { a }, required, additionalProperties: false };
    const { tools } = accepted({ input: "hi", tools: [{ type: "function", name: "f", parameters, strict }] }).request;
    expect(open({ tools }).tools).toMatchObject([{ name: "f", strict: held }]);
  });

  it("says nothing of strictness where a server refuses the word", () => {
    expect(open({ tools: [tool("f")] }, { refusedFields: ["strict"] }).tools).toEqual([tool("f")]);
  });

  it("offers functions without strictness, and hosted tools of this wire only", () => {
    const hosted = (wire: "responses" | "messages") =>
      ({ type: "hosted", wire, name: "web_search", value: { type: "web_search" } }) as const;
    const { tools } = open({ tools: [tool("f"), hosted("responses"), hosted("messages")] });
    expect(tools).toEqual([
      { type: "function", name: "f", description: "d", parameters: { type: "object", properties: {} }, strict: false },
      { type: "web_search" },
    ]);
    expect(open()).not.toHaveProperty("tool_choice");
  });

  it("leaves a description out that says nothing", () => {
    expect(open({ tools: [{ ...tool("f"), description: "" }] }).tools).toEqual([
      { type: "function", name: "f", parameters: { type: "object", properties: {} }, strict: false },
    ]);
  });

  it("asks for a web search of another wire in its own words, and for what it found", () => {
    const webSearch = { allowed: ["a.example"], location: { type: "approximate", country: "CN" }, maxUses: 8 };
    const tools = [{ type: "hosted", wire: "messages", name: "web_search", value: {}, webSearch }] as const;
    const asked = open({ tools, toolChoice: { type: "tool", name: "web_search" } }, { webSearch: { responses: "web_search" } });
    expect(asked).toMatchObject({
      tools: [{ type: "web_search", filters: { allowed_domains: ["a.example"] }, user_location: { country: "CN" } }],
      tool_choice: { type: "web_search" },
      include: ["reasoning.encrypted_content", "web_search_call.action.sources"],
    });
  });

  it.each([
    [{ type: "auto" }, "auto"],
    [{ type: "required" }, "required"],
    [{ type: "none" }, "none"],
    [
      { type: "tool", name: "f" },
      { type: "function", name: "f" },
    ],
  ] as [Request["toolChoice"], Json][])("chooses %j", (toolChoice, expected) => {
    expect(open({ tools: [tool("f")], toolChoice }).tool_choice).toEqual(expected);
  });

  it.each([
    [{}, {}, undefined],
    [{ enabled: true, effort: "high" }, {}, { effort: "high", summary: "auto" }],
    [{ enabled: true, effort: "max" }, {}, { effort: "high", summary: "auto" }],
    [{ effort: "max" }, { efforts: ["none", "low", "xhigh"] }, { effort: "xhigh", summary: "auto" }],
    [{ enabled: true }, {}, { summary: "auto" }],
    [{ enabled: true, effort: "high", summary: "detailed" }, {}, { effort: "high", summary: "detailed" }],
    [{ enabled: true, effort: "high", summary: null }, {}, { effort: "high" }],
    [{ enabled: true, budget: 2000 }, {}, { effort: "low", summary: "auto" }],
    [{ enabled: false, effort: "high" }, { efforts: ["none", "high"] }, { effort: "none" }],
    [{ unasked: true, effort: "high" }, { efforts: ["none", "high"] }, { effort: "none" }],
    [{ enabled: false }, { efforts: ["low", "high"] }, { effort: "low" }],
    [{ enabled: false }, {}, undefined],
    [{ effort: "low" }, { reasoningRequest: "none" }, undefined],
  ] as [Request["reasoning"], Quirks, Json][])("reasons %j with %j", (reasoning, quirks, expected) => {
    expect(open({ reasoning }, quirks).reasoning).toEqual(expected);
  });

  it("holds a reply to a schema, strictly where the schema allows it", () => {
    const strict = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };
    const format = (schema: Json, quirks: Quirks = {}) => open({ schema: { name: "a b", schema } }, quirks).text?.format;
    expect(format(strict)).toEqual({ type: "json_schema", name: "a_b", schema: strict, strict: true });
    expect(open({ schema: { name: "r", description: "A verdict", schema: strict } }).text?.format).toMatchObject({
      description: "A verdict",
    });
    expect(format({ ...strict, required: [] }).strict).toBe(false);
    expect(format({ ...strict, properties: { a: { oneOf: [{ type: "object", properties: {} }] } } }).strict).toBe(false);
    expect(format(strict, { replySchema: "json_object" })).toEqual({ type: "json_object" });
    expect(format(strict, { replySchema: "none" })).toBeUndefined();
    expect(open({ schema: { name: "r", schema: { type: "object" }, open: true } }).text?.format).toEqual({ type: "json_object" });
  });

  it("limits the output, adds the row's fields and leaves out the refused ones", () => {
    const quirks: Quirks = { maxOutput: 10, extraBody: { service_tier: "flex" }, refusedFields: ["include", "reasoning.summary"] };
    const body = open({ maxOutput: 20, reasoning: { effort: "low" } }, quirks);
    expect(body).toMatchObject({ max_output_tokens: 10, service_tier: "flex", reasoning: { effort: "low" } });
    expect(body).not.toHaveProperty("include");
    expect(body.reasoning).not.toHaveProperty("summary");
    expect(open({ maxOutput: 1 }, { minOutput: 16 })).toMatchObject({ max_output_tokens: 16 });
    expect(open({ maxOutput: 0 })).toMatchObject({ max_output_tokens: 1 });
  });

  it("adds a row's fields of an object to those that it writes", () => {
    const quirks: Quirks = { extraBody: { reasoning: { summary: "detailed" } } };
    expect(open({ reasoning: { effort: "low" } }, quirks).reasoning).toEqual({ effort: "low", summary: "detailed" });
  });

  it("writes documents and what other wires said as text", () => {
    const parts: Json[] = [
      { type: "document", title: "T", context: "C", source: { type: "text", text: "x" } },
      { type: "document", context: "C", source: { type: "base64", mediaType: "application/pdf", data: "AA" } },
      { type: "document", title: "T", context: "C", source: { type: "url", url: "https://x.example/a.pdf" } },
      { type: "opaque", wire: "messages", value: {}, text: "o" },
      { type: "opaque", wire: "messages", value: {} },
    ];
    expect(input([{ role: "user", parts }])[0].content).toEqual([
      { type: "input_text", text: "T\n\nC\n\nx" },
      { type: "input_text", text: "C" },
      { type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,AA" },
      { type: "input_text", text: "T\n\nC" },
      { type: "input_file", file_url: "https://x.example/a.pdf" },
      { type: "input_text", text: "o" },
    ]);
  });
});
