import { describe, expect, it } from "vitest";
import { stringifyExactly } from "../../../src/model/exact-json.ts";
import type { Quirks } from "../../../src/model/quirks.ts";
import type { AssistantPart, Request, Turn, UserPart } from "../../../src/model/request.ts";
import { messagesClient } from "../../../src/wire/messages/client.ts";
import { messagesProvider } from "../../../src/wire/messages/provider.ts";
import { sealOfRedacted } from "../../../src/wire/messages/seal.ts";
import { plainRequest } from "../../support/request.ts";

const ids = { next: (prefix: string) => `${prefix}1` };
const plain: Request = { ...plainRequest, turns: [] };
// biome-ignore lint/suspicious/noExplicitAny: a body may hold anything.
type Body = any;
const open = (request: Partial<Request>, quirks: Quirks = {}): Body =>
  messagesProvider.open({ ...plain, ...request }, { ids, model: "claude-x", maker: "lab/claude-x", quirks }).body;
const user = (...parts: UserPart[]): Turn => ({ role: "user", parts });
const assistant = (...parts: AssistantPart[]): Turn => ({ role: "assistant", parts });
const text = (value: string) => ({ type: "text", text: value }) as const;
const call = (id: string, name = "Read") => ({ type: "tool-call", id, name, arguments: "{}" }) as const;
const result = (id: string) => ({ type: "tool-result", id, parts: [text("ok")], error: false }) as const;
const tool = { type: "function", name: "Read", parameters: {} } as const;

describe("turns", () => {
  it("leading instructions are the system prompt, later ones stay", () => {
    const body = open({
      turns: [
        { role: "system", parts: [text("a")] },
        { role: "system", parts: [text("b")] },
        user(text("u")),
        { role: "system", parts: [text("c")] },
      ],
    });
    expect(body.system).toEqual([text("a"), text("b")]);
    expect(body.messages.map(({ role }: Body) => role)).toEqual(["user", "system"]);
  });

  it("puts a picture that a tool gave behind its result where the server takes only text there", () => {
    const image = { type: "image", source: { type: "url", url: "https://x/a.png" } } as const;
    const turns = [assistant(call("a")), user({ type: "tool-result", id: "a", parts: [image], error: false })];
    expect(open({ turns }).messages[1].content).toEqual([{ type: "tool_result", tool_use_id: "a", content: [image] }]);
    const told = { type: "tool_result", tool_use_id: "a", content: "(see the attachment below)" };
    expect(open({ turns }, { toolImages: false }).messages[1].content).toEqual([told, image]);
  });

  describe("what a server ran by itself", () => {
    const block = (value: Body, words: string) => ({ type: "opaque", wire: "messages", value, text: words }) as const;
    const asked = (id: string, name: string) => block({ type: "server_tool_use", id, name, input: {} }, `[${name} {}]`);
    const told = (id: string, type: string, said: string) =>
      block({ type: `${type}_tool_result`, tool_use_id: id, content: { type: `${type}_result`, text: said } }, said);
    const types = (turns: Turn[], quirks: Quirks = {}) =>
      open({ turns }, quirks).messages.map(({ content }: Body) => content.map(({ type, text }: Body) => text ?? type));
    const [asking, telling] = [asked("1", "advisor"), told("1", "advisor", "Do it.")];

    it("stays as it is where call and result are together, and is in words where the server runs no tools", () => {
      const turns = [user(text("u")), assistant(asking, telling, text("a")), user(text("u"))];
      expect(types(turns)).toEqual([["u"], ["server_tool_use", "advisor_tool_result", "a"], ["u"]]);
      expect(types(turns, { hostedTools: false })).toEqual([["u"], ["[advisor {}]", "Do it.", "a"], ["u"]]);
    });

    it("is in words where a call or a result stands alone", () => {
      const parted = [user(text("u")), assistant(asking, call("c")), user(result("c")), assistant(telling, text("a")), user(text("u"))];
      expect(types(parted)).toEqual([["u"], ["[advisor {}]", "tool_use"], ["tool_result"], ["Do it.", "a"], ["u"]]);
      const sealed = block({ type: "advisor_tool_result", tool_use_id: "1", content: { type: "advisor_redacted_result" } }, "");
      expect(types([user(text("u")), assistant(sealed), user(text("v"))])).toEqual([["u", "v"]]);
    });

    it("is in words where it ran behind another wire", () => {
      const searched = { type: "opaque", wire: "responses", value: { type: "web_search_call", id: "w" }, text: "[web_search]" } as const;
      expect(types([user(text("u")), assistant(searched, text("a"))])).toEqual([["u"], ["[web_search]", "a"]]);
    });

    it("may be a call that waits, and code that calls the client's tools before it has a result", () => {
      expect(types([user(text("u")), assistant(asking)])).toEqual([["u"], ["server_tool_use"]]);
      const code = [
        assistant(asked("2", "code_execution"), call("c")),
        user(result("c")),
        assistant(told("2", "code_execution", "1"), text("a")),
      ];
      const seen = [["u"], ["server_tool_use", "tool_use"], ["tool_result"], ["code_execution_tool_result", "a"], ["u"]];
      expect(types([user(text("u")), ...code, user(text("u"))])).toEqual(seen);
    });
  });

  it("says in words which deferred tool was found", () => {
    const found = {
      type: "opaque",
      wire: "messages",
      value: { type: "tool_reference", tool_name: "Read" },
      text: "Tool loaded: Read",
    } as const;
    const turns = [assistant(call("a", "ToolSearch")), user({ type: "tool-result", id: "a", parts: [found], error: false })];
    expect(open({ turns }).messages[1].content).toEqual([{ type: "tool_result", tool_use_id: "a", content: "Tool loaded: Read" }]);
  });

  it("of a tool that failed only text is its result, and some there is", () => {
    const image = { type: "image", source: { type: "url", url: "https://x/a.png" } } as const;
    const failed = (id: string, ...parts: (typeof image | ReturnType<typeof text>)[]) =>
      ({ type: "tool-result", id, parts, error: true }) as const;
    const turns = [assistant(call("a"), call("b"), call("c")), user(failed("a", text("no"), image), failed("b", image), failed("c"))];
    expect(open({ turns }).messages[1].content).toEqual([
      { type: "tool_result", tool_use_id: "a", content: "no", is_error: true },
      { type: "tool_result", tool_use_id: "b", content: "(see the attachment below)", is_error: true },
      { type: "tool_result", tool_use_id: "c", content: "(no output)", is_error: true },
      image,
      image,
    ]);
  });

  it("neighbours of one role are one message, results of tools first", () => {
    const body = open({ turns: [assistant(call("a")), assistant(call("b")), user(text("and")), user(result("a")), user(result("b"))] });
    expect(body.messages).toEqual([
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "a", name: "Read", input: {} },
          { type: "tool_use", id: "b", name: "Read", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "a", content: "ok" },
          { type: "tool_result", tool_use_id: "b", content: "ok" },
          text("and"),
        ],
      },
    ]);
  });

  it.each([
    ["an object, its long integers too", '{"id": 12345678901234567890}', '{"id":12345678901234567890}'],
    ["none", " ", "{}"],
    ["an object in a string", '"{\\"path\\":\\"a\\"}"', '{"path":"a"}'],
    ["a list", "[1]", '{"input":[1]}'],
    ["no JSON", "{path", '{"input":"{path"}'],
  ])("the input of a call is an object: %s", (_, json, expected) => {
    const { messages } = open({ turns: [assistant({ ...call("a"), arguments: json }), user(result("a"))] });
    expect(stringifyExactly(messages[0].content[0].input)).toBe(expected);
  });

  it("reasoning goes back only to the model that sealed it", () => {
    const thinking = (seal?: object) => ({ type: "thinking", text: "hm", ...(seal && { seal }) }) as AssistantPart;
    const kept = open({
      turns: [
        assistant(
          thinking({ wire: "messages", value: "sig" }),
          thinking({ wire: "messages", maker: "lab/claude-x", value: "own" }),
          thinking({ wire: "messages", maker: "lab/other", value: "no" }),
          thinking({ wire: "chat", value: "no" }),
          thinking(),
          { type: "thinking", text: "", seal: { wire: "messages", value: "redacted:ZA==" } },
          text("a"),
        ),
      ],
    }).messages[0].content;
    expect(kept).toEqual([
      { type: "thinking", thinking: "hm", signature: "sig" },
      { type: "thinking", thinking: "hm", signature: "own" },
      { type: "redacted_thinking", data: "ZA==" },
      text("a"),
    ]);
  });

  it("reasoning goes back unsigned, and empty where there was none, to a model that checks that it is there", () => {
    const thought: AssistantPart = { type: "thinking", text: "hm", seal: { wire: "chat", value: "x" } };
    const turns = [assistant(thought, call("a")), user(result("a")), assistant(call("b")), user(result("b")), assistant(text("c"))];
    const written = (reasoningTurns: "all" | "calls" | "present", reasoning = {}): unknown =>
      open({ turns, reasoning }, { reasoningTurns })
        .messages.filter(({ role }: Body) => role === "assistant")
        .map(({ content }: Body) => (content[0].type === "thinking" ? content[0] : undefined));
    const unsigned = (thinking: string) => ({ type: "thinking", thinking, signature: "" });
    expect(written("all")).toEqual([unsigned("hm"), unsigned(""), unsigned("")]);
    expect(written("calls")).toEqual([unsigned("hm"), unsigned(""), undefined]);
    expect(written("present")).toEqual([undefined, undefined, undefined]);
    expect(written("all", { enabled: false })).toEqual([undefined, undefined, undefined]);
    const { messages } = open({ turns }, { reasoningTurns: "all", noReasoning: " " });
    expect(messages.at(-1).content[0]).toEqual(unsigned(" "));
    const redacted: AssistantPart = { type: "thinking", text: "", seal: sealOfRedacted("x") };
    const sealed = (quirks: Quirks) =>
      open({ turns: [user(text("u")), assistant(redacted, call("a")), user(result("a"))] }, quirks).messages[1];
    expect(sealed({ reasoningTurns: "all" }).content[0]).toEqual(unsigned(""));
    expect(sealed({}).content[0]).toEqual({ type: "redacted_thinking", data: "x" });
    const signed: AssistantPart = { type: "thinking", text: "t", seal: { wire: "messages", value: "s" } };
    const kept = open({ turns: [assistant(signed, call("a"))] }, { reasoningTurns: "all" }).messages.at(-1).content;
    expect(kept.map(({ type }: Body) => type)).toEqual(["thinking", "tool_use"]);
  });
});

it.each([
  ["{ ", [{ type: "text", text: "{" }]],
  ["  ", undefined],
])("the beginning of a reply ends without white space: %j", (begun, content) => {
  const { messages } = open({ turns: [user(text("u")), assistant(text(begun))] });
  expect(messages[1]?.content).toEqual(content);
});

describe("parameters", () => {
  describe("a budget before calls that the conversation ends with", () => {
    const thought = { type: "thinking", text: "hm", seal: { wire: "messages", value: "sig" } } as const;
    const quirks = { thinkingBeforeCalls: true };
    const thinkingOf = (turns: Turn[], over: Quirks = quirks) =>
      open({ turns: [user(text("u")), ...turns], reasoning: { enabled: true, budget: 2000 } }, over).thinking;
    const on = { type: "enabled", budget_tokens: 2000 };

    it.each<[name: string, turns: Turn[], kept: boolean]>([
      ["none before them", [assistant(call("a")), user(result("a"))], false],
      ["words before them", [assistant(text("so"), call("a")), user(result("a"))], false],
      ["thinking before them", [assistant(thought, call("a")), user(result("a"))], true],
      ["thinking before the first", [assistant(thought, call("a")), user(result("a")), assistant(call("b")), user(result("b"))], true],
      ["none before the first", [assistant(call("a")), user(result("a")), assistant(call("b")), user(result("b"))], false],
      ["an answer after them", [assistant(call("a")), user(result("a")), assistant(text("done")), user(text("v"))], true],
      ["no calls", [], true],
    ])("%s: kept %#", (_name, turns, kept) => {
      expect(thinkingOf(turns)).toEqual(kept ? on : undefined);
      expect(thinkingOf(turns, {})).toEqual(on);
    });

    it("is not asked for by other means", () => {
      const turns = [user(text("u")), assistant(call("a")), user(result("a"))];
      expect(open({ turns, reasoning: { enabled: true } }, quirks).thinking).toEqual({ type: "adaptive" });
    });
  });

  it.each<[name: string, request: Partial<Request>, quirks: Quirks, expected: object]>([
    ["a limit is always there", {}, {}, { max_tokens: 32000 }],
    ["and within what the server takes", { maxOutput: 64000 }, { maxOutput: 8192 }, { max_tokens: 8192 }],
    [
      "adaptive thinking",
      { reasoning: { enabled: true, effort: "xhigh" } },
      {},
      { thinking: { type: "adaptive" }, output_config: { effort: "xhigh" } },
    ],
    [
      "a budget where adaptive is refused",
      { maxOutput: 10000, reasoning: { enabled: true, effort: "medium" } },
      { refusedMessagesFields: ["thinking.adaptive", "output_config"] },
      { thinking: { type: "enabled", budget_tokens: 4000 }, output_config: undefined },
    ],
    [
      "a budget below the limit",
      { maxOutput: 2000, reasoning: { enabled: true, budget: 5000 } },
      {},
      { thinking: { type: "enabled", budget_tokens: 1800 }, max_tokens: 2000 },
    ],
    ["no budget where there is no room", { maxOutput: 500, reasoning: { enabled: true, budget: 5000 } }, {}, { thinking: undefined }],
    ["thinking off", { reasoning: { enabled: false, effort: "high" } }, {}, { thinking: { type: "disabled" }, output_config: undefined }],
    [
      "thinking that was not asked for, in silence as the client left it",
      { reasoning: { unasked: true, effort: "high" } },
      {},
      { thinking: undefined, output_config: { effort: "high" } },
    ],
    [
      "thinking off, in the word that the model has for it",
      { reasoning: { enabled: false } },
      { refusedMessagesFields: ["thinking.disabled"], thinkingOff: "between_tools" },
      { thinking: { type: "between_tools" } },
    ],
    [
      "thinking off, of a model that takes neither word",
      { reasoning: { enabled: false } },
      { refusedMessagesFields: ["thinking.disabled", "thinking.between_tools"], thinkingOff: "between_tools" },
      { thinking: undefined, output_config: { effort: "low" } },
    ],
    [
      "thinking off, of a model that always thinks: as little of it as there is",
      { reasoning: { enabled: false, effort: "high" } },
      { refusedMessagesFields: ["thinking.disabled"] },
      { thinking: undefined, output_config: { effort: "low" } },
    ],
    [
      "thinking off, of such a model that takes no effort",
      { reasoning: { enabled: false } },
      { refusedMessagesFields: ["thinking.disabled", "output_config.effort"] },
      { thinking: undefined, output_config: undefined },
    ],
    [
      "thinking that nobody asked for, of a model that takes no request without",
      { maxOutput: 10000 },
      { refusedMessagesFields: ["thinking.disabled", "thinking.adaptive", "thinking.missing"] },
      { thinking: { type: "enabled", budget_tokens: 4000 } },
    ],
    [
      "thinking of such a model where the limit has no room for the least of it",
      { maxOutput: 900, reasoning: { enabled: true, effort: "high" } },
      { refusedMessagesFields: ["thinking.disabled", "thinking.adaptive", "thinking.missing"] },
      { thinking: { type: "enabled", budget_tokens: 1024 } },
    ],
    [
      "thinking of such a model beside a call that is forced",
      { maxOutput: 10000, reasoning: { enabled: true, effort: "high" }, toolChoice: { type: "required" } },
      { refusedMessagesFields: ["thinking.disabled", "thinking.adaptive", "thinking.missing"] },
      { thinking: { type: "enabled", budget_tokens: 6000 } },
    ],
    ["no sampling beside thinking", { reasoning: { enabled: true }, sampling: { temperature: 0 } }, {}, { temperature: undefined }],
    [
      "sampling where thinking is off, in whichever word",
      { reasoning: { enabled: false }, sampling: { temperature: 0 } },
      { thinkingOff: "between_tools" },
      { thinking: { type: "between_tools" }, temperature: 0 },
    ],
    ["a temperature beyond this wire's", { sampling: { temperature: 1.7 } }, {}, { temperature: 1 }],
    [
      "no budget where it is refused",
      { maxOutput: 10000, reasoning: { enabled: true, budget: 5000 } },
      { refusedMessagesFields: ["thinking.enabled"] },
      { thinking: { type: "adaptive" } },
    ],
    ["sampling", { sampling: { temperature: 0, topP: 0.5, topK: 3 } }, {}, { temperature: 0, top_p: 0.5, top_k: 3 }],
    [
      "a forced call excludes thinking",
      { tools: [tool], toolChoice: { type: "required" }, reasoning: { enabled: true } },
      {},
      { tool_choice: { type: "any" }, thinking: undefined },
    ],
    ["one call at a time", { tools: [tool], parallelTools: false }, {}, { tool_choice: { type: "auto", disable_parallel_tool_use: true } }],
    ["no choice without tools", { toolChoice: { type: "required" } }, {}, { tools: undefined, tool_choice: undefined }],
    [
      "a reply's schema",
      { schema: { name: "x", schema: { type: "object" } } },
      {},
      { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
    ],
    [
      "fields that are refused",
      { user: "u", stop: ["x"] },
      { refusedMessagesFields: ["metadata", "stop_sequences"] },
      { metadata: undefined, stop_sequences: undefined },
    ],
    [
      "who asks, where only the metadata says it",
      { chatFields: { metadata: { user_id: "u", other: "x" } } },
      {},
      { metadata: { user_id: "u" } },
    ],
    [
      "MCP servers, in their own field",
      { tools: [{ type: "hosted", wire: "messages", name: "mcp_servers.a", field: "mcp_servers", value: { name: "a" } }] },
      {},
      { tools: undefined, mcp_servers: [{ name: "a" }] },
    ],
    [
      "another wire's own tools are left out",
      { tools: [{ type: "hosted", wire: "responses", name: "web_search", value: {} }] },
      {},
      { tools: undefined },
    ],
    [
      "another wire's web search is asked for in this one's words",
      { tools: [{ type: "hosted", wire: "responses", name: "web_search", value: {}, webSearch: { blocked: ["b.example"], maxUses: 2 } }] },
      { webSearch: { messages: "web_search_20250305" } },
      { tools: [{ type: "web_search_20250305", name: "web_search", blocked_domains: ["b.example"], max_uses: 2 }] },
    ],
  ])("%s", (_, request, quirks, expected) => {
    const body = open({ turns: [user(text("u"))], ...request }, quirks);
    for (const [key, value] of Object.entries(expected)) expect(body[key]).toEqual(value);
  });

  it("adds a row's fields of an object to those that it writes", () => {
    const body = open({ turns: [user(text("u"))], user: "someone" }, { extraBody: { metadata: { team: "x" } } });
    expect(body.metadata).toEqual({ user_id: "someone", team: "x" });
  });

  it("leaves a refused field out of what a row adds, and the row as it was", () => {
    const extraBody = { output_config: { effort: "high", style: "plain" } };
    const body = open({ turns: [user(text("u"))] }, { extraBody, refusedMessagesFields: ["output_config.effort"] });
    expect(body.output_config).toEqual({ style: "plain" });
    expect(extraBody.output_config.effort).toBe("high");
  });
});

describe("cache marks", () => {
  it("stay on a call, where a client has its last message end", () => {
    const use = { type: "tool_use", id: "t", name: "Read", input: {}, cache_control: { type: "ephemeral", ttl: "1h" } };
    const messages = [
      { role: "user", content: "u" },
      { role: "assistant", content: [use] },
    ];
    const accepted = messagesClient.accept({ model: "m", max_tokens: 9, messages }, { ids, now: 0 });
    expect("request" in accepted && open(accepted.request).messages[1].content).toEqual([use]);
  });

  const marked = (body: Body) =>
    [...(body.system ?? []), ...body.messages.flatMap(({ content }: Body) => content)]
      .filter((block: Body) => block.cache_control)
      .map((block: Body) => block.text);

  it("are those of the client, the last four", () => {
    const parts = ["a", "b", "c", "d", "e", "f"].map((value) => ({ ...text(value), cache: {} }));
    expect(marked(open({ turns: [user(...parts)] }))).toEqual(["c", "d", "e", "f"]);
  });

  it("of an hour do not stand behind one of five minutes", () => {
    const parts = ["1h", "5m", "1h", undefined].map((ttl) => ({ ...text("t"), cache: ttl === undefined ? {} : { ttl } }));
    const times = open({ turns: [user(...parts)] }).messages[0].content.map((block: Body) => block.cache_control.ttl);
    expect(times).toEqual(["1h", "5m", undefined, undefined]);
    const hours = ["a", "b", "c", "d", "e"].map((value) => ({ ...text(value), cache: { ttl: "1h" } }));
    const kept = open({ turns: [user(...hours)] }).messages[0].content.map((block: Body) => block.cache_control?.ttl);
    expect(kept).toEqual([undefined, "1h", "1h", "1h", "1h"]);
  });

  it("stand at the ends where the client cannot set them", () => {
    const turns: Turn[] = [{ role: "system", parts: [text("s")] }, user(text("u"))];
    expect(marked(open({ turns, cacheKey: "k" }))).toEqual(["s", "u"]);
    expect(marked(open({ turns }))).toEqual([]);
    expect(marked(open({ turns, cacheKey: "k" }, { refusedMessagesFields: ["cache_control"] }))).toEqual([]);
    // Of a client that cannot set marks, a conversation that goes on.
    const longer = [...turns, assistant(text("a")), user(text("v"))];
    expect(marked(open({ turns, cachesUnasked: true }))).toEqual([]);
    expect(marked(open({ turns: longer, cachesUnasked: true }))).toEqual(["s", "u", "v"]);
    expect(marked(open({ turns: longer }))).toEqual([]);
  });

  it("leave the request as it was", () => {
    const value = { type: "search_result", cache_control: { type: "ephemeral" } };
    const parts = ["a", "b", "c", "d"].map((item) => ({ ...text(item), cache: {} }));
    const body = open({ turns: [user({ type: "opaque", wire: "messages", value }, ...parts)] });
    expect(body.messages[0].content[0].cache_control).toBeUndefined();
    expect(value.cache_control).toEqual({ type: "ephemeral" });
  });
});
