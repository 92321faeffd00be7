import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Request } from "../../../src/model/request.ts";
import type { Audience } from "../../../src/model/wire.ts";
import { messagesClient } from "../../../src/wire/messages/client.ts";

const base = { model: "m", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };

const accept = (body: unknown, audience?: Audience) =>
  messagesClient.accept(body, { ids: { next: (prefix) => `${prefix}1` }, now: 1, audience });
function accepted(body: unknown, audience?: Audience): Request {
  const answer = accept(body, audience);
  if ("failure" in answer) throw new Error(answer.failure.message);
  return answer.request;
}
function parts(role: string, ...content: unknown[]) {
  return accepted({ ...base, messages: [{ role, content }] }).turns[0]?.parts;
}

describe("a request that is none", () => {
  it.each<[message: string, body: unknown]>([
    ["body: Input should be a valid dictionary", []],
    ["body: Input should be a valid dictionary", null],
    ["model: Field required", { ...base, model: undefined }],
    ["model: Input should be a valid string", { ...base, model: 1 }],
    ["stream: Input should be a valid boolean", { ...base, stream: "yes" }],
    ["max_tokens: Field required", { ...base, max_tokens: undefined }],
    ["max_tokens: Input should be a valid integer", { ...base, max_tokens: "9" }],
    ["max_tokens: Input should be greater than or equal to 0", { ...base, max_tokens: -1 }],
    ["messages: Field required", { ...base, messages: undefined }],
    ["messages: Input should be a valid list", { ...base, messages: "hi" }],
    ["messages: at least one message is required", { ...base, messages: [] }],
    ["messages: at least one message is required", { ...base, messages: [{ role: "user", content: "" }] }],
    ["messages.0.role: Field required", { ...base, messages: [{ content: "x" }] }],
    ["messages.0.role: Input should be 'user', 'assistant' or 'system'", { ...base, messages: [{ role: "tool", content: "x" }] }],
    ["messages.0.content: Field required", { ...base, messages: [{ role: "user" }] }],
    ["messages.0.content: Input should be a valid string or list", { ...base, messages: [{ role: "user", content: 5 }] }],
    ["messages.0.content.1.type: Field required", { ...base, messages: [{ role: "user", content: [{ type: "text", text: "a" }, {}] }] }],
    ["messages.0.content.0.text: Field required", { ...base, messages: [{ role: "user", content: [{ type: "text" }] }] }],
    ["messages.0.content.0.tool_use_id: Field required", { ...base, messages: [{ role: "user", content: [{ type: "tool_result" }] }] }],
    ["messages.0.content.0.source: Field required", { ...base, messages: [{ role: "user", content: [{ type: "image" }] }] }],
    ["messages.0: Input should be a valid dictionary", { ...base, messages: ["hi"] }],
    [
      "messages.1.content.0.type: Input should be 'text'",
      {
        ...base,
        messages: [
          { role: "user", content: "hi" },
          { role: "system", content: [{ type: "image" }] },
        ],
      },
    ],
    ["messages.0.content.0: Input should be a valid dictionary", { ...base, messages: [{ role: "user", content: ["hi"] }] }],
    ...[
      ["user", "tool_use", "assistant"],
      ["user", "thinking", "assistant"],
      ["user", "redacted_thinking", "assistant"],
      ["assistant", "tool_result", "user"],
    ].map(([role, type, other]): [string, unknown] => [
      `messages.0.content.0: \`${type}\` blocks can only be in \`${other}\` messages`,
      { ...base, messages: [{ role, content: [{ type }] }] },
    ]),
    ["system.0.type: Input should be 'text'", { ...base, system: [{ type: "image" }] }],
    ["tools: Input should be a valid list", { ...base, tools: "x" }],
    ["tools.0: Input should be a valid dictionary", { ...base, tools: ["x"] }],
    ["tools.0.name: Field required", { ...base, tools: [{ input_schema: {} }] }],
    ["tools.0.input_schema: Field required", { ...base, tools: [{ name: "x" }] }],
    ["tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'", { ...base, tool_choice: { type: "must" } }],
    [
      "output_config.format: Input should be a 'json_schema' with a schema",
      { ...base, output_config: { format: { type: "json_schema" } } },
    ],
    ["temperature: Input should be a valid number", { ...base, temperature: "hot" }],
    ["stop_sequences: Input should be a valid list of strings", { ...base, stop_sequences: "x" }],
  ])("%s", (message, body) => {
    const refused = { field: message.split(": ")[0] };
    expect(accept(JSON.parse(JSON.stringify(body)))).toEqual({ failure: { kind: "bad-request", origin: "client", message, refused } });
  });

  it("an unknown block of a user's is named by its path", () => {
    const answer = accept({ ...base, messages: [{ role: "user", content: [{ type: "text", text: "a" }, { type: "wat" }] }] });
    expect(answer).toMatchObject({ failure: { message: expect.stringMatching(/^messages\.0\.content\.1\.type: .*'wat'/) } });
  });
});

describe("instructions", () => {
  const billing = { type: "text", text: "x-anthropic-billing-header: cc_version=2; cch=1;" };
  it.each<[name: string, system: unknown, texts: string[] | undefined]>([
    ["a string", "be", ["be"]],
    [
      "blocks",
      [
        { type: "text", text: "a" },
        { type: "text", text: "b", cache_control: { type: "ephemeral" } },
      ],
      ["a", "b"],
    ],
    ["the accounting line is left out", [billing, { type: "text", text: "b" }], ["b"]],
    ["an accounting line alone", [billing], undefined],
    ["an accounting line before the prompt in one text", `${billing.text}\nYou are x.`, ["You are x."]],
    ["an accounting line and more in one block", [{ type: "text", text: `${billing.text}\ncch=2` }], undefined],
    ["an accounting line with white space and capitals", [{ type: "text", text: "\nX-Anthropic-Billing-Header: cch=1;" }], undefined],
    ["an empty string", "", undefined],
    ["an empty list", [], undefined],
    ["null", null, undefined],
    ["empty texts", [{ type: "text", text: "" }], undefined],
  ])("%s", (_, system, texts) => {
    const first = accepted({ ...base, system }).turns[0];
    expect(first?.role === "system" ? first.parts.map(({ text }) => text) : undefined).toEqual(texts);
  });

  it("inside the messages they stay in place, empty ones vanish, and their effort counts", () => {
    const request = accepted({
      ...base,
      output_config: { effort: "low" },
      messages: [
        { role: "user", content: "hi" },
        { role: "system", content: [], output_config: { effort: "high" } },
        { role: "system", content: [{ type: "text", text: "now" }] },
        { role: "system", content: "then" },
      ],
    });
    expect(request.turns.map(({ role }) => role)).toEqual(["user", "system", "system"]);
    expect(request.reasoning).toEqual({ effort: "high" });
  });
});

it("a system message that was said for one turn of the user's is over with the next", () => {
  const remind = (content: string) => ({ role: "system", content, clear_at: "next_user_message", output_config: { effort: "low" } });
  const user = { role: "user", content: "hi" };
  const { turns, reasoning } = accepted({
    ...base,
    messages: [user, remind("old"), { role: "assistant", content: "yo" }, user, remind("new")],
  });
  expect(turns.map(({ role }) => role)).toEqual(["user", "assistant", "user", "system"]);
  expect(turns.at(-1)?.parts).toEqual([{ type: "text", text: "new" }]);
  expect(reasoning).toEqual({ effort: "low" });
});

describe("content", () => {
  const png = { type: "image", source: { data: "AA==", media_type: "image/png", type: "base64" } };
  const media = { type: "image", source: { type: "base64", mediaType: "image/png", data: "AA==" } };
  const result = (content: unknown) => parts("user", { type: "tool_result", tool_use_id: "t", content })?.[0];

  it("takes a result by `id`, as SGLang does", () => {
    expect(parts("user", { type: "tool_result", id: "t", content: "8" })).toMatchObject([{ type: "tool-result", id: "t" }]);
  });

  it.each<[name: string, content: unknown, expected: unknown[]]>([
    ["text", "ok", [{ type: "text", text: "ok" }]],
    [
      "blocks of text",
      [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
      [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    ],
    ["an image alone", [png], [media]],
    ["an image that stands in no list", png, [media]],
    ["nothing", undefined, []],
    ["null, which says nothing", null, []],
    ["an empty list", [], []],
    ["an object", { a: 1 }, [{ type: "text", text: '{"a":1}' }]],
    ["a number", 5, [{ type: "text", text: "5" }]],
    ["a list of values", ["a", 1], [{ type: "text", text: '["a",1]' }]],
    [
      "a tool that was found",
      [{ type: "tool_reference", tool_name: "WebFetch" }],
      [{ type: "opaque", wire: "messages", value: { type: "tool_reference", tool_name: "WebFetch" }, text: "Tool loaded: WebFetch" }],
    ],
    [
      "a search result",
      [{ type: "search_result", title: "T", source: "s", content: [{ type: "text", text: "x" }] }],
      [expect.objectContaining({ type: "opaque", text: "T\ns\nx" })],
    ],
    [
      "a document",
      [{ type: "document", source: { type: "text", media_type: "text/plain", data: "d" }, title: "T" }],
      [{ type: "document", source: { type: "text", text: "d" }, title: "T" }],
    ],
    [
      "a value that looks like a block",
      [{ type: "json", json: { a: 1 } }],
      [{ type: "opaque", wire: "messages", value: { type: "json", json: { a: 1 } }, text: '{"type":"json","json":{"a":1}}' }],
    ],
    [
      "a file of a later day",
      [{ type: "hologram", data: "iVBORw0K".repeat(40) }],
      [{ type: "opaque", wire: "messages", value: { type: "hologram", data: "iVBORw0K".repeat(40) }, text: "[hologram omitted]" }],
    ],
  ])("a tool's result: %s", (_, content, expected) => {
    expect(result(content)).toEqual({ type: "tool-result", id: "t", parts: expected, error: false });
  });

  it("a tool's error keeps its flag and its cache mark", () => {
    expect(
      parts("user", {
        type: "tool_result",
        tool_use_id: "t",
        content: "no",
        is_error: true,
        cache_control: { type: "ephemeral", ttl: "1h" },
      }),
    ).toEqual([{ type: "tool-result", id: "t", parts: [{ type: "text", text: "no" }], error: true, cache: { ttl: "1h" } }]);
  });

  it.each([
    [{ type: "advisor_tool_result", content: { type: "advisor_result", text: "Ask first." } }, "Ask first."],
    [{ type: "text_editor_code_execution_tool_result", content: { type: "x_view_result", content: "a\nb" } }, "a\nb"],
    [{ type: "bash_code_execution_tool_result", content: { type: "x_result", stdout: "out", stderr: "" } }, "out"],
  ])("what a provider's own tool gave is told in words to other wires: %j", (block, text) => {
    expect(parts("assistant", block)).toEqual([{ type: "opaque", wire: "messages", value: block, text }]);
  });

  it.each<[name: string, input: unknown, json: string]>([
    ["an object", { b: 1, a: "ü" }, '{"b":1,"a":"ü"}'],
    ["null", null, "{}"],
    ["nothing", undefined, "{}"],
    ["JSON in a string", '{"a":1}', '{"a":1}'],
    ["a string, as the model may have written it", "ls", "ls"],
    ["a list", [1], "[1]"],
  ])("a call's input: %s", (_, input, json) => {
    expect(parts("assistant", { type: "tool_use", id: "t", name: "x", input })).toEqual([
      { type: "tool-call", id: "t", name: "x", arguments: json },
    ]);
  });

  it.each<[name: string, block: unknown, part: unknown]>([
    [
      "an image by address",
      { type: "image", source: { type: "url", url: "https://x/y.png" } },
      { type: "image", source: { type: "url", url: "https://x/y.png" } },
    ],
    [
      "an image whose address holds it",
      { type: "image", source: { type: "url", url: "data:image/png;base64,aGk=" } },
      { type: "image", source: { type: "base64", mediaType: "image/png", data: "aGk=" } },
    ],
    [
      "a PDF whose address holds it",
      { type: "document", source: { type: "url", url: "data:application/pdf;base64,JVBE" } },
      { type: "document", source: { type: "base64", mediaType: "application/pdf", data: "JVBE" } },
    ],
    ["an image by file", { type: "image", source: { type: "file", file_id: "f" } }, { type: "image", source: { type: "file", id: "f" } }],
    [
      "a PDF",
      { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBE" }, title: "a.pdf", context: "c" },
      { type: "document", source: { type: "base64", mediaType: "application/pdf", data: "JVBE" }, title: "a.pdf", context: "c" },
    ],
    [
      "a file of text",
      { type: "document", source: { type: "base64", media_type: "text/markdown", data: "RklMRSDDpA==" }, title: "a.md" },
      { type: "document", source: { type: "text", text: "FILE ä" }, title: "a.md" },
    ],
    [
      "a document of blocks",
      {
        type: "document",
        source: {
          type: "content",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      },
      {
        type: "document",
        source: { type: "text", text: "a\nb" },
        own: {
          wire: "messages",
          fields: {
            source: {
              type: "content",
              content: [
                { type: "text", text: "a" },
                { type: "text", text: "b" },
              ],
            },
          },
        },
      },
    ],
    [
      "an upload",
      { type: "container_upload", file_id: "f" },
      { type: "opaque", wire: "messages", value: { type: "container_upload", file_id: "f" } },
    ],
    ["a summary", { type: "compaction", content: "so far" }, expect.objectContaining({ type: "opaque", text: "so far", summary: true })],
  ])("%s", (_, block, part) => {
    expect(parts("user", block)).toEqual([part]);
  });

  it("of what other turns may hold, a system turn keeps the words", () => {
    const types = ["tool_addition", "tool_removal", "container_upload", "fallback"];
    const others = types.map((type) => ({ type, tool: { type: "tool_reference", tool_name: "X" } }));
    expect(parts("system", { type: "text", text: "s" }, ...others, { type: "compaction", content: "so far" })).toEqual([
      { type: "text", text: "s" },
      { type: "text", text: "so far" },
    ]);
  });

  it("what a provider's own tools did is kept, and told in words", () => {
    const use = { type: "server_tool_use", id: "s", name: "web_search", input: { query: "q" } };
    const found = {
      type: "web_search_tool_result",
      tool_use_id: "s",
      content: [{ type: "web_search_result", title: "T", url: "https://t", encrypted_content: "x" }],
    };
    expect(parts("assistant", use, found)).toEqual([
      { type: "opaque", wire: "messages", value: use, text: '[web_search {"query":"q"}]' },
      { type: "opaque", wire: "messages", value: found, text: "T: https://t" },
    ]);
  });
});

describe("reasoning that comes back", () => {
  const envelope = (value: unknown) => `fcc.${Buffer.from(JSON.stringify(value)).toString("base64url")}`;
  it.each<[name: string, block: object, part: unknown]>([
    [
      "with Anthropic's signature",
      { type: "thinking", thinking: "t", signature: "c2ln" },
      { type: "thinking", text: "t", seal: { wire: "messages", value: "c2ln" } },
    ],
    [
      "with ours around a foreign seal",
      { type: "thinking", thinking: "t", signature: envelope({ wire: "chat", maker: "a/b", value: "v" }) },
      { type: "thinking", text: "t", seal: { wire: "chat", maker: "a/b", value: "v" } },
    ],
    ["with our stand-in", { type: "thinking", thinking: "t", signature: envelope({}) }, { type: "thinking", text: "t" }],
    ["with an envelope that is broken", { type: "thinking", thinking: "t", signature: "fcc.%%%" }, { type: "thinking", text: "t" }],
    ["with an empty signature", { type: "thinking", thinking: "t", signature: "" }, { type: "thinking", text: "t" }],
    [
      "redacted",
      { type: "redacted_thinking", data: "ZGF0YQ==" },
      { type: "thinking", text: "", seal: { wire: "messages", value: "redacted:ZGF0YQ==" } },
    ],
  ])("%s", (_, block, part) => {
    expect(parts("assistant", block)).toEqual([part]);
  });
});

describe("an effort without a word of thinking", () => {
  const body = { ...base, output_config: { effort: "high" } };

  it("says of Claude Code that its user switched thinking off", () => {
    expect(accepted(body, "agent").reasoning).toEqual({ unasked: true, effort: "high" });
    expect(accepted({ ...body, thinking: { type: "adaptive" } }, "agent").reasoning).toEqual({ enabled: true, effort: "high" });
    expect(accepted(base, "agent").reasoning).toEqual({});
  });

  it.each<Audience>(["program", "unnamed"])("is the effort that a client of the kind '%s' wants", (audience) => {
    expect(accepted(body, audience).reasoning).toEqual({ effort: "high" });
  });
});

describe("parameters", () => {
  it.each<[name: string, fields: object, expected: object]>([
    [
      "adaptive thinking with effort",
      { thinking: { type: "adaptive", display: "updates" }, output_config: { effort: "xhigh" } },
      { reasoning: { enabled: true, effort: "xhigh" } },
    ],
    ["a budget", { thinking: { type: "enabled", budget_tokens: 2000 } }, { reasoning: { enabled: true, budget: 2000 } }],
    [
      "disabled in Sonnet 5.5's word beats effort",
      { thinking: { type: "between_tools" }, output_config: { effort: "high" } },
      { reasoning: { enabled: false } },
    ],
    ["disabled beats effort", { thinking: { type: "disabled" }, output_config: { effort: "high" } }, { reasoning: { enabled: false } }],
    ["nothing said", {}, { reasoning: {}, toolChoice: { type: "auto" }, parallelTools: true, stop: [], stream: false, sampling: {} }],
    ["sampling", { temperature: 0, top_p: 0.5, top_k: 3 }, { sampling: { temperature: 0, topP: 0.5, topK: 3 } }],
    ["stops", { stop_sequences: ["a", "", "\n", "b"] }, { stop: ["a", "b"] }],
    [
      "any tool, one at a time",
      { tool_choice: { type: "any", disable_parallel_tool_use: true } },
      { toolChoice: { type: "required" }, parallelTools: false },
    ],
    ["a named tool", { tool_choice: { type: "tool", name: "x" } }, { toolChoice: { type: "tool", name: "x" } }],
    ["no tool", { tool_choice: { type: "none" } }, { toolChoice: { type: "none" } }],
    [
      "a schema",
      { output_config: { format: { type: "json_schema", schema: { title: "Title", type: "object" } } } },
      { schema: { name: "Title", schema: { title: "Title", type: "object" } } },
    ],
    ["who asks", { metadata: { user_id: '{"session_id":"s1"}' } }, { user: '{"session_id":"s1"}', cacheKey: "s1" }],
    ["a cache warm-up", { max_tokens: 0 }, { maxOutput: 0 }],
    ["fields that are nobody's", { context_management: { edits: [] }, betas: [1], safeguards: 3, mcp_servers: [] }, { model: "m" }],
  ])("%s", (_, fields, expected) => {
    expect(accepted({ ...base, ...fields })).toMatchObject(expected);
  });

  it("tools: those of the client are functions, known types have their schema, the provider's own stay", () => {
    const search = { type: "web_search_20250305", name: "web_search", max_uses: 8 };
    const { tools } = accepted({
      ...base,
      tools: [
        {
          name: "Read",
          description: "d",
          input_schema: { type: "object" },
          cache_control: { type: "ephemeral" },
          eager_input_streaming: true,
        },
        { type: "custom", name: "Late", input_schema: {}, defer_loading: true },
        { type: "bash_20250124", name: "bash" },
        { type: "text_editor_20250728", name: "str_replace_based_edit_tool" },
        { type: "memory_20250818", name: "memory" },
        search,
      ],
    });
    expect(tools.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "function Read",
      "function Late",
      "function bash",
      "function str_replace_based_edit_tool",
      "function memory",
      "hosted web_search",
    ]);
    expect(tools[0]).toEqual({ type: "function", name: "Read", description: "d", parameters: { type: "object" }, cache: {} });
    for (const tool of tools.slice(2, 5)) expect(tool).toMatchObject({ parameters: { properties: { command: expect.anything() } } });
    expect(tools[5]).toEqual({ type: "hosted", wire: "messages", name: "web_search", value: search, webSearch: { maxUses: 8 } });
  });
});

it("MCP servers that the provider is to connect to are known by their names, in their field and among the tools", () => {
  const server = { type: "url", url: "https://mcp.example", name: "tracker" };
  const toolset = { type: "mcp_toolset", mcp_server_name: "tracker" };
  expect(accepted({ ...base, tools: [toolset], mcp_servers: [server] }).tools).toEqual([
    { type: "hosted", wire: "messages", name: "mcp_servers.tracker", value: toolset },
    { type: "hosted", wire: "messages", name: "mcp_servers.tracker", field: "mcp_servers", value: server },
  ]);
});

it("a tool that only keeps others deferred, and that no client has, is left out", () => {
  const placeholder = {
    name: "DeferredToolPlaceholder",
    description: "Reserved placeholder that keeps deferred tool loading active; never call this tool.",
    input_schema: { type: "object", properties: {} },
    defer_loading: true,
  };
  const search = { name: "ToolSearch", input_schema: { type: "object" } };
  expect(accepted({ ...base, tools: [placeholder, search] }).tools.map(({ name }) => name)).toEqual(["ToolSearch"]);
});

it("a tool says how large the screen is, and that its calls are held to its schema", () => {
  const { tools } = accepted({
    ...base,
    tools: [
      { type: "computer_20251124", name: "computer", display_width_px: 1024, display_height_px: 768 },
      { name: "Read", input_schema: { type: "object" }, strict: true },
    ],
  });
  expect(tools).toMatchObject([{ description: expect.stringContaining("1024 pixels wide and 768 high") }, { name: "Read", strict: true }]);
});

describe("requests of the real client", () => {
  const folder = new URL("../../recordings/requests/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.startsWith("claude-"));
  it.each(files)("%s", (file) => {
    const { requests } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as {
      requests: { body: { messages: { content: unknown }[] } }[];
    };
    for (const { body } of requests) {
      const request = accepted(body);
      expect(JSON.stringify(request)).not.toContain("x-anthropic-billing-header");
      const blocks = body.messages.flatMap(({ content }) => (typeof content === "string" ? [content] : (content as unknown[])));
      const turnParts = request.turns
        .slice(request.turns[0]?.role === "system" ? 1 : 0)
        .flatMap((turn) => turn.parts as readonly unknown[]);
      expect(turnParts).toHaveLength(blocks.length);
    }
  });
});
