import { describe, expect, it } from "vitest";
import type { Quirks } from "../../../src/model/quirks.ts";
import type { AssistantPart, Request, ResultPart, Turn, UserPart } from "../../../src/model/request.ts";
import { open } from "./reading.ts";

const user = (...parts: UserPart[]): Turn => ({ role: "user", parts });
const assistant = (...parts: AssistantPart[]): Turn => ({ role: "assistant", parts });
const system = (...texts: string[]): Turn => ({ role: "system", parts: texts.map((text) => ({ type: "text", text })) });
const text = (value: string) => ({ type: "text", text: value }) as const;
const call = (id: string, json = '{"path":"a"}') => ({ type: "tool-call", id, name: "Read", arguments: json }) as const;
const result = (id: string, parts: ResultPart[], error = false): UserPart => ({ type: "tool-result", id, parts, error });
const image = { type: "image", source: { type: "base64", mediaType: "image/png", data: "AAAA" } } as const;
const imageUrl = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
const pdf = { type: "document", source: { type: "base64", mediaType: "application/pdf", data: "AAAA" }, title: "a.pdf" } as const;

const messages = (turns: Turn[], quirks: Quirks = {}): unknown => open({ turns }, quirks).body.messages;
const fields = (request: Partial<Request>, quirks: Quirks = {}): Record<string, unknown> => {
  const { model: _, messages: __, stream: ___, ...rest } = open({ tools: [], stream: false, ...request }, quirks).body;
  return rest;
};

describe("messages of a request", () => {
  it.each<[string, Turn[], Quirks, unknown[]]>([
    [
      "leading system turns are one message",
      [system("a", "b"), system("c"), user(text("x"))],
      {},
      [
        { role: "system", content: "a\n\nb\n\nc" },
        { role: "user", content: "x" },
      ],
    ],
    ["an empty system prompt is none", [system(""), user(text("x"))], {}, [{ role: "user", content: "x" }]],
    ["the system prompt in the developer's role", [system("a")], { systemRole: "developer" }, [{ role: "developer", content: "a" }]],
    [
      "a system turn in the middle stays",
      [user(text("x")), system("a")],
      {},
      [
        { role: "user", content: "x" },
        { role: "system", content: "a" },
      ],
    ],
    ["an empty user turn is left out", [user(text("")), user(text("x"))], {}, [{ role: "user", content: "x" }]],
    ["several texts are one string", [user(text("a"), text("b"))], {}, [{ role: "user", content: "a\nb" }]],
    ["an image as a data URI", [user(text("see"), image)], {}, [{ role: "user", content: [text("see"), imageUrl] }]],
    [
      "an image's address",
      [user({ type: "image", source: { type: "url", url: "https://x/y.png" } })],
      {},
      [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://x/y.png" } }] }],
    ],
    [
      "a document",
      [user(pdf)],
      {},
      [{ role: "user", content: [{ type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" } }] }],
    ],
    [
      "a document with what is said of it",
      [user({ ...pdf, context: "from March" })],
      {},
      [
        {
          role: "user",
          content: [text("from March"), { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" } }],
        },
      ],
    ],
    [
      "a document in Mistral's own part",
      [user({ ...pdf, context: "from March" })],
      { documents: "url" },
      [
        {
          role: "user",
          content: [text("from March"), { type: "document_url", document_url: "data:application/pdf;base64,AAAA", document_name: "a.pdf" }],
        },
      ],
    ],
    [
      "a document that is text",
      [user({ type: "document", source: { type: "text", text: "body" }, title: "T" })],
      {},
      [{ role: "user", content: "T\n\nbody" }],
    ],
    [
      "tool results come before the user's words",
      [user(text("so"), result("c1", [text("r")]))],
      {},
      [
        { role: "tool", tool_call_id: "c1", content: "r" },
        { role: "user", content: "so" },
      ],
    ],
    [
      "texts of a result are one message",
      [user(result("c1", [text("a"), text("b")]))],
      {},
      [{ role: "tool", tool_call_id: "c1", content: "a\nb" }],
    ],
    ["an empty result says so", [user(result("c1", []))], {}, [{ role: "tool", tool_call_id: "c1", content: "(no output)" }]],
    [
      "an empty result that failed says both",
      [user(result("c1", [text("")], true))],
      {},
      [{ role: "tool", tool_call_id: "c1", content: "Error: (no output)" }],
    ],
    [
      "a failed result says so",
      [user(result("c1", [text("no file")], true))],
      {},
      [{ role: "tool", tool_call_id: "c1", content: "Error: no file" }],
    ],
    [
      "a failed result that says so itself",
      [user(result("c1", [text("Error: no file")], true))],
      {},
      [{ role: "tool", tool_call_id: "c1", content: "Error: no file" }],
    ],
    [
      "images of results stand after all results",
      [user(result("c1", [image]), result("c2", [text("r")]), text("so"))],
      {},
      [
        { role: "tool", tool_call_id: "c1", content: "[image below]" },
        { role: "tool", tool_call_id: "c2", content: "r" },
        { role: "user", content: [imageUrl, text("so")] },
      ],
    ],
    [
      "images in results where they may stand",
      [user(result("c1", [image]))],
      { toolImages: true },
      [{ role: "tool", tool_call_id: "c1", content: [imageUrl] }],
    ],
    [
      "what only another wire can say, by its text",
      [user({ type: "opaque", wire: "messages", value: {}, text: "tools: a" })],
      {},
      [{ role: "user", content: "tools: a" }],
    ],
    [
      "what only another wire can say, on lines of its own",
      [
        assistant(
          text("looking"),
          { type: "opaque", wire: "messages", value: {}, text: "[web_search]" },
          { type: "opaque", wire: "messages", value: {}, text: "Cat: https://cat.example/a" },
          text("an"),
          text("swer"),
        ),
      ],
      {},
      [{ role: "assistant", content: "looking\n[web_search]\nCat: https://cat.example/a\nanswer" }],
    ],
    [
      "text around calls, and blank text beside them",
      [assistant(text("a"), call("c1"), text("b")), assistant(text(" \n"), call("c2"))],
      {},
      [
        {
          role: "assistant",
          content: "a\n\nb",
          tool_calls: [{ id: "c1", type: "function", function: { name: "Read", arguments: '{"path":"a"}' } }],
        },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c2", type: "function", function: { name: "Read", arguments: '{"path":"a"}' } }],
        },
      ],
    ],
    [
      "an empty text in the place of null beside calls, for a template that knows none",
      [assistant(text(" \n"), call("c1")), assistant(text("a"), call("c2"))],
      { wordlessCalls: "empty" },
      [expect.objectContaining({ content: "" }), expect.objectContaining({ content: "a" })],
    ],
    [
      "the tool's name beside each result, for a server that does not find it by the call's id",
      [assistant(call("c1")), user(result("c1", [text("r")]), text("and"))],
      { namedResults: true },
      [
        expect.objectContaining({ role: "assistant" }),
        { role: "tool", tool_call_id: "c1", content: "r", name: "Read" },
        { role: "user", content: "and" },
      ],
    ],
    ["an assistant turn of reasoning alone is left out", [assistant({ type: "thinking", text: "hm" })], {}, []],
    [
      "half a surrogate pair in a call's arguments, where it stands as an escape",
      [user(text("a")), assistant(call("c", '{"a":"\\ud800 \\ud83d\\ude42 \\\\ud800"}'))],
      {},
      [
        { role: "user", content: "a" },
        expect.objectContaining({
          tool_calls: [expect.objectContaining({ function: { name: "Read", arguments: '{"a":"\\ufffd \\ud83d\\ude42 \\\\ud800"}' } })],
        }),
      ],
    ],
  ])("%s", (_, turns, quirks, expected) => {
    expect(messages(turns, quirks)).toEqual(expected);
  });

  it.each([
    ["", "{}"],
    ['{"a":1}', '{"a":1}'],
    ['"{\\"a\\":1}"', '{"a":1}'],
    ["[1]", '{"input":[1]}'],
    ['{"a":', '{"input":"{\\"a\\":"}'],
  ])("arguments of history are an object: %s", (given, told) => {
    expect(messages([assistant(call("c1", given))])).toMatchObject([{ tool_calls: [{ function: { arguments: told } }] }]);
  });
});

const thinking = (value: string, seal?: string): AssistantPart => ({
  type: "thinking",
  text: value,
  ...(seal === undefined ? {} : { seal: { wire: "chat", maker: "lab/lab-model", value: seal } }),
});

describe("reasoning that goes back", () => {
  const history: Turn[] = [
    user(text("one")),
    assistant(thinking("old"), text("A")),
    assistant(text("B")),
    user(text("two")),
    assistant(thinking("new"), call("c1")),
    user(result("c1", [text("r")])),
    assistant(call("c2")),
  ];
  const told = (quirks: Quirks, field: string) =>
    (messages(history, quirks) as Record<string, unknown>[]).filter(({ role }) => role === "assistant").map((message) => message[field]);

  it.each<[Quirks, (string | undefined)[]]>([
    [{}, [undefined, undefined, undefined, undefined]],
    [{ reasoningField: "reasoning_content" }, ["old", undefined, "new", undefined]],
    [{ reasoningField: "reasoning_content", reasoningTurns: "all" }, ["old", "", "new", ""]],
    [{ reasoningField: "reasoning_content", reasoningTurns: "calls" }, [undefined, undefined, "new", ""]],
    [{ reasoningField: "reasoning_content", reasoningTurns: "calls", noReasoning: " " }, [undefined, undefined, "new", " "]],
    [{ reasoningField: "reasoning_content", reasoningTurns: "current" }, [undefined, undefined, "new", ""]],
    [{ reasoningField: "both" }, ["old", undefined, "new", undefined]],
    [{ reasoningField: "both", refusedFields: ["reasoning"] }, ["old", undefined, "new", undefined]],
    [{ reasoningField: "both", refusedFields: ["reasoning_content"] }, [undefined, undefined, undefined, undefined]],
    [{ reasoningField: "reasoning_content", refusedFields: ["reasoning_content"] }, [undefined, undefined, undefined, undefined]],
  ])("%j", (quirks, expected) => {
    expect(told(quirks, "reasoning_content")).toEqual(expected);
  });

  it("stands beside a call with no words, and not with null, where a server takes text alone", () => {
    const quirks: Quirks = { wordlessCalls: "empty", reasoningField: "reasoning_content" };
    expect(told({ wordlessCalls: "empty" }, "content")).toEqual(["A", "B", "", ""]);
    expect(told({}, "content")).toEqual(["A", "B", null, null]);
    expect(told(quirks, "reasoning_content")).toEqual(["old", undefined, "new", undefined]);
  });

  it("stands beside words or a call, but not both, where a template takes one", () => {
    const quirks: Quirks = { reasoningField: "reasoning_content", reasoningTurns: "either" };
    expect(told(quirks, "reasoning_content")).toEqual(["old", undefined, "new", undefined]);
    const [both] = messages([assistant(thinking("hm"), text("A"), call("c1"))], quirks) as [unknown];
    expect(both).toMatchObject({ content: "A", tool_calls: [{}] });
    expect(both).not.toHaveProperty("reasoning_content");
  });

  it("stands in the other fields and forms", () => {
    expect(told({ reasoningField: "reasoning" }, "reasoning")).toEqual(["old", undefined, "new", undefined]);
    expect(told({ reasoningField: "parts" }, "content")[0]).toEqual([{ type: "thinking", thinking: [text("old")] }, text("A")]);
    expect(told({ reasoningField: "think-tags" }, "content")[0]).toBe("<think>\nold\n</think>\n\nA");
  });

  const details = [
    { type: "reasoning.text", text: "hm", signature: "s" },
    { type: "reasoning.encrypted", data: "x" },
  ];
  it("gives reasoning details back as they were, to their maker only", () => {
    const seal = JSON.stringify({ reasoning_details: details });
    const quirks: Quirks = { reasoningField: "reasoning_details" };
    expect(messages([assistant(thinking("hm", seal), text("A"))], quirks)).toEqual([
      { role: "assistant", content: "A", reasoning_details: details },
    ]);
    const foreign: AssistantPart = { type: "thinking", text: "hm", seal: { wire: "chat", maker: "other/model", value: seal } };
    const unsealed = [{ role: "assistant", content: "A", reasoning: "hm" }];
    expect(messages([assistant(foreign, text("A"))], quirks)).toEqual(unsealed);
    expect(messages([assistant(thinking("hm", seal), text("A"))], { ...quirks, refusedFields: ["thought_signature"] })).toEqual(unsealed);
  });

  it("gives Gemini's signature back on its call, and Google's word for none where there is none", () => {
    const quirks: Quirks = { thoughtSignatures: true };
    const signatures = (turn: Turn, own = quirks) =>
      (messages([turn], own) as { tool_calls: { extra_content?: { google: { thought_signature: string } } }[] }[])[0]?.tool_calls.map(
        (item) => item.extra_content?.google.thought_signature,
      );
    const signed = assistant(thinking("", '{"thought_signature":"sig"}'), call("c1"), call("c2"));
    expect(signatures(signed)).toEqual(["sig", undefined]);
    expect(signatures(signed, {})).toEqual([undefined, undefined]);
    expect(signatures(assistant(call("c1"), call("c2")))).toEqual(["skip_thought_signature_validator", undefined]);
    const refused: Quirks = { ...quirks, refusedFields: ["thought_signature"] };
    expect(signatures(signed, refused)).toEqual(["skip_thought_signature_validator", undefined]);
  });
});

const tool = { type: "function", name: "Read", description: "Reads", parameters: { type: "object", properties: {} } } as const;
const writtenTool = { type: "function", function: { name: "Read", description: "Reads", parameters: { type: "object", properties: {} } } };
const closed = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };

describe("fields of a request", () => {
  it.each<[string, Partial<Request>, Quirks, object]>([
    ["nothing asked, nothing sent", { toolChoice: { type: "required" }, parallelTools: false, stop: [] }, {}, {}],
    ["a tool", { tools: [tool], stop: [] }, {}, { tools: [writtenTool], tool_choice: "auto" }],
    [
      "a tool without description",
      { tools: [{ ...tool, description: "" }], stop: [] },
      {},
      { tools: [{ type: "function", function: { name: "Read", parameters: writtenTool.function.parameters } }], tool_choice: "auto" },
    ],
    [
      "a named tool, one at a time",
      { tools: [tool], toolChoice: { type: "tool", name: "Read" }, parallelTools: false, stop: [] },
      {},
      { tools: [writtenTool], tool_choice: { type: "function", function: { name: "Read" } }, parallel_tool_calls: false },
    ],
    [
      "a tool of a model that may not think beside one",
      { tools: [tool], reasoning: { enabled: true, effort: "high" }, stop: [] },
      { effortBesideTools: false, efforts: ["low", "high"], refusedFields: ["reasoning_effort"] },
      { tools: [writtenTool], tool_choice: "auto", reasoning_effort: "none" },
    ],
    [
      "no tool of such a model",
      { reasoning: { enabled: true, effort: "high" }, stop: [] },
      { effortBesideTools: false, efforts: ["low", "high"] },
      { reasoning_effort: "high" },
    ],
    ["a hosted tool of another wire", { tools: [{ type: "hosted", name: "web", wire: "messages", value: {} }], stop: [] }, {}, {}],
    [
      "a web search of another wire, where the server has one",
      {
        tools: [{ type: "hosted", name: "web_search", wire: "messages", value: {}, webSearch: { blocked: ["b.example"] } }],
        toolChoice: { type: "tool", name: "web_search" },
        stop: [],
      },
      { webSearch: { chat: "openrouter:web_search" } },
      { tools: [{ type: "openrouter:web_search", parameters: { excluded_domains: ["b.example"] } }], tool_choice: "auto" },
    ],
    [
      "a search that is asked for by a field",
      {
        tools: [{ type: "hosted", name: "web_search_options", field: "web_search_options", wire: "chat", value: {}, webSearch: {} }],
        stop: [],
      },
      {},
      { web_search_options: {} },
    ],
    ["the output limit", { maxOutput: 32_000, stop: [] }, {}, { max_tokens: 32_000 }],
    [
      "the output limit, in the other field, not above the server's",
      { maxOutput: 32_000, stop: [] },
      { maxTokensField: "max_completion_tokens", maxOutput: 8192 },
      { max_completion_tokens: 8192 },
    ],
    ["a limit that has to be named, where the client names none", { stop: [] }, { defaultOutput: 32_000 }, { max_tokens: 32_000 }],
    [
      "no more than the model's, by the other name",
      { stop: [] },
      { defaultOutput: 32_000, maxOutput: 4096, maxTokensField: "max_completion_tokens" },
      { max_completion_tokens: 4096 },
    ],
    ["the client's own limit beside it", { maxOutput: 5, stop: [] }, { defaultOutput: 32_000 }, { max_tokens: 5 }],
    ["sampling", { sampling: { temperature: 3, topP: 0.5, topK: 9 }, stop: [] }, {}, { temperature: 2, top_p: 0.5 }],
    ["top_k where it is understood", { sampling: { topK: 9 }, stop: [] }, { topK: true }, { top_k: 9 }],
    ["stop strings", { stop: ["a", "b"] }, {}, { stop: ["a", "b"] }],
    [
      "a strict schema",
      { schema: { name: "my reply", schema: closed }, stop: [] },
      {},
      { response_format: { type: "json_schema", json_schema: { name: "my_reply", schema: closed, strict: true } } },
    ],
    [
      "an open schema",
      { schema: { name: "r", schema: { type: "object" } }, stop: [] },
      {},
      { response_format: { type: "json_schema", json_schema: { name: "r", schema: { type: "object" }, strict: false } } },
    ],
    [
      "any JSON",
      { schema: { name: "r", schema: { type: "object" }, open: true }, stop: [] },
      {},
      { response_format: { type: "json_object" } },
    ],
    [
      "a schema for a server that knows JSON only",
      { schema: { name: "r", schema: closed }, stop: [] },
      { replySchema: "json_object" },
      { response_format: { type: "json_object" } },
    ],
    ["a stream asks for usage", { stream: true, stop: [] }, {}, { stream_options: { include_usage: true } }],
    [
      "fields that are refused",
      { stream: true, stop: ["a"], maxOutput: 5 },
      { refusedFields: ["stream_options", "stop"] },
      { max_tokens: 5 },
    ],
    ["fields of the provider's own", { stop: [] }, { chatBody: { reasoning_format: "parsed" } }, { reasoning_format: "parsed" }],
    [
      "fields of the user's beside them, and over them",
      { stop: [] },
      { chatBody: { a: 1, b: 1 }, extraBody: { b: 2, c: 2 } },
      { a: 1, b: 2, c: 2 },
    ],
    [
      "fields of the provider's own join ours",
      { reasoning: { enabled: false }, stop: [] },
      { reasoningRequest: "chat_template_kwargs", chatBody: { chat_template_kwargs: { a: 1 } } },
      { chat_template_kwargs: { enable_thinking: false, a: 1 } },
    ],
    ["what only clients know", { user: "someone", cacheKey: "k", stop: [] }, {}, {}],
    [
      "what leads to a prompt's cache, for a client of any wire",
      { cacheKey: "k", stop: [] },
      { knownFields: ["prompt_cache_key"] },
      { prompt_cache_key: "k" },
    ],
    ["no longer key than OpenAI takes", { cacheKey: "k".repeat(65), stop: [] }, { knownFields: ["prompt_cache_key"] }, {}],
    [
      "a prefill, marked",
      { turns: [assistant(text("So"))], stop: [] },
      { prefill: "continue_final_message" },
      { continue_final_message: true, add_generation_prompt: false },
    ],
  ])("%s", (_, request, quirks, expected) => {
    expect(fields(request, quirks)).toEqual(expected);
  });

  const efforts = ["none", "low", "high", "max"] as const;
  it.each<[Request["reasoning"], Quirks, object]>([
    [{ enabled: true, effort: "high" }, {}, {}],
    [{ enabled: true, effort: "high" }, { efforts: ["low", "medium", "high"] }, { reasoning_effort: "high" }],
    [{ enabled: true, effort: "max" }, { reasoningRequest: "reasoning_effort" }, { reasoning_effort: "high" }],
    [{ enabled: true, effort: "medium" }, { efforts }, { reasoning_effort: "high" }],
    [{ enabled: true, effort: "xhigh" }, { efforts }, { reasoning_effort: "high" }],
    [{ enabled: true, effort: "minimal" }, { efforts }, { reasoning_effort: "low" }],
    [{ enabled: false, effort: "high" }, { efforts }, { reasoning_effort: "none" }],
    [{ unasked: true, effort: "high" }, { efforts }, { reasoning_effort: "none" }],
    [{ unasked: true, effort: "high" }, { efforts, reasoningRequest: "thinking" }, { thinking: { type: "disabled" } }],
    [{ enabled: true, budget: 31_999 }, { efforts }, { reasoning_effort: "high" }],
    [{ enabled: true }, { efforts }, {}],
    [{}, { efforts, reasoningRequest: "openrouter" }, {}],
    [{ enabled: true, effort: "max" }, { efforts, reasoningRequest: "none" }, {}],
    [
      { enabled: true, effort: "max" },
      { efforts, reasoningRequest: "thinking" },
      { thinking: { type: "enabled" }, reasoning_effort: "max" },
    ],
    [{ enabled: false }, { efforts, reasoningRequest: "thinking" }, { thinking: { type: "disabled" } }],
    [
      { enabled: false },
      { efforts: ["low", "max"], reasoningRequest: "thinking" },
      { thinking: { type: "enabled" }, reasoning_effort: "low" },
    ],
    [{ enabled: true, effort: "high" }, { reasoningRequest: "enable_thinking" }, { enable_thinking: true }],
    [{ enabled: false }, { reasoningRequest: "chat_template_kwargs" }, { chat_template_kwargs: { enable_thinking: false } }],
    [{ enabled: true, effort: "high" }, { efforts, reasoningRequest: "openrouter" }, { reasoning: { effort: "high" } }],
    [{ enabled: true, budget: 4000 }, { efforts, reasoningRequest: "openrouter" }, { reasoning: { max_tokens: 4000 } }],
    [{ enabled: true }, { efforts, reasoningRequest: "openrouter" }, { reasoning: { enabled: true } }],
    [{ enabled: false }, { efforts, reasoningRequest: "openrouter" }, { reasoning: { enabled: false } }],
    [{ enabled: true, effort: "high" }, { reasoningRequest: "think" }, { think: true }],
  ])("reasoning %j with %j", (reasoning, quirks, expected) => {
    expect(fields({ reasoning, stop: [] }, quirks)).toEqual(expected);
  });
});
