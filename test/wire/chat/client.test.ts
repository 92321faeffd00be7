import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "../../../src/model/event.ts";
import { type Failure, type FailureKind, failureKinds } from "../../../src/model/failure.ts";
import type { Request } from "../../../src/model/request.ts";
import { chatClient } from "../../../src/wire/chat/client.ts";
import { accepted, body, refused } from "./accepting.ts";
import { open } from "./reading.ts";

const taken = (fields: object): Request => accepted(body(fields)).request;
const functionTool = { type: "function", function: { name: "Read", parameters: { type: "object", properties: {} } } };

describe("requests that are accepted", () => {
  it("reads every role, with results and what follows them in one user turn", () => {
    const tool_calls = [
      {
        id: "c1",
        type: "function",
        function: { name: "Read", arguments: '{"a":1}' },
        extra_content: { google: { thought_signature: "sig" } },
      },
    ];
    const { turns } = taken({
      messages: [
        { role: "developer", content: [{ type: "text", text: "rules" }] },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: "data:image/png;base64,AA", detail: "low" } },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,BB" } },
          ],
        },
        { role: "assistant", content: null, reasoning_content: "hm", tool_calls },
        { role: "tool", tool_call_id: "c1", content: "r" },
        { role: "user", content: "go on" },
      ],
    });
    expect(turns).toMatchObject([
      { role: "system", parts: [{ type: "text", text: "rules" }] },
      {
        role: "user",
        parts: [
          { type: "image", source: { type: "base64", mediaType: "image/png", data: "AA" }, detail: "low" },
          { type: "document", source: { type: "base64", mediaType: "application/pdf", data: "BB" }, title: "a.pdf" },
        ],
      },
      {
        role: "assistant",
        parts: [
          { type: "thinking", text: "hm" },
          { type: "thinking", text: "", seal: { wire: "chat", value: '{"thought_signature":"sig"}' } },
          { type: "tool-call", id: "c1", name: "Read", arguments: '{"a":1}' },
        ],
      },
      {
        role: "user",
        parts: [
          { type: "tool-result", id: "c1", parts: [{ type: "text", text: "r" }], error: false },
          { type: "text", text: "go on" },
        ],
      },
    ]);
  });

  it("ties function_call and the function's message together by name, by an id that is the same each time", () => {
    const body = {
      functions: [{ name: "f" }],
      function_call: { name: "f" },
      messages: [
        { role: "assistant", content: null, function_call: { name: "f", arguments: "" } },
        { role: "function", name: "f", content: "1" },
        { role: "assistant", content: null, function_call: { name: "f", arguments: "" } },
        { role: "function", name: "f", content: "2" },
      ],
    };
    const { turns, tools, toolChoice } = taken(body);
    expect(turns).toMatchObject([
      { parts: [{ id: "function_call_0", arguments: "{}" }] },
      { parts: [{ type: "tool-result", id: "function_call_0" }] },
      { parts: [{ id: "function_call_2" }] },
      { parts: [{ type: "tool-result", id: "function_call_2" }] },
    ]);
    expect(tools).toMatchObject([{ name: "f" }]);
    expect(toolChoice).toEqual({ type: "tool", name: "f" });
  });

  describe("a result without an id", () => {
    const calls = (...names: string[]) => ({
      role: "assistant",
      tool_calls: names.map((name, at) => ({ id: `c${at}`, type: "function", function: { name, arguments: "{}" } })),
    });
    const result = (fields: object = {}) => ({ role: "tool", content: "r", ...fields });
    const idsOf = (...messages: object[]) =>
      taken({ messages }).turns.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "tool-result" ? [part.id] : [])));

    it.each<[string, object[], string[]]>([
      ["is of the call that its name fits", [calls("f", "g"), result({ name: "g" }), result({ name: "f" })], ["c1", "c0"]],
      ["is of the one of that name that has none", [calls("f", "f"), result({ tool_call_id: "c0" }), result({ name: "f" })], ["c0", "c1"]],
      [
        "is of the last calls",
        [
          calls("f"),
          result({ name: "f" }),
          { role: "assistant", content: "then" },
          calls("g", "f"),
          result({ name: "f" }),
          result({ name: "g" }),
        ],
        ["c0", "c1", "c0"],
      ],
      [
        "is of a call before others, which another message made",
        [
          { role: "assistant", function_call: { name: "f", arguments: "{}" } },
          { role: "assistant", function_call: { name: "g", arguments: "{}" } },
          { role: "function", name: "f", content: "r" },
          { role: "function", name: "g", content: "r" },
        ],
        ["function_call_0", "function_call_1"],
      ],
    ])("%s", (_, messages, ids) => {
      expect(idsOf(...messages)).toEqual(ids);
    });

    it.each<[string, object[]]>([
      ["of two calls that it could be of", [calls("f", "f"), result({ name: "f" })]],
      ["with the name of none", [calls("f"), result({ name: "g" })]],
      ["without a name", [calls("f"), result()]],
    ])("is refused %s", (_, messages) => {
      expect(refused(body({ messages }))).toMatchObject({ refused: { field: "messages[1].tool_call_id" } });
    });
  });

  it.each<[object, Partial<Request>]>([
    [{ max_tokens: 5 }, { maxOutput: 5 }],
    [{ max_tokens: 5, max_completion_tokens: 7 }, { maxOutput: 7 }],
    // Python's sys.maxsize, for as much as there may be.
    [{ max_tokens: 2 ** 63 }, { maxOutput: 2 ** 63 }],
    [{ stop: "x" }, { stop: ["x"] }],
    [{ stop: ["x", "y"] }, { stop: ["x", "y"] }],
    [{ reasoning_effort: "high" }, { reasoning: { enabled: true, effort: "high" } }],
    [{ reasoning_effort: "none" }, { reasoning: { enabled: false } }],
    [{ reasoning: { max_tokens: 99 } }, { reasoning: { enabled: true, budget: 99 } }],
    [{ reasoning_effort: "default" }, { reasoning: { enabled: true } }],
    [{ reasoning_effort: "default", enable_thinking: false }, { reasoning: { enabled: false } }],
    [{ enable_thinking: false }, { reasoning: { enabled: false } }],
    [{ tool_choice: "required", tools: [functionTool] }, { toolChoice: { type: "required" } }],
    [
      { tools: [{ type: "function", function: { name: "f", parameters: {}, strict: true } }] },
      { tools: [{ type: "function", name: "f", parameters: {}, strict: true }] },
    ],
    [
      { tool_choice: { type: "function", function: { name: "Read" } }, tools: [functionTool] },
      { toolChoice: { type: "tool", name: "Read" } },
    ],
    [{ parallel_tool_calls: false }, { parallelTools: false }],
    [
      { response_format: { type: "json_schema", json_schema: { name: "r", schema: { type: "object" } } } },
      { schema: { name: "r", schema: { type: "object" } } },
    ],
    [
      { response_format: { type: "json_schema", json_schema: { name: "r", description: "A verdict", schema: { type: "object" } } } },
      { schema: { name: "r", description: "A verdict", schema: { type: "object" } } },
    ],
    [
      { response_format: { type: "json_object", schema: { type: "object", properties: { a: { type: "string" } } } } },
      { schema: { name: "reply", schema: { type: "object", properties: { a: { type: "string" } } } } },
    ],
    [{ response_format: { type: "json_object" } }, { schema: { name: "reply", schema: { type: "object" }, open: true } }],
    [
      { tools: [{ type: "browser_search" }] },
      { tools: [{ type: "hosted", name: "browser_search", wire: "chat", value: { type: "browser_search" } }] },
    ],
    [
      { response_format: { type: "text" }, stream: true, temperature: 0, top_p: 0.5, user: "u", prompt_cache_key: "k" },
      { stream: true, sampling: { temperature: 0, topP: 0.5 }, user: "u", cacheKey: "k" },
    ],
    [{ n: 1, stop: null, max_tokens: null, logit_bias: {}, store: true, whatever: 1 }, { stop: [] }],
  ])("%j", (fields, expected) => {
    expect(taken(fields)).toMatchObject(expected);
  });

  it.each([{ max_tokens: -1 }, { max_tokens: 5, max_completion_tokens: -1 }])("takes %j for no limit", (fields) => {
    expect(taken(fields).maxOutput).toBeUndefined();
  });

  it("takes a search that is asked for by a field for a tool of the server's, whatever functions a choice allows", () => {
    const tools = (fields: object) => taken(fields).tools;
    const web_search_options = { user_location: { type: "approximate", approximate: { city: "Bern" } } };
    const asked = { type: "hosted", name: "web_search_options", field: "web_search_options", wire: "chat", value: web_search_options };
    expect(tools({ web_search_options })).toEqual([{ ...asked, webSearch: { location: { type: "approximate", city: "Bern" } } }]);
    const sources = [{ type: "x" }, { type: "web", country: "CH", excluded_websites: ["a.example"] }];
    expect(tools({ search_parameters: { sources } })).toMatchObject([
      { field: "search_parameters", webSearch: { location: { type: "approximate", country: "CH" }, blocked: ["a.example"] } },
    ]);
    expect(tools({ search_parameters: { mode: "off" } })).toEqual([]);
    const tool_choice = {
      type: "allowed_tools",
      allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "Read" } }] },
    };
    const both = tools({ web_search_options: {}, tools: [functionTool], tool_choice });
    expect(both).toMatchObject([{ name: "Read" }, { field: "web_search_options" }]);
  });

  it.each([
    ["required", ["Read"], ["Read"], "required"],
    ["auto", ["Read", "gone"], ["Read"], "auto"],
    ["required", [], [], "auto"],
  ])("offers only the tools that are allowed: %s of %j", (mode, names, offered, type) => {
    const allowed = { mode, tools: names.map((name) => ({ type: "function", function: { name } })) };
    const other = { type: "function", function: { name: "Write" } };
    const { tools, toolChoice } = taken({ tools: [functionTool, other], tool_choice: { type: "allowed_tools", allowed_tools: allowed } });
    expect([tools.map(({ name }) => name), toolChoice]).toEqual([offered, { type }]);
  });

  it.each([
    [{ file_data: "data:text/markdown;base64,RklMRSDDpA==" }, { type: "text", text: "FILE ä" }],
    [{ file_data: "data:application/json;base64,e30=" }, { type: "text", text: "{}" }],
    [{ file_data: "data:application/pdf;base64,JVBE" }, { type: "base64", mediaType: "application/pdf", data: "JVBE" }],
    [{ file_data: "JVBE" }, { type: "base64", mediaType: "application/pdf", data: "JVBE" }],
    [{ file_data: "data:text/plain;charset=utf-8,a%20b" }, { type: "text", text: "a b" }],
    [{ file_data: "https://x/a.pdf" }, { type: "url", url: "https://x/a.pdf" }],
    [{ file_id: "f" }, { type: "file", id: "f" }],
  ])("reads the file %j", (file, source) => {
    const { turns } = taken({ messages: [{ role: "user", content: [{ type: "file", file }] }] });
    expect(turns[0]?.parts).toMatchObject([{ type: "document", source }]);
  });

  it("reads a document of Mistral's clients", () => {
    const parts = (part: object) => taken({ messages: [{ role: "user", content: [{ type: "document_url", ...part }] }] }).turns[0]?.parts;
    expect(parts({ document_url: "data:application/pdf;base64,JVBE", document_name: "a.pdf" })).toEqual([
      { type: "document", source: { type: "base64", mediaType: "application/pdf", data: "JVBE" }, title: "a.pdf" },
    ]);
    expect(parts({ document_url: "https://x/a.pdf", document_name: null })).toEqual([
      { type: "document", source: { type: "url", url: "https://x/a.pdf" } },
    ]);
    expect(() => parts({ document_url: { url: "https://x/a.pdf" } })).toThrow("messages[0].content[0].document_url");
  });

  const refusal = { type: "text", text: "no", own: { wire: "chat", fields: { refusal: "no" } } };
  it.each<[string, object, object[]]>([
    ["a text that is no part", { role: "user", content: ["a"] }, [{ type: "text", text: "a" }]],
    ["a refusal among the parts", { role: "assistant", content: [{ type: "refusal", refusal: "no" }] }, [refusal]],
    ["a refusal beside them", { role: "assistant", content: null, refusal: "no" }, [refusal]],
    [
      "the thinking of Mistral's clients",
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
          { type: "text", text: "so" },
        ],
      },
      [
        { type: "thinking", text: "hm" },
        { type: "text", text: "so" },
      ],
    ],
    [
      "the reasoning of Databricks, as its reply had it",
      {
        role: "assistant",
        content: [
          { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] },
          { type: "text", text: "so" },
        ],
      },
      [
        { type: "thinking", text: "hm" },
        { type: "text", text: "so" },
      ],
    ],
    [
      "the address of an image alone",
      { role: "user", content: [{ type: "image_url", image_url: "https://x/y.png" }] },
      [{ type: "image", source: { type: "url", url: "https://x/y.png" } }],
    ],
    [
      "arguments that are an object, and none",
      {
        role: "assistant",
        tool_calls: [{}, { arguments: { a: 1 } }].map((called, id) => ({ id: `${id}x`, function: { name: "f", ...called } })),
      },
      [
        { type: "tool-call", id: "0x", name: "f", arguments: "{}" },
        { type: "tool-call", id: "1x", name: "f", arguments: '{"a":1}' },
      ],
    ],
  ])("reads %s", (_name, message, parts) => {
    const { turns } = taken({ messages: [{ role: "user", content: "x" }, message] });
    expect(turns[1]?.parts).toEqual(parts);
  });

  it.each<[string, unknown, string]>([
    ["no object", [], "body"],
    ["no model", { messages: [{ role: "user", content: "x" }] }, "model"],
    ["no messages", { model: "m" }, "messages"],
    ["empty messages", body({ messages: [] }), "messages"],
    ["messages that say nothing", body({ messages: [{ role: "user", content: "" }] }), "messages"],
    ["a stream that is neither on nor off", body({ stream: "yes" }), "stream"],
    ["several choices", body({ n: 2 }), "n"],
    ["a reply in sound", body({ modalities: ["text", "audio"], audio: { voice: "alloy", format: "wav" } }), "modalities"],
    ["audio", body({ messages: [{ role: "user", content: [{ type: "input_audio" }] }] }), "messages[0].content[0]"],
    ["an unknown part", body({ messages: [{ role: "user", content: [{ type: "hologram" }] }] }), "messages[0].content[0].type"],
    ["content of another kind", body({ messages: [{ role: "user", content: 1 }] }), "messages[0].content"],
    ["a part that is none", body({ messages: [{ role: "user", content: [1] }] }), "messages[0].content[0]"],
    ["a text without text", body({ messages: [{ role: "user", content: [{ type: "text" }] }] }), "messages[0].content[0].text"],
    [
      "an image without address",
      body({ messages: [{ role: "user", content: [{ type: "image_url" }] }] }),
      "messages[0].content[0].image_url.url",
    ],
    ["a file without data", body({ messages: [{ role: "user", content: [{ type: "file", file: {} }] }] }), "messages[0].content[0].file"],
    [
      "an image of the system's",
      body({ messages: [{ role: "system", content: [{ type: "image_url", image_url: "https://x" }] }] }),
      "messages[0].content[0]",
    ],
    ["a message that is none", body({ messages: [1] }), "messages[0]"],
    ["a call that is none", body({ messages: [{ role: "assistant", tool_calls: [1] }] }), "messages[0].tool_calls[0]"],
    ["a call without id", body({ messages: [{ role: "assistant", tool_calls: [{}] }] }), "messages[0].tool_calls[0].id"],
    ["a tool that is none", body({ tools: [1] }), "tools[0]"],
    ["a tool without type", body({ tools: [{}] }), "tools[0].type"],
    ["a choice that nobody knows", body({ tool_choice: { type: "odd" } }), "tool_choice"],
    ["a form without its schema", body({ response_format: { type: "json_schema" } }), "response_format"],
    ["stop strings that are none", body({ stop: [1] }), "stop"],
    ["an unknown role", body({ messages: [{ role: "ghost", content: "x" }] }), "messages[0].role"],
    ["no role", body({ messages: [{ content: "x" }] }), "messages[0].role"],
    ["a result without id", body({ messages: [{ role: "tool", content: "x" }] }), "messages[0].tool_call_id"],
    ["a tool without name", body({ tools: [{ type: "function", function: {} }] }), "tools[0].function.name"],
    ["an effort that nobody knows", body({ reasoning_effort: "heroic" }), "reasoning_effort"],
    ["a limit that is no number", body({ max_tokens: "many" }), "max_tokens"],
  ])("%s is refused with its place", (_, given, field) => {
    expect(refused(given)).toMatchObject({ kind: "bad-request", origin: "client", refused: { field } });
  });
});

const seal = { wire: "messages", maker: "a/b", value: "sig" } as const;
const events: ReplyEvent[] = [
  { type: "reply-start", id: "gen-1" },
  { type: "thinking-start" },
  { type: "thinking-delta", text: "hm" },
  { type: "thinking-end", seal },
  { type: "text-start" },
  { type: "text-delta", text: "Hi" },
  { type: "text-end" },
  { type: "tool-start", id: "c1", name: "Read" },
  { type: "tool-delta", json: '{"a"' },
  { type: "tool-delta", json: ":1}" },
  { type: "tool-end" },
  { type: "tool-start", id: "c2", name: "Bash" },
  { type: "tool-end" },
  { type: "reply-end", stop: { reason: "tool-use" }, usage: { input: 10, cacheRead: 4, output: 3, reasoning: 1 } },
];
const failure: Failure = { kind: "rate-limited", origin: "provider", message: "slow down", retryAfter: 1.2 };

it("reads the marks for the cache that clients of OpenRouter, LiteLLM and OpenAI write", () => {
  const cache_control = { type: "ephemeral", ttl: "1h" };
  const { request } = accepted({
    model: "m",
    tools: [{ type: "function", function: { name: "f", parameters: {} }, cache_control }],
    messages: [
      { role: "system", content: "be", cache_control },
      {
        role: "user",
        content: [
          { type: "text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } },
          { type: "text", text: "b", cache_control: { type: "ephemeral" } },
          { type: "image_url", image_url: { url: "https://x/y.png" }, cache_control },
        ],
      },
      { role: "assistant", content: null, tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "1", content: "r", cache_control },
    ],
  });
  const cache = { ttl: "1h" };
  expect(request.tools).toMatchObject([{ name: "f", cache }]);
  expect(request.turns).toMatchObject([
    { parts: [{ text: "be", cache }] },
    {
      parts: [
        { text: "a", cache: {} },
        { text: "b", cache: {} },
        { type: "image", cache },
      ],
    },
    { role: "assistant" },
    { parts: [{ type: "tool-result", cache }] },
  ]);
});

describe("replies that are written", () => {
  const lines = (list: readonly ReplyEvent[], fields: object = {}): unknown[] => {
    const stage = accepted(body({ stream: true, ...fields })).write.stream("req_1");
    const text = list.flatMap((event) => stage.push(event)).join("");
    return text
      .split("\n\n")
      .filter((line) => line !== "")
      .map((line) => (line === "data: [DONE]" ? "done" : (JSON.parse(line.slice("data: ".length)) as unknown)));
  };
  const deltas = (list: unknown[]) => list.map((line) => (line as { choices?: { delta: unknown }[] }).choices?.[0]?.delta ?? line);

  it("streams role, reasoning, text, calls and the finish, and usage only where it was asked for", () => {
    const told = lines(events);
    expect(told[0]).toEqual({
      id: "gen-1",
      object: "chat.completion.chunk",
      created: 1_700_000_000,
      model: "opus:lab",
      choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }],
    });
    expect(deltas(told)).toEqual([
      { role: "assistant", content: "" },
      { reasoning_content: "hm" },
      { reasoning_details: [{ type: "reasoning.encrypted", data: expect.stringMatching(/^fcc\./) }] },
      { content: "Hi" },
      { tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "Read", arguments: "" } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ":1}" } }] },
      { tool_calls: [{ index: 1, id: "c2", type: "function", function: { name: "Bash", arguments: "" } }] },
      { tool_calls: [{ index: 1, function: { arguments: "{}" } }] },
      {},
      "done",
    ]);
    expect(told.at(-2)).toMatchObject({ choices: [{ finish_reason: "tool_calls" }] });
    expect(lines(events, { stream_options: { include_usage: true } }).at(-2)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 3,
        total_tokens: 13,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    });
  });

  it("tells a failure in band, once, and nothing after it", () => {
    const stage = accepted(body({ stream: true })).write.stream("req_1");
    const error = `data: {"error":{"message":"slow down","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}\n\n`;
    expect(stage.push({ type: "failure", failure })).toEqual([error]);
    expect([...stage.push({ type: "text-start" }), ...stage.idle(), ...stage.fail(failure), ...stage.end()]).toEqual([]);
    expect(
      accepted(body({ stream: true }))
        .write.stream("req_1")
        .idle(),
    ).toEqual([": keep-alive\n\n"]);
  });

  it.each(["msg_1", "resp_1", ""])("names a reply as this wire does where it came as %j", (id) => {
    const named: ReplyEvent[] = [{ type: "reply-start", id }, ...events.slice(1)];
    expect(accepted(body()).write.reply(named)).toMatchObject({ id: "chatcmpl-1" });
    const told = lines(named).filter((line) => line !== "done");
    expect(new Set(told.map((line) => (line as { id: string }).id))).toEqual(new Set(["chatcmpl-1"]));
  });

  it("writes the whole reply as one object", () => {
    expect(accepted(body()).write.reply(events)).toMatchObject({
      id: "gen-1",
      object: "chat.completion",
      model: "opus:lab",
      choices: [
        {
          index: 0,
          finish_reason: "tool_calls",
          message: {
            role: "assistant",
            content: "Hi",
            reasoning_content: "hm",
            tool_calls: [
              { id: "c1", type: "function", function: { name: "Read", arguments: '{"a":1}' } },
              { id: "c2", type: "function", function: { name: "Bash", arguments: "{}" } },
            ],
          },
        },
      ],
      usage: { prompt_tokens: 10 },
    });
  });

  it.each([
    ["filtered content", {}, "content_filter"],
    ["an answer, where the model itself declined", { declined: true }, "stop"],
  ] as const)("says a refusal alone with a content of null, and as %s", (_, more, finish_reason) => {
    const refused: ReplyEvent[] = [
      { type: "reply-start", id: "1" },
      { type: "reply-end", stop: { reason: "refusal", explanation: "no", ...more }, usage: {} },
    ];
    expect(accepted(body()).write.reply(refused)).toMatchObject({
      choices: [{ finish_reason, message: { content: null, refusal: "no" } }],
    });
    const stage = accepted(body({ stream: true })).write.stream("r");
    const told = refused.flatMap((event) => stage.push(event)).join("");
    expect(told).toContain('"delta":{"refusal":"no"}');
    expect(told).toContain(`"finish_reason":"${finish_reason}"`);
  });

  it("keeps apart what other wires say in several messages, and what a search found, but no text that only citations split", () => {
    const text = (said: string): ReplyEvent[] => [{ type: "text-start" }, { type: "text-delta", text: said }, { type: "text-end" }];
    const phase: ReplyEvent = { type: "opaque", part: { wire: "responses", value: { type: "phase" } } };
    const found: ReplyEvent = { type: "opaque", part: { wire: "messages", value: {}, text: "Cat: https://cat.example/a" } };
    const said = [phase, ...text("Let me look."), phase, ...text("It is "), ...text("here."), found, ...text("So.")];
    const end: ReplyEvent = { type: "reply-end", stop: { reason: "end" }, usage: {} };
    const content = "Let me look.\n\nIt is here.\nCat: https://cat.example/a\nSo.";
    const reply: ReplyEvent[] = [{ type: "reply-start", id: "1" }, ...said, end];
    expect(accepted(body()).write.reply(reply)).toMatchObject({ choices: [{ message: { content } }] });
    const pieces = deltas(lines(reply)).map((delta) => (delta as { content?: string }).content ?? "");
    expect(pieces.join("")).toBe(content);
  });

  it("answers the old form in the old form", () => {
    const { write } = accepted(body({ functions: [{ name: "Read" }] }));
    expect(write.reply(events)).toMatchObject({
      choices: [{ finish_reason: "function_call", message: { function_call: { name: "Read", arguments: '{"a":1}' } } }],
    });
  });

  it("knows tools that take free text, by their calls and in its own form", () => {
    const grammar = { type: "grammar", grammar: { syntax: "lark", definition: "start: /x/" } };
    const tools = [functionTool, { type: "custom", custom: { name: "patch", description: "Patches.", format: grammar } }];
    const past = {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c0", type: "custom", custom: { name: "patch", input: 'a "b"' } }],
    };
    const messages = [{ role: "user", content: "x" }, past, { role: "tool", tool_call_id: "c0", content: "ok" }];
    const { request, write } = accepted(body({ messages, tools, tool_choice: { type: "custom", custom: { name: "patch" } } }));
    expect(request.tools[1]).toMatchObject({
      name: "patch",
      description: expect.stringContaining("start: /x/"),
      parameters: { required: ["input"] },
    });
    expect(request.toolChoice).toEqual({ type: "tool", name: "patch" });
    expect(request.turns[1]?.parts).toEqual([{ type: "tool-call", id: "c0", name: "patch", arguments: '{"input":"a \\"b\\""}' }]);
    const called: ReplyEvent[] = [
      { type: "reply-start", id: "r" },
      { type: "tool-start", id: "c1", name: "patch" },
      ...['{"inp', 'ut": "a\\', 'nb"}'].map((json) => ({ type: "tool-delta", json }) as const),
      { type: "tool-end" },
      { type: "tool-start", id: "c2", name: "Read" },
      { type: "tool-end" },
      { type: "reply-end", stop: { reason: "tool-use" }, usage: {} },
    ];
    const calls = [
      { id: "c1", type: "custom", custom: { name: "patch", input: "a\nb" } },
      { id: "c2", type: "function", function: { name: "Read", arguments: "{}" } },
    ];
    expect(write.reply(called)).toMatchObject({ choices: [{ finish_reason: "tool_calls", message: { tool_calls: calls } }] });
    const stage = write.stream("req_1");
    const deltas = called
      .flatMap((event) => stage.push(event))
      .filter((text) => text.startsWith("data: {"))
      .flatMap((text) => JSON.parse(text.slice("data: ".length)).choices[0]?.delta.tool_calls ?? []);
    expect(deltas).toEqual([
      { index: 0, id: "c1", type: "custom", custom: { name: "patch", input: "" } },
      { index: 0, custom: { input: "a" } },
      { index: 0, custom: { input: "\nb" } },
      { index: 1, id: "c2", type: "function", function: { name: "Read", arguments: "" } },
      { index: 1, function: { arguments: "{}" } },
    ]);
  });

  it("gives a seal to the client and takes it back as it was", () => {
    const reply = accepted(body()).write.reply(events) as { choices: { message: object }[] };
    const { turns } = taken({ messages: [{ role: "user", content: "x" }, reply.choices[0]?.message] });
    expect(turns[1]?.parts[0]).toEqual({ type: "thinking", text: "hm", seal });
  });

  it.each([
    ["both beside each other", {}],
    ["reasoning details in place of the text", { reasoning_content: undefined }],
    ["words of its own in place of the text", { reasoning_content: undefined, reasoning: "[REDACTED]" }],
  ])("takes each piece of thinking back with its own seal from a client that sends %s", (_, fields) => {
    const other = { ...seal, value: "other" };
    const thought: ReplyEvent[] = [
      { type: "reply-start", id: "1" },
      ...[seal, other].flatMap((made, at): ReplyEvent[] => [
        { type: "thinking-start" },
        { type: "thinking-delta", text: "thought " },
        { type: "thinking-delta", text: `${at}` },
        { type: "thinking-end", seal: made },
      ]),
      { type: "reply-end", stop: { reason: "end" }, usage: {} },
    ];
    const reply = accepted(body()).write.reply(thought) as { choices: { message: object }[] };
    const { turns } = taken({
      messages: [
        { role: "user", content: "x" },
        { ...reply.choices[0]?.message, ...fields },
      ],
    });
    expect(turns[1]?.parts.slice(0, 2)).toEqual([
      { type: "thinking", text: "thought 0", seal },
      { type: "thinking", text: "thought 1", seal: other },
    ]);
  });

  it("gives reasoning details of a chat provider back to it through the client", () => {
    const details = [{ type: "reasoning.encrypted", data: "x", id: "r1" }];
    const sealed: ReplyEvent[] = [
      { type: "reply-start", id: "1" },
      { type: "thinking-start" },
      { type: "thinking-end", seal: { wire: "chat", maker: "lab/lab-model", value: JSON.stringify({ reasoning_details: details }) } },
      { type: "text-start" },
      { type: "text-delta", text: "Hi" },
      { type: "text-end" },
      { type: "reply-end", stop: { reason: "end" }, usage: {} },
    ];
    const reply = accepted(body()).write.reply(sealed) as { choices: { message: object }[] };
    const request = taken({ messages: [{ role: "user", content: "x" }, reply.choices[0]?.message] });
    expect(open(request, { reasoningField: "reasoning_details" }).body.messages).toMatchObject([
      {},
      { content: "Hi", reasoning_details: details },
    ]);
  });
});

describe("failures that are told", () => {
  it.each(failureKinds)("%s has a status, a message and OpenAI's shape", (kind) => {
    const { status, headers, body: told } = chatClient.writeFailure({ kind, origin: "provider", message: "because" }, "req_1");
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers["x-request-id"]).toBe("req_1");
    expect(told).toEqual({
      error: {
        message: expect.stringContaining("because"),
        type: expect.any(String),
        param: null,
        code: expect.toSatisfy((code) => code === null || typeof code === "string"),
      },
    });
  });

  it("keeps what the provider calls it, and where it is, where there is no word of its own", () => {
    const told = (kind: FailureKind) =>
      chatClient.writeFailure({ ...failure, kind, code: "string_above_max_length", param: "messages[0].content" }, "req_1").body;
    expect(told("bad-request")).toMatchObject({ error: { code: "string_above_max_length", param: "messages[0].content" } });
    expect(told("too-long")).toMatchObject({ error: { code: "context_length_exceeded" } });
  });

  it("says which provider it is from, also where it words an overflow", () => {
    const told = (over: Partial<Failure>) =>
      chatClient.writeFailure({ kind: "upstream", origin: "provider", message: "boom", provider: "lab at http://x", ...over }, "req_1")
        .body;
    expect(told({})).toMatchObject({ error: { message: "boom (from lab at http://x)" } });
    expect(told({ kind: "too-long" })).toMatchObject({
      error: { message: expect.stringMatching(/^This model's .*\(lab at http:\/\/x: boom\)$/) },
    });
    expect(told({ message: "lab at http://x refused the key" })).toMatchObject({ error: { message: "lab at http://x refused the key" } });
  });

  it.each<[Failure["kind"], string]>([
    ["too-long", "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."],
    ["rate-limited", "Rate limit reached for m. Please try again in 2s."],
    ["out-of-quota", "You exceeded your current quota, please check your plan and billing details."],
    ["unauthorized", "Incorrect API key provided: sk-a***."],
  ])("%s: begins as the provider began it, by which programs know it", (kind, message) => {
    const { body } = chatClient.writeFailure({ kind, origin: "provider", message, provider: "lab at http://x" }, "req_1");
    expect(body).toMatchObject({ error: { message: `${message} (from lab at http://x)` } });
  });

  it("passes the wait on, whole seconds up", () => {
    expect(chatClient.writeFailure(failure, "req_1")).toMatchObject({ status: 429, headers: { "retry-after": "2" } });
  });

  it("tells SDKs not to try again where that is of no use", () => {
    expect(chatClient.writeFailure({ ...failure, kind: "out-of-quota" }, "req_1")).toMatchObject({
      status: 429,
      headers: { "x-should-retry": "false" },
      body: { error: { code: "insufficient_quota" } },
    });
  });

  it.each([
    ["too big", { used: 15_031, max: 8192 }, /^This model's maximum context length is 8192 tokens\. .* 15031 tokens.*\(too big\)$/],
    ["too big", { max: 8192 }, /^This model's maximum context length is 8192 tokens\. .*\(too big\)$/],
    // OpenAI's Responses, which names no figures, and Mistral: LiteLLM knows neither for an overflow.
    [
      "Your input exceeds the context window of this model.",
      undefined,
      /^This model's maximum context length is exceeded\. .*\(Your input/,
    ],
    [
      "too large for model with 32768 maximum context length",
      { max: 32_768 },
      /^This model's maximum context length is 32768 tokens\. .*\(too large for/,
    ],
    ["lab: This model's maximum context length is 8192 tokens.", { max: 8192 }, /^lab: This model's maximum [\w ]+\.$/],
  ])("words an overflow as OpenAI does: %s, %j", (message, limit, sentence) => {
    const told = chatClient.writeFailure({ kind: "too-long", origin: "provider", message, ...(limit && { limit }) }, "req_1");
    expect(told).toMatchObject({
      status: 400,
      body: { error: { code: "context_length_exceeded", message: expect.stringMatching(sentence) } },
    });
  });
});
