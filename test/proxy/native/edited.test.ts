import { describe, expect, it } from "vitest";
import { rows } from "../../../src/providers/index.ts";
import type { Target } from "../../../src/route/target.ts";
import { closedAfterEachTest } from "../../support/closing.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../../support/provider.ts";
import { agent, launch } from "../../support/proxy.ts";
import { answerJson, answerStream, messagesStream, refusal, type Script, startUpstream } from "../../support/upstream.ts";

const open = closedAfterEachTest();

/** A reply with what the language has no word for. */
const reply = {
  ...{ id: "msg_1", type: "message", role: "assistant", model: "m", stop_reason: "end_turn", stop_sequence: null, container: { id: "c" } },
  content: [{ type: "text", text: "ok", citations: [{ type: "char_location", cited_text: "a" }] }],
  usage: { input_tokens: 10, output_tokens: 2, server_tool_use: { web_search_requests: 1 } },
};

const schema = '{"type":"object","properties":{"id":{"type":"integer","maximum":12345678901234567890}}}';
/** What fcc knows nothing of stands at every level, and numbers and spaces are as a client writes them. */
const body = `{ "model":"m", "max_tokens" : 4000, "thinking":{"type":"enabled","budget_tokens":2000,"display":"omitted"},
 "system":[{"type":"text","text":"s","x":1.0}], "temperature":1.0,
 "messages":[{"role":"user","x":1.0,"content":[{"type":"text","text":"hi","citations":null},{"type":"new_block","x":1.0}]}],
 "tools":[{"name":"Read","input_schema":${schema},"strict":true,"x":1.0},{"type":"mcp_toolset","mcp_server_name":"s"}],
 "output_config":{"effort":"low","task_budget":{"total":5}}, "mcp_servers":[{"type":"url","name":"s"}], "container":{"skills":[]},
 "context_management":{"edits":[{"type":"clear_thinking_20251015"}]}, "x":[1.0, 1e3] }`;

/** What was sent, by each request, and the answer. */
async function ask(
  scripts: readonly Script[],
  target: Partial<Target>,
  given = body,
  path = "/v1/messages",
  headers: Record<string, string> = agent,
) {
  let count = 0;
  const upstream = await startUpstream((...exchange) => scripts[Math.min(count++, scripts.length - 1)]?.(...exchange));
  const speaks = wiresAt(upstream.url, "messages", "chat", "responses");
  const proxy = await launch(profileOf([targetOf(providerAt(upstream.url, { speaks }), "m", target)]));
  open.push(proxy, upstream);
  const answer = await proxy.post(path, given, { "anthropic-beta": "a,b", ...headers });
  return { answer, sent: upstream.requests.map(({ text }) => text), betas: upstream.requests.map((one) => one.headers["anthropic-beta"]) };
}

describe("bytes in which single fields are changed", () => {
  const thinking = '"thinking":{"type":"enabled","budget_tokens":2000,"display":"omitted"}';
  const clears = ',\n "context_management":{"edits":[{"type":"clear_thinking_20251015"}]}';
  it.each<[string, Partial<Target>, (text: string) => string]>([
    [
      "the profile sets effort: how thinking is shown stays",
      { reasoning: "high" },
      (text) =>
        text
          .replace(thinking, '"thinking":{"type":"adaptive","display":"omitted"}')
          .replace('"effort":"low"', '"effort":"high"')
          .replace(', "temperature":1.0', ""),
    ],
    [
      "the profile switches thinking off: what needs it goes",
      { reasoning: "off" },
      (text) => text.replace(thinking, '"thinking":{"type":"disabled"}').replace('"effort":"low",', "").replace(clears, ""),
    ],
    [
      "less output than the thinking budget: it has to fit",
      { maxOutput: 1500 },
      (text) => text.replace("4000", "1500").replace(thinking, '"thinking":{"type":"enabled","display":"omitted","budget_tokens":1350}'),
    ],
    [
      "a field of each tool",
      { quirks: { refusedMessagesFields: ["tools.strict"] } },
      (text) => text.replace('"strict":true,', "").replace("1.0},{", "1},{"),
    ],
    [
      "an object's only field goes with it",
      { quirks: { refusedMessagesFields: ["container.skills", "output_config.effort"] } },
      (text) => text.replace(', "container":{"skills":[]}', "").replace('"effort":"low",', ""),
    ],
    [
      "a kind of thinking",
      { quirks: { refusedMessagesFields: ["thinking.enabled"] } },
      (text) => text.replace(thinking, '"thinking":{"type":"adaptive","display":"omitted"}'),
    ],
  ])("%s", async (_name, target, change) => {
    const { answer, sent, betas } = await ask([answerJson(reply)], target);
    expect(sent).toEqual([change(body)]);
    expect(betas).toEqual(["a,b"]);
    expect(answer.json).toEqual(reply);
  });

  it.each([
    ["in the body", "context_management", clears],
    ["of which fcc knows nothing, once it is known that single fields go", "x", ', "x":[1.0, 1e3]'],
  ])("what is refused by name %s is left out, and all else stays, then and later", async (_name, field, cut) => {
    const scripts = [refusal("container: Extra inputs are not permitted"), refusal(`${field}: Extra inputs are not permitted`)];
    const { answer, sent } = await ask([...scripts, answerJson(reply)], {});
    const without = body.replace(', "container":{"skills":[]}', "");
    expect(sent).toEqual([body, without, without.replace(cut, "")]);
    expect(answer.json).toEqual(reply);
  });

  it("what a new version of an agent says and the server refuses by name is left out, as a program's own mistake is not", async () => {
    const scripts = [refusal("x: Extra inputs are not permitted"), answerJson(reply)];
    const { answer, sent } = await ask(scripts, {});
    expect(sent).toEqual([body, body.replace(', "x":[1.0, 1e3]', "")]);
    expect(answer.json).toEqual(reply);
    const program = await ask(scripts, {}, body, "/v1/messages", { "user-agent": "python-httpx/0.28" });
    expect(program.sent).toEqual([body]);
    expect(program.answer.status).toBe(400);
  });

  it("a refusal that names no field of the request is told, and the same is not sent once more", async () => {
    const { answer, sent } = await ask([refusal("The item type of 'tags' is not supported in a schema."), answerJson(reply)], {});
    expect(sent).toEqual([body]);
    expect(answer.status).toBe(400);
  });

  it("what a block has that the server does not know is left out of all blocks, and all else stays", async () => {
    const scripts = [refusal("messages.0.content.0.text.citations: Extra inputs are not permitted"), answerJson(reply)];
    const { answer, sent } = await ask(scripts, {});
    expect(JSON.parse(sent[1] ?? "")).toEqual(JSON.parse(body.replace(',"citations":null', "")));
    expect(sent[1]?.split('"messages"')[0]).toBe(body.split('"messages"')[0]);
    expect(answer.json).toEqual(reply);
  });

  it("a server that only streams is asked for a stream, and the client gets its reply whole", async () => {
    const stream = answerStream(messagesStream(["hello"]));
    const known = body.replace(',{"type":"new_block","x":1.0}', "");
    const { answer, sent } = await ask([refusal("This model only supports streaming."), stream], {}, known);
    expect(sent[1]).toBe(known.replace("{ ", '{ "stream":true,'));
    expect(answer.json.content).toEqual([{ type: "text", text: "hello" }]);
  });

  it("after four fields that were refused one by one, only what nearly every server knows is sent", async () => {
    const known = body.replace(',{"type":"new_block","x":1.0}', "");
    const fields = ["context_management", "container", "mcp_servers", "output_config"];
    const { answer, sent } = await ask(
      [...fields.map((field) => refusal(`${field}: Extra inputs are not permitted`)), answerJson(reply)],
      {},
      known,
    );
    expect(answer.status).toBe(200);
    expect(sent).toHaveLength(5);
    expect(sent[3]).toContain('"x":[1.0, 1e3]');
    expect(Object.keys(JSON.parse(sent[4] ?? ""))).toEqual(["model", "max_tokens", "system", "messages", "tools", "thinking", "stream"]);
  });

  it("thinking that a server demands is asked for without the sampling that is refused beside it", async () => {
    const quick = '{"model":"m","max_tokens":4000,"temperature":0.0,"x":1.0,"messages":[{"role":"user","content":"hi"}]}';
    const quirks = { refusedMessagesFields: ["thinking.disabled", "thinking.adaptive", "thinking.missing"] };
    const { sent } = await ask([answerJson(reply)], { quirks }, quick);
    const demanded = '{"thinking":{"type":"enabled","budget_tokens":1600},';
    expect(sent).toEqual([quick.replace("{", demanded).replace('"temperature":0.0,', "")]);
  });

  it("thinking is switched off in the word that the model asks for, and nothing else is said of it", async () => {
    const off = '{"model":"m","max_tokens":40,"x":1.0,"thinking":{"type":"disabled"},"messages":[{"role":"user","content":"hi"}]}';
    const demand = 'To turn thinking off on this model, send "thinking": {"type": "between_tools"} instead of {"type": "disabled"}.';
    const { answer, sent } = await ask([refusal(demand), answerJson(reply)], {}, off);
    expect(answer.status).toBe(200);
    expect(sent).toEqual([off, off.replace("disabled", "between_tools")]);
    const shown = off.replace('"disabled"', '"adaptive","display":"omitted"');
    const profile = await ask([answerJson(reply)], { reasoning: "off", quirks: { thinkingOff: "between_tools" } }, shown);
    expect(JSON.parse(profile.sent[0] ?? "").thinking).toEqual({ type: "between_tools" });
  });

  it("a server of an older API names one thing after another: each goes, until it takes the request", async () => {
    const known = body.replace(',{"type":"new_block","x":1.0}', "");
    const older = [
      "context_management: Extra inputs are not permitted",
      "output_config: Extra inputs are not permitted",
      "thinking.display: Extra inputs are not permitted",
      "thinking.type: Input should be 'adaptive' or 'disabled'",
      "tools.0.custom.strict: Extra inputs are not permitted",
      "max_tokens: 4000 > 2000, which is the maximum allowed number of output tokens for m",
      "temperature: Extra inputs are not permitted",
    ];
    const { answer, sent } = await ask([...older.map((message) => refusal(message)), answerJson(reply)], { reasoning: "high" }, known);
    expect(answer.status).toBe(200);
    expect(sent).toHaveLength(older.length + 1);
  });

  it("an effort of the profile's that the model does not know is left out, though the client would leave out its own", async () => {
    const scripts = [refusal("This model does not support the effort parameter."), answerJson(reply)];
    const { answer, sent } = await ask(scripts, { reasoning: "high" });
    expect(answer.status).toBe(200);
    expect(JSON.parse(sent[1] ?? "")).toMatchObject({ output_config: { task_budget: { total: 5 } }, mcp_servers: [{}], x: [1, 1000] });
    expect(sent[1]).not.toContain('"effort"');
  });

  it("what means nothing and Anthropic refuses goes, and all else stays", async () => {
    const mark = '"cache_control":{"type":"ephemeral","scope":"global"}';
    const marked = (text: string) => `{"type":"text","text":"${text}",${mark}}`;
    const turns = (...contents: string[]) => `{"model":"m","max_tokens":5,"x":1.0,"messages":[${contents.join(",")}],"system":"s"}`;
    const user = (...blocks: string[]) => `{"role":"user","content":[${blocks.join(",")}],"x":1}`;
    const blank = '{"role":"assistant","content":" "}';
    const quirks = rows["anthropic"]?.quirks ?? {};
    const many = turns(
      user('{"type":"text","text":""}', ...["a", "b", "c", "d", "e"].map(marked)),
      blank,
      '{"role":"assistant","content":"on \\n"}',
    );
    const { sent } = await ask([answerJson(reply)], { quirks }, many);
    const first = '{"type":"text","text":"a"}';
    expect(sent).toEqual([turns(user(first, ...["b", "c", "d", "e"].map(marked)), '{"role":"assistant","content":"on"}')]);
  });

  it("what means nothing goes once a server has refused it, and all else stays", async () => {
    const blank = body.replace('[{"type":"text","text":"hi"', '[{"type":"text","text":""},{"type":"text","text":"hi"');
    const { sent } = await ask([refusal("messages: text content blocks must be non-empty"), answerJson(reply)], {}, blank);
    expect(sent[0]).toBe(blank);
    expect(JSON.parse(sent[1] ?? "")).toEqual(JSON.parse(body));
  });

  it("a chat client's limit goes by the server's name, and what else it says stays", async () => {
    const chat =
      '{"model":"m","messages":[{"role":"user","content":"hi","x":1.0}],"max_tokens":9,"n":2,"audio":{"voice":"a"},"web_search_options":{}}';
    const whole = { choices: [{ index: 0, message: { role: "assistant", content: null, audio: { id: "a" } }, finish_reason: "stop" }] };
    const quirks = { maxTokensField: "max_completion_tokens", refusedFields: ["web_search_options"] } as const;
    const { answer, sent } = await ask([answerJson(whole)], { quirks }, chat, "/v1/chat/completions");
    const named = chat.replace(',"max_tokens":9', "").replace(',"web_search_options":{}', "");
    expect(sent).toEqual([named.replace("{", '{"max_completion_tokens":9,')]);
    expect(answer.json).toEqual(whole);
  });

  it("a chat client that names no limit gets one where its server does not go without, and what else it says stays", async () => {
    const chat = '{"model":"m","messages":[{"role":"user","content":"hi","x":1.0}],"n":2,"audio":{"voice":"a"}}';
    const whole = { choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }] };
    const { answer, sent } = await ask(
      [refusal("anthropic error: max_tokens: Field required"), answerJson(whole)],
      {},
      chat,
      "/v1/chat/completions",
    );
    expect(sent).toEqual([chat, chat.replace("{", '{"max_tokens":32000,')]);
    expect(answer.json).toEqual(whole);
  });

  it("Codex's groups of tools go without `strict` where a server does not know it", async () => {
    const tool = '{"type":"function","name":"f","parameters":{"type":"object"},"strict":false}';
    const asked = `{"model":"m","input":"hi","tools":[${tool},{"type":"namespace","name":"n","x":1.0,"tools":[${tool}]}]}`;
    const whole = { id: "resp_1", object: "response", status: "completed", output: [] };
    const { sent } = await ask(
      [refusal("Unknown parameter: 'tools[1].tools[0].strict'."), answerJson(whole)],
      {},
      asked,
      "/v1/responses",
      {},
    );
    expect(JSON.parse(sent[1] ?? "")).toEqual(JSON.parse(asked.replaceAll(',"strict":false', "")));
  });

  it("a chat client's effort is the profile's by the server's dialect, and what else it says of reasoning stays", async () => {
    const chat = '{"model":"m","messages":[{"role":"user","content":"hi","x":1.0}],"reasoning":{"max_tokens":5,"exclude":true}}';
    const whole = { choices: [{ index: 0, message: { content: "ok" }, finish_reason: "stop" }] };
    const { sent } = await ask(
      [answerJson(whole)],
      { reasoning: "high", quirks: { reasoningRequest: "openrouter" } },
      chat,
      "/v1/chat/completions",
    );
    expect(sent).toEqual([chat.replace('{"max_tokens":5,"exclude":true}', '{"exclude":true,"effort":"high"}')]);
  });

  it.each([
    ["chat", "/v1/chat/completions", '{"model":"m","messages":[{"role":"user","content":"hi"}]}', "max_tokens"],
    ["Responses", "/v1/responses", '{"model":"m","input":"hi"}', "max_output_tokens"],
  ])("a %s client that gives no output limit gets the profile's beside its effort, as far as it fits", async (_, path, asked, limit) => {
    const target = { reasoning: "high", maxOutput: 9000, context: 24_000, quirks: { reasoningRequest: "reasoning_effort" } } as const;
    const short = await ask([answerJson(reply)], target, asked, path);
    const body = JSON.parse(short.sent[0] ?? "");
    expect(body).toEqual({ ...body, ...JSON.parse(asked), [limit]: 9000 });
    const long = await ask([answerJson(reply)], target, asked.replace("hi", "word ".repeat(18_000)), path);
    expect(JSON.parse(long.sent[0] ?? "")[limit]).toBeLessThan(9000);
  });

  it("a Responses client's effort is the profile's, and what else it says stays", async () => {
    const asked =
      '{"model":"m","input":[{"type":"new_item","x":1.0}],"reasoning":{"effort":"low","summary":"detailed"},"truncation":"auto","x":1.0}';
    const whole = { id: "resp_1", object: "response", status: "completed", output: [{ type: "new_item" }], x: 1 };
    const { answer, sent } = await ask([answerJson(whole)], { reasoning: "high" }, asked, "/v1/responses");
    expect(sent).toEqual([asked.replace('"low"', '"high"')]);
    expect(answer.json).toEqual(whole);
  });
});

describe("a server that does not know a kind of tool", () => {
  it("gets what belongs to such a tool no more than the tool", async () => {
    const given = {
      ...{ model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }], mcp_servers: [{ type: "url", url: "u", name: "s" }] },
      tools: [{ type: "mcp_toolset", mcp_server_name: "s" }],
    };
    const unknown = "tools.0: Input tag 'mcp_toolset' found using 'type' does not match any of the expected tags: 'custom'";
    const { answer, sent } = await ask([refusal(unknown), refusal(unknown), answerJson(reply)], {}, JSON.stringify(given));
    expect(answer.status).toBe(200);
    const { mcp_servers, tools } = JSON.parse(sent.at(-1) ?? "");
    expect([mcp_servers, tools]).toEqual([undefined, undefined]);
  });
});

describe("what the language has no word for, where the conversation would have to be written anew", () => {
  it.each([
    ["a new kind of block", body, "/v1/messages"],
    [
      "audio",
      '{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}]}],"x":1.0}',
      "/v1/chat/completions",
    ],
  ])("passes, but for what can be changed in bytes: %s", async (_name, given, path) => {
    const quirks = { nativeFaults: ["conversation"], refusedFields: ["x"], refusedMessagesFields: ["x"] } as const;
    const whole = path.includes("chat") ? { choices: [{ index: 0, message: { content: "ok" }, finish_reason: "stop" }] } : reply;
    const { answer, sent } = await ask([answerJson(whole)], { quirks }, given, path);
    expect(sent).toEqual([given.replace(/, ?"x":(?:1\.0|\[1\.0, 1e3\])(?= ?\}$)/, "")]);
    expect(answer.json).toEqual(whole);
  });
});

describe("what a chat client says of thinking, where something else of its request is refused and said otherwise", () => {
  const whole = answerJson({ choices: [{ index: 0, message: { content: "ok" }, finish_reason: "stop" }] });
  const asked = { model: "m", stream: false, messages: [{ role: "user", content: "hi" }], stop: ["END"] };
  const refused = refusal("Unsupported parameter: 'stop' is not supported with this model.");
  const ways: readonly object[] = [
    { reasoning_effort: "high" },
    { chat_template_kwargs: { enable_thinking: false } },
    { reasoning: { effort: "low", exclude: true } },
  ];
  it.each(ways)("goes on to a server of which nothing is known: %j", async (said) => {
    const { sent } = await ask([refused, whole], {}, JSON.stringify({ ...asked, ...said }), "/v1/chat/completions");
    const { stop: _, ...left } = asked;
    expect(sent.map((text) => JSON.parse(text))).toEqual([
      { ...asked, ...said },
      { ...left, ...said },
    ]);
  });

  const tools = [{ type: "function", function: { name: "Read", parameters: { type: "object", properties: {} } } }];
  it.each<[string, Partial<Target>]>([
    ["the profile sets the effort", { reasoning: "high" }],
    ["the model does not think", { quirks: { reasoningRequest: "none" } }],
    ["the model takes none beside tools", { quirks: { effortBesideTools: false } }],
  ])("goes no further where %s", async (_name, target) => {
    const given = JSON.stringify({ ...asked, tools, reasoning_effort: "low" });
    const { sent } = await ask([refused, whole], target, given, "/v1/chat/completions");
    expect(sent.at(-1)).not.toContain('"low"');
  });
});

describe("what is said of a tool, where the conversation is written anew", () => {
  const tool = { name: "Read", input_schema: { type: "object", properties: {} } };
  const given = (beside: object) =>
    JSON.stringify({ model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }], tools: [{ ...tool, ...beside }] });

  it.each([
    ["strict", "tools.0.custom.strict: Extra inputs are not permitted"],
    ["newer", "tools.0.newer: Extra inputs are not permitted"],
  ])("goes on until the server refuses it by name: %s", async (name, message) => {
    const quirks = { nativeFaults: ["conversation"] } as const;
    const asked = given({ [name]: true, eager_input_streaming: true });
    const { answer, sent } = await ask([refusal(message), answerJson(reply)], { quirks }, asked);
    expect(answer.status).toBe(200);
    expect(sent.map((text) => JSON.parse(text).tools)).toEqual([
      [{ ...tool, [name]: true, eager_input_streaming: true }],
      [{ ...tool, eager_input_streaming: true }],
    ]);
  });

  it("is left out where a server refuses what it cannot be found by", async () => {
    const quirks = { nativeFaults: ["conversation"] } as const;
    const asked = given({ schema: { newer: true } });
    const { answer, sent } = await ask(
      [refusal("tools.0.schema.newer: Extra inputs are not permitted"), answerJson(reply)],
      { quirks },
      asked,
    );
    expect(answer.status).toBe(200);
    expect(sent.map((text) => JSON.parse(text).tools)).toEqual([[{ ...tool, schema: { newer: true } }], [tool]]);
  });
});
