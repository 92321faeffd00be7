import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import type { WireName } from "../../src/model/opaque.ts";
import type { Provider } from "../../src/route/target.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";
import { agent, type Launch, launch, saidIn } from "../support/proxy.ts";
import { serving } from "../support/serving.ts";
import {
  answerJson,
  answerStream,
  answerText,
  chatStream,
  cutAfter,
  event,
  messagesStream,
  pause,
  refusal,
  type Script,
  startUpstream,
  type Upstream,
} from "../support/upstream.ts";

const open = closedAfterEachTest();

/** A provider of every wire, and a second one that answers when the first does not. */
async function start(
  scripts: readonly Script[],
  over: Partial<Provider> = {},
): Promise<{ upstream: Upstream; second: Upstream; proxy: Launch }> {
  const upstream = await startUpstream(...scripts);
  const second = await startUpstream(answerStream(messagesStream(["the second"])));
  const target = (server: Upstream, id: string) => {
    const speaks = wiresAt(server.url, "messages", "chat", "responses");
    return targetOf(providerAt(server.url, { id, speaks, ...over }), "m");
  };
  const proxy = await launch(profileOf([target(upstream, "one"), target(second, "two")]));
  open.push(proxy, upstream, second);
  return { upstream, second, proxy };
}

/** One provider of these wires alone. */
const alone = (script: Script, ...wires: WireName[]) =>
  serving(open)(script, { provider: (url) => providerAt(url, { speaks: wiresAt(url, ...wires) }) });

const stream = messagesStream(["hello"]);
/** A Responses stream of an empty reply. */
const completed = answerStream([event({ type: "response.completed", response: { id: "r", output: [] } }, "response.completed")]);
const body = (messages: string, rest = "") => `{"model":"x",  "stream":true,"max_tokens":5, "messages":[${messages}]${rest}}`;
const sent = (messages: string, rest = "") => body(messages, rest).replace('"x"', '"m"');
const thinking = (signature: string) => `{"type":"thinking","thinking":"t","signature":"${signature}"}`;
const user = '{"role":"user","content":"hi"}';
const turn = (...content: string[]) => `{"role":"assistant","content":[${content.join(", ")}]}`;
const text = '{"type":"text","text":"\\u00e4"}';

describe("history that an earlier turn's translation sealed", () => {
  it("never gets to a provider of Messages, and everything else does", async () => {
    const { proxy, upstream } = await start([answerStream(stream)]);
    await proxy.post("/v1/messages", body(`${user},${turn(thinking("fcc.abc"), text)},${turn(thinking("real"), text)},${user}`));
    expect(upstream.requests[0]?.text).toBe(sent(`${user},${turn(text)},${turn(thinking("real"), text)},${user}`));
  });

  it("takes the thinking budget along where the calls that the conversation ends with began with it", async () => {
    const { proxy, upstream } = await start([answerStream(stream)]);
    const use = (id: string) => `{"type":"tool_use","id":"${id}","name":"Bash","input":{}}`;
    const result = (id: string) => `{"role":"user","content":[{"type":"tool_result","tool_use_id":"${id}"}]}`;
    const history = (...before: string[]) => `${user},${turn(...before, use("a"))},${result("a")},${turn(use("b"))},${result("b")}`;
    const rest = (type: string) => `,"thinking":{"type":${type}}`;
    const budget = rest('"enabled","budget_tokens":1024');
    await proxy.post("/v1/messages", body(history(thinking("fcc.abc")), budget));
    expect(upstream.requests[0]?.text).toBe(sent(history(), rest('"disabled"')));
    await proxy.post("/v1/messages", body(`${history(thinking("fcc.abc"))},${turn(text)},${user}`, budget));
    expect(upstream.requests[1]?.text).toBe(sent(`${history()},${turn(text)},${user}`, budget));
  });

  it("nor where tokens are counted", async () => {
    const { proxy, upstream } = await start([answerJson({ input_tokens: 4 })], { quirks: { countsTokens: true } });
    await proxy.post("/v1/messages/count_tokens", body(`${user},${turn(thinking("fcc.abc"), text)},${user}`));
    expect(upstream.requests[0]?.text).toBe(sent(`${user},${turn(text)},${user}`));
  });

  it("nor to a provider of Responses", async () => {
    const { proxy, upstream } = await start([completed]);
    const items = (reasoning: string) => `{"model":"x","stream":true,"input":[{"role":"user","content":"hi"}${reasoning}]}`;
    await proxy.post("/v1/responses", items(',{"type":"reasoning","summary":[],"encrypted_content":"fcc.abc"}'));
    expect(upstream.requests[0]?.text).toBe(items("").replace('"x"', '"m"'));
  });

  it("nor to a provider of chat", async () => {
    const { proxy, upstream } = await start([answerStream(chatStream(["a"]))]);
    const turns = (details: string) => `{"model":"x","stream":true,"messages":[{"role":"assistant","content":"a"${details}},${user}]}`;
    await proxy.post("/v1/chat/completions", turns(',"reasoning_details":[{"type":"reasoning.encrypted","data":"fcc.abc"}]'));
    expect(upstream.requests[0]?.text).toBe(turns("").replace('"x"', '"m"'));
  });

  it("a summary that fcc wrote is read, so that the provider sees what it says", async () => {
    const { proxy, upstream } = await start([answerStream([])]);
    const sealed = `fcc.${Buffer.from(JSON.stringify({ text: "what was done" })).toString("base64url")}`;
    await proxy.post("/v1/responses", {
      model: "x",
      stream: true,
      input: [
        { type: "compaction", encrypted_content: sealed },
        { role: "user", content: "go on" },
      ],
    });
    expect(upstream.requests[0]?.text).toContain("what was done");
    expect(upstream.requests[0]?.text).not.toContain("fcc.");
  });
});

describe("reasoning that was encrypted for another", () => {
  const input = (...sealed: string[]) => {
    const reasoning = sealed.map((value) => `{"type":"reasoning","summary":[],"encrypted_content":"${value}"}, `).join("");
    return `{"model":"x","stream":true,"input":[${reasoning}{"role":"user","content":"hi"}]}`;
  };

  it.each([
    "The encrypted content gAAA...Qw== could not be verified. Reason: Encrypted content could not be decrypted or parsed.",
    "Could not decrypt the provided encrypted_content. Ensure the value is the unmodified encrypted_content from a previous response.",
  ])("is left out after the refusal, and later ones stay: %s", async (message) => {
    const { proxy, upstream } = await start([refusal(message), completed]);
    await proxy.post("/v1/responses", input("a", "b"));
    await proxy.post("/v1/responses", input("a", "b", "c"));
    const texts = [input("a", "b"), input(), input("c")].map((text) => text.replace('"x"', '"m"'));
    expect(upstream.requests.map(({ text }) => text)).toEqual(texts);
  });

  const error = { code: "invalid_encrypted_content", message: "The encrypted content gAAA...Qw== could not be verified." };
  const said = (type: string, fields: object) => event({ type, ...fields }, type);
  const failed = said("response.failed", { response: { id: "r", status: "failed", error } });

  it.each([
    ["response.failed", failed],
    ["error", said("error", { error })],
  ])("is left out where the refusal is all that a stream has: %s", async (_type, refused) => {
    const { proxy, upstream, second } = await start([answerStream([refused]), completed]);
    expect((await proxy.post("/v1/responses", input("a"))).text).toContain("response.completed");
    expect(upstream.requests.map(({ text }) => text)).toEqual([input("a"), input()].map((one) => one.replace('"x"', '"m"')));
    expect(second.requests.length).toBe(0);
  });

  it("is left out of the next request where the reply had begun before it was refused", async () => {
    const begun = said("response.created", { response: { id: "r", status: "in_progress", output: [] } });
    const { proxy, upstream } = await start([answerStream([begun, failed]), completed]);
    expect((await proxy.post("/v1/responses", input("a"))).text).toBe(begun + failed);
    await proxy.post("/v1/responses", input("a"));
    expect(upstream.requests.map(({ text }) => text)).toEqual([input("a"), input()].map((one) => one.replace('"x"', '"m"')));
  });
});

describe("a refused signature", () => {
  const refuse = refusal("messages.1.content.0: Invalid `signature` in `thinking` block");

  it("is answered by the same request without thinking, once, and remembered", async () => {
    const { proxy, upstream, second } = await start([refuse, answerStream(stream)]);
    const history = `${user},${turn(thinking("other-model"), text)},${user}`;
    const answer = await proxy.post("/v1/messages", body(history));
    expect(saidIn(answer.text)).toBe("hello");
    expect(upstream.requests.map((request) => request.text)).toEqual([sent(history), sent(`${user},${turn(text)},${user}`)]);
    await proxy.post("/v1/messages", body(`${history},${turn(thinking("its-own"), text)},${user}`));
    expect(upstream.requests[2]?.text).toBe(sent(`${user},${turn(text)},${user},${turn(thinking("its-own"), text)},${user}`));
    expect(second.requests.length).toBe(0);
  });

  const both = `${user},${turn(thinking("its-own"), text)},${user},${turn(thinking("other-model"), text)},${user}`;
  const foreign = (place: string) => answerJson({ error: { message: `${place}: Invalid \`signature\` in \`thinking\` block` } }, 400);

  it("leaves what stands before it as it was, and so in the server's cache", async () => {
    const { proxy, upstream } = await start([foreign("messages.3.content.0"), answerStream(stream)]);
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", body(both))).text)).toBe("hello");
    const left = sent(`${user},${turn(thinking("its-own"), text)},${user},${turn(text)},${user}`);
    expect(upstream.requests.map((request) => request.text)).toEqual([sent(both), left, left]);
  });

  it.each(["messages.1.content.0", "messages.12.content.0"])("goes with all thinking where it is named to no avail: %s", async (place) => {
    const { proxy, upstream } = await start([foreign("messages.3.content.0"), foreign(place), answerStream(stream)]);
    expect(saidIn((await proxy.post("/v1/messages", body(both))).text)).toBe("hello");
    expect(upstream.requests.at(-1)?.text).toBe(sent(`${user},${turn(text)},${user},${turn(text)},${user}`));
  });

  const inStream = answerStream([
    event({ type: "error", error: { type: "invalid_request_error", message: "Invalid signature in thinking block" } }, "error"),
  ]);

  it("is left out where a stream has nothing but the refusal", async () => {
    const { proxy, upstream, second } = await start([inStream, answerStream(stream)]);
    const history = `${user},${turn(thinking("other-model"), text)},${user}`;
    expect(saidIn((await proxy.post("/v1/messages", body(history))).text)).toBe("hello");
    expect(upstream.requests.map((request) => request.text)).toEqual([sent(history), sent(`${user},${turn(text)},${user}`)]);
    expect(second.requests.length).toBe(0);
  });

  it("is asked without once, where the same is said again", async () => {
    const { proxy, upstream } = await start([inStream]);
    expect((await proxy.post("/v1/messages", body(`${user},${turn(thinking("other-model"), text)},${user}`))).status).toBe(400);
    expect(upstream.requests.length).toBe(2);
  });

  it.each([["by a status", refuse] as const, ["in a stream", inStream] as const])(
    "is left out where the conversation has to be written anew too: %s",
    async (_how, refuse) => {
      const { proxy, upstream } = await start([refuse, answerStream(stream)], { quirks: { nativeFaults: ["conversation"] } });
      const history = `${user},${turn(thinking("other-model"), text)},${user}`;
      for (let time = 0; time < 2; time += 1) expect(saidIn((await proxy.post("/v1/messages", body(history))).text)).toBe("hello");
      const signed = upstream.requests.map((request) => request.text.includes('"signature":"other-model"'));
      expect(signed).toEqual([true, false, false]);
    },
  );

  it("is not what a call without any thinking before it is refused for: the budget goes, and the thinking stays", async () => {
    const message =
      "messages.3.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block";
    const missing = refusal(message);
    const { proxy, upstream } = await start([missing, answerStream(stream)]);
    const use = '{"type":"tool_use","id":"a","name":"Bash","input":{}}';
    const result = '{"role":"user","content":[{"type":"tool_result","tool_use_id":"a"}]}';
    const history = `${user},${turn(thinking("its-own"), text)},${user},${turn(use)},${result}`;
    const rest = (type: string) => `,"thinking":{"type":${type}}`;
    expect(saidIn((await proxy.post("/v1/messages", body(history, rest('"enabled","budget_tokens":1024')))).text)).toBe("hello");
    expect(upstream.requests[1]?.text).toBe(sent(history, rest('"disabled"')));
    await proxy.post("/v1/messages", body(history));
    expect(upstream.requests[2]?.text).toBe(sent(history));
  });

  it("is not what thinking that a cut reply ends with is refused for: that alone is left out", async () => {
    const message = "messages.3: The final block in an assistant message cannot be `thinking`.";
    const cut = refusal(message);
    const { proxy, upstream } = await start([cut, answerStream(stream)]);
    const history = `${user},${turn(thinking("its-own"), text)},${user},${turn(text, thinking("of-the-cut"))},${user}`;
    expect(saidIn((await proxy.post("/v1/messages", body(history))).text)).toBe("hello");
    const signatures = upstream.requests.map((request) => [...request.text.matchAll(/"signature":"([^"]*)"/g)].map(([, found]) => found));
    expect(signatures).toEqual([["its-own", "of-the-cut"], ["its-own"]]);
  });

  it("is remembered of two conversations that are refused at once", async () => {
    const script: Script = async (request, response, incoming) => {
      if (!request.text.includes("signature")) return answerStream(stream)(request, response, incoming);
      await pause(50);
      return refuse(request, response, incoming);
    };
    const { proxy, upstream } = await start([script]);
    const histories = ["one", "two"].map((signature) => body(`${user},${turn(thinking(signature), text)},${user}`));
    const both = () => Promise.all(histories.map((history) => proxy.post("/v1/messages", history)));
    await both();
    expect(upstream.requests.length).toBe(4);
    await both();
    expect(upstream.requests.length).toBe(6);
  });

  it("that stays refused is told so that the client acts on it", async () => {
    const { proxy, upstream } = await start([refuse]);
    const answer = await proxy.post("/v1/messages", body(`${user},${turn(thinking("other-model"), text)},${user}`), agent);
    expect([answer.status, answer.json.error.message]).toEqual([400, "capability_rejected: thinking_signature"]);
    expect(upstream.requests.length).toBe(2);
    expect((await proxy.post("/v1/messages", body(user))).status).toBe(400);
    expect(upstream.requests.length).toBe(3);
  });
});

it("ids that are refused in a reply whose history has none are told with the provider's name", async () => {
  const message = "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
  const { proxy, upstream } = await start([answerJson({ type: "error", error: { type: "invalid_request_error", message } })]);
  const answer = await proxy.post("/v1/messages", body(user).replace('"stream":true', '"stream":false'));
  expect([answer.status, upstream.requests.length]).toEqual([400, 1]);
  expect(answer.json.error.message).toMatch(/ at http:\/\/127\.0\.0\.1:\d+: messages\.1/);
});

it("an effort that a model takes beside thinking only is lowered in the one call that switches it off", async () => {
  const message =
    "output_config.effort 'xhigh' is not supported when thinking is disabled on this model. Use effort 'high' or below, or enable thinking.";
  const refuse = refusal(message);
  const { proxy, upstream } = await start([refuse, answerStream(stream)]);
  const effort = (level: string) => `,"output_config":{ "effort":"${level}", "x":1.0}`;
  const off = ',"thinking":{"type":"disabled"}';
  expect(saidIn((await proxy.post("/v1/messages", body(user, off + effort("xhigh")))).text)).toBe("hello");
  await proxy.post("/v1/messages", body(user, effort("xhigh")));
  expect(upstream.requests.map(({ text }) => text)).toEqual([
    sent(user, off + effort("xhigh")),
    sent(user, off + effort("high")),
    sent(user, effort("xhigh")),
  ]);
});

it("an effort that stays refused when it is lowered is told after one more request", async () => {
  const message = "output_config.effort 'xhigh' is not supported when thinking is disabled on this model. Use effort 'high' or below.";
  const refuse = refusal(message);
  const { proxy, upstream } = await start([refuse]);
  const answer = await proxy.post("/v1/messages", body(user, ',"thinking":{"type":"disabled"},"output_config":{"effort":"xhigh"}'), agent);
  expect([answer.status, upstream.requests.length]).toEqual([400, 2]);
});

describe("refused ids of calls that another model wrote", () => {
  const refuse = refusal("messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
  const use = (id: string) => `{"type":"tool_use",  "id":"${id}","name":"Bash","input":{}}`;
  const result = (id: string) => `{"role":"user","content":[{"type":"tool_result","tool_use_id":"${id}","content":"functions.Bash:0"}]}`;
  const said = (id: string, ...before: string[]) => `${user},${turn(...before, use(id))},${result(id)}`;

  it("become others in the same bytes, and stay them", async () => {
    const { proxy, upstream, second } = await start([refuse, answerStream(stream)]);
    const history = said("functions.Bash:0");
    for (let time = 0; time < 2; time += 1) expect(saidIn((await proxy.post("/v1/messages", body(history))).text)).toBe("hello");
    const mapped = sent(said("fcc0_ZnVuY3Rpb25zLkJhc2g6MA"));
    expect(upstream.requests.map((request) => request.text)).toEqual([sent(history), mapped, mapped]);
    expect(second.requests.length).toBe(0);
  });

  it("become others before a server sees them that is known to refuse them", async () => {
    const { proxy, upstream } = await start([answerStream(stream)], { quirks: { toolIds: "safe" } });
    for (const id of ["functions.Bash:0", "toolu_1"]) await proxy.post("/v1/messages", body(said(id)));
    expect(upstream.requests.map((request) => request.text)).toEqual([sent(said("fcc0_ZnVuY3Rpb25zLkJhc2g6MA")), sent(said("toolu_1"))]);
  });

  it("become others where the server only counts", async () => {
    const quirks = { toolIds: "safe", countsTokens: true } as const;
    const { proxy, upstream } = await start([answerJson({ input_tokens: 7 })], { quirks });
    const answer = await proxy.post("/v1/messages/count_tokens", body(said("functions.Bash:0")));
    expect([answer.json, upstream.requests[0]?.text]).toEqual([{ input_tokens: 7 }, sent(said("fcc0_ZnVuY3Rpb25zLkJhc2g6MA"))]);
  });

  it("go with the thinking that another model signed", async () => {
    const unsigned = answerJson({ error: { message: "messages.1.content.0: Invalid `signature` in `thinking` block" } }, 400);
    const { proxy, upstream } = await start([unsigned, refuse, answerStream(stream)]);
    await proxy.post("/v1/messages", body(said("functions.Bash:0", thinking("other-model"))));
    expect(upstream.requests[2]?.text).toBe(sent(said("fcc0_ZnVuY3Rpb25zLkJhc2g6MA")));
  });

  it("are what somebody else will have to mend where they are legal", async () => {
    const { proxy, upstream } = await start([refuse]);
    expect((await proxy.post("/v1/messages", body(said("toolu_1")))).status).toBe(400);
    expect(upstream.requests.length).toBe(1);
  });
});

it("system turns that are refused go through the language from then on", async () => {
  const refuse = answerJson({ error: { message: "messages.1.role: Input should be 'user' or 'assistant'", type: "BadRequestError" } }, 400);
  const { proxy, upstream } = await start([refuse, answerStream(stream)]);
  const reminder = '{"role":"system","content":"remember the milk"}';
  expect(saidIn((await proxy.post("/v1/messages", body(`${user},${reminder}`))).text)).toBe("hello");
  expect(saidIn((await proxy.post("/v1/messages", body(`${user},${reminder}`))).text)).toBe("hello");
  const [asIs, folded, again] = upstream.requests.map(({ json }) => json as { messages: { role: string }[] });
  expect(asIs?.messages.map(({ role }) => role)).toEqual(["user", "system"]);
  expect(folded?.messages.map(({ role }) => role)).toEqual(["user"]);
  expect(JSON.stringify(folded)).toContain("remember the milk");
  expect(again).toEqual(folded);
  expect(upstream.requests.length).toBe(3);
});

describe("what newer agents say of tools and cache marks", () => {
  const mark = '{"type":"ephemeral","ttl":"1h","scope":"global"}';
  const asked = (tools: string) =>
    `{"model":"x","max_tokens":9,"stream":true,"system":[{"type":"text","text":"S","cache_control":${mark}}],"tools":[${tools}],"messages":[${user}]}`;
  const schema = '"input_schema":{"type":"object","properties":{"cache_control":{"type":"string"},"strict":{"type":"string"}}}';
  const tool = `{"name":"t",${schema},"strict":true,"defer_loading":true,"cache_control":${mark}}`;

  it.each([
    ["system.0.cache_control.ephemeral.scope", 'cache_control":{"type":"ephemeral","ttl":"1h"}', '"scope"'],
    ["system.0.cache_control.ephemeral.ttl", 'cache_control":{"type":"ephemeral","scope":"global"}', '"ttl"'],
    ["messages.0.content.0.text.cache_control", '"cache_control":{"type":"string"}', '"ephemeral"'],
    ["tools.0.custom.defer_loading", `"strict":true,"cache_control":${mark}`, '"defer_loading"'],
    ["tools.0.custom.strict", '"strict":{"type":"string"}', '"strict":true'],
  ])("is left out once it is refused: %s", async (path, kept, gone) => {
    const { proxy, upstream } = await start([refusal(`${path}: Extra inputs are not permitted`), answerStream(stream)]);
    for (let time = 0; time < 2; time += 1) expect(saidIn((await proxy.post("/v1/messages", asked(tool))).text)).toBe("hello");
    expect(upstream.requests.length).toBe(3);
    for (const { text } of upstream.requests.slice(1)) {
      expect(text).toContain(kept);
      expect(text).not.toContain(gone);
    }
    // A request without it passes as it is.
    const plain = body(user);
    await proxy.post("/v1/messages", plain);
    expect(upstream.requests.at(-1)?.text).toBe(sent(user));
  });
});

describe("a conversation that breaks a rule of its provider", () => {
  it("is written by the rule from then on, for a client of Messages", async () => {
    const refuse = refusal("messages: text content blocks must be non-empty");
    const { proxy, upstream } = await start([refuse, answerStream(stream)]);
    const broken = `{"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"hi"}]}`;
    for (let time = 0; time < 2; time += 1) expect(saidIn((await proxy.post("/v1/messages", body(broken))).text)).toBe("hello");
    const turns = upstream.requests.map(({ json }) => (json as { messages: { content: object[] }[] }).messages[0]?.content.length);
    expect(turns).toEqual([2, 1, 1]);
  });

  const marked = (ttl: string, words = "a") => `{"type":"text","text":"${words}","cache_control":{"type":"ephemeral","ttl":"${ttl}"}}`;
  const asked = (...content: string[]) => `{"role":"user","content":[${content.join(",")}]}`;
  it.each<[what: string, messages: string, rest: string, most: RegExp]>([
    ["a text without a character", asked('{"type":"text","text":" \\n"}', text), "", /"text":" /],
    ["instructions without a character", user, ',"system":[{"type":"text","text":""},{"type":"text","text":"a"}]', /"text":""/],
    ["a message without a character", `{"role":"assistant","content":""},${user}`, "", /"content":""/],
    ["a beginning of the reply that ends in space", `${user},{"role":"assistant","content":"yes \\n"}`, "", /yes /],
    ["a mark on a text without a character", asked(text, marked("5m", "")), "", /ephemeral/],
    ["five marks", asked(...Array.from("abcde", (words) => marked("5m", words))), "", /(?:ephemeral.*){5}/],
    ["a mark of an hour behind one of minutes", asked(marked("5m"), marked("1h")), "", /1h/],
  ])("is written by the rule at once where the server is known for it: %s", async (_what, messages, rest, broken) => {
    const { proxy, upstream } = await start([answerStream(stream)], { quirks: { nativeFaults: ["content-rules"] } });
    expect(saidIn((await proxy.post("/v1/messages", body(messages, rest))).text)).toBe("hello");
    expect(sent(messages, rest)).toMatch(broken);
    expect(upstream.requests[0]?.text).not.toMatch(broken);
  });

  it.each<[what: string, messages: string, rest?: string]>([
    ["words with space around them", asked('{"type":"text","text":" a\\n"}')],
    [
      "four marks, those of an hour first",
      asked(marked("1h"), marked("1h"), marked("5m"), '{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}'),
    ],
    ["space at the end of an earlier reply", `${user},{"role":"assistant","content":"yes "},${user}`],
    ["marks that are none", asked(...Array.from("abcde", (words) => `{"type":"text","text":"${words}","cache_control":null}`))],
    ["a reply that is to go on from nothing", `${user},{"role":"assistant","content":""}`],
    ["instructions that are no list", user, ',"system":""'],
    ["a result without a character", asked('{"type":"tool_result","tool_use_id":"a","content":""}')],
    [
      "schemas that speak of marks",
      user,
      `,"tools":[{"name":"a","input_schema":{"type":"object","properties":{"cache_control":{"enum":["1h"]}}}}]`,
    ],
  ])("passes untouched there where it breaks none: %s", async (_what, messages, rest) => {
    const { proxy, upstream } = await start([answerStream(stream)], { quirks: { nativeFaults: ["content-rules"] } });
    expect(saidIn((await proxy.post("/v1/messages", body(messages, rest))).text)).toBe("hello");
    expect(upstream.requests[0]?.text).toBe(sent(messages, rest));
  });

  it("passes untouched again where what was written by the rule is refused too", async () => {
    const refuse = refusal("messages.0: roles must alternate");
    const { proxy, upstream } = await start([refuse, refuse, answerStream(stream)]);
    const messages = `${user},${user}`;
    expect((await proxy.post("/v1/messages", body(messages))).status).toBe(400);
    expect(saidIn((await proxy.post("/v1/messages", body(messages))).text)).toBe("hello");
    expect(upstream.requests.map((request) => request.text === sent(messages))).toEqual([true, false, true]);
  });

  const called = [
    { role: "user", content: "hi" },
    { role: "assistant", content: null, tool_calls: [{ id: "call_1234567", type: "function", function: { name: "t", arguments: "{}" } }] },
    { role: "tool", tool_call_id: "call_1234567", content: "r" },
  ];
  it.each([
    {
      says: "Conversation roles must alternate user/assistant/user/assistant/...",
      messages: ["one", "two"].map((content) => ({ role: "user", content })),
      written: [{ role: "user", content: "one\ntwo" }],
    },
    {
      says: "System message must be at the beginning.",
      messages: [...["one", "two"].map((content) => ({ role: "system", content })), { role: "user", content: "hi" }],
      written: [
        { role: "system", content: "one\n\ntwo" },
        { role: "user", content: "hi" },
      ],
    },
    {
      says: "invalid params, invalid chat setting (2013)",
      messages: [...["one", "two"].map((content) => ({ role: "system", content })), { role: "user", content: "hi" }],
      written: [
        { role: "system", content: "one\n\ntwo" },
        { role: "user", content: "hi" },
      ],
    },
    {
      says: "The `reasoning_content` in the thinking mode must be passed back to the API.",
      messages: called,
      written: [called[0], { ...called[1], reasoning_content: "" }, called[2]],
    },
  ])("and by that of its template, for a chat client: $says", async ({ says, messages, written }) => {
    const { proxy, upstream } = await start([answerJson({ error: { message: says } }, 400), answerStream(chatStream(["hello"]))]);
    for (let time = 0; time < 2; time += 1) await proxy.post("/v1/chat/completions", { model: "x", stream: true, messages });
    const sentTurns = upstream.requests.map(({ json }) => (json as { messages: object[] }).messages);
    expect(sentTurns).toEqual([messages, written, written]);
  });

  it("and by the Responses API's, where a call was never answered", async () => {
    const refuse = refusal("No tool output found for function call call_1.");
    const { proxy, upstream } = await start([refuse, answerStream([])]);
    const input = [
      { role: "user", content: "hi" },
      { type: "function_call", call_id: "call_1", name: "t", arguments: "{}" },
      { role: "user", content: "go on" },
    ];
    await proxy.post("/v1/responses", { model: "x", stream: true, input });
    const kinds = upstream.requests.map(({ json }) => (json as { input: { type?: string }[] }).input.map(({ type = "message" }) => type));
    expect(kinds).toEqual([
      ["message", "function_call", "message"],
      ["message", "function_call", "function_call_output", "message"],
    ]);
  });

  it("and by DeepSeek's, where a message stands between two calls", async () => {
    const refuse = refusal("No tool output found for tool call a.");
    const { proxy, upstream } = await start([refuse, answerStream([]), answerStream([])]);
    const call = (call_id: string) => ({ type: "function_call", call_id, name: "t", arguments: "{}" });
    const result = (call_id: string) => ({ type: "function_call_output", call_id, output: "x" });
    const said = (content: string) => ({ role: "assistant", content });
    const input = [{ role: "user", content: "hi" }, said("one"), call("a"), said("two"), call("b"), result("a"), result("b")];
    for (let time = 0; time < 2; time += 1) await proxy.post("/v1/responses", { model: "x", stream: true, input });
    const sentIds = upstream.requests.map(({ json }) =>
      (json as { input: { call_id?: string }[] }).input.map(({ call_id = "" }) => call_id),
    );
    const together = sentIds[1]?.filter((id) => id !== "");
    expect([sentIds[0], together, sentIds[2]]).toEqual([["", "", "a", "", "b", "a", "b"], ["a", "b", "a", "b"], sentIds[1]]);
    expect(sentIds[1]?.indexOf("b")).toBe((sentIds[1]?.indexOf("a") ?? 0) + 1);
  });

  it("but only those that ask for less output than the provider gives", async () => {
    const message = "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead.";
    const refuse = refusal(message, { param: "max_output_tokens" });
    const { proxy, upstream } = await start([refuse, answerJson({ object: "response", status: "completed", output: [] })]);
    for (const max_output_tokens of [1, 1, 100])
      await proxy.post("/v1/responses", { model: "x", max_output_tokens, input: "hi", metadata: { of: "bytes" } });
    expect(upstream.requests.map(({ json }) => json)).toMatchObject([
      { max_output_tokens: 1 },
      { max_output_tokens: 16 },
      { max_output_tokens: 16 },
      { max_output_tokens: 100, metadata: { of: "bytes" } },
    ]);
  });

  it("but not what goes on from a reply that the provider keeps: its refusal is told, and the next one passes", async () => {
    const message = "No tool output found for function call call_1.";
    const refuse = refusal(message);
    const { proxy, upstream } = await start([refuse, refuse, answerJson({ object: "response", status: "completed", output: [] })]);
    const asked = { model: "x", previous_response_id: "resp_kept", input: "go on" };
    expect((await proxy.post("/v1/responses", asked)).text).toContain(message);
    expect((await proxy.post("/v1/responses", asked)).status).toBe(200);
    expect(upstream.requests.at(-1)?.json).toMatchObject({ previous_response_id: "resp_kept" });
  });
});

describe("fields that a configuration adds to every request", () => {
  const quirks = { extraBody: { provider: { order: ["a"] }, metadata: { team: "x" } } };

  it("are added to the bytes, an object's to the client's own", async () => {
    const { proxy, upstream } = await start([answerStream(stream)], { quirks });
    await proxy.post("/v1/messages", body(user, ', "metadata":{"user_id":"u"}'));
    expect(upstream.requests[0]?.text).toBe(sent(user, ', "metadata":{"user_id":"u","team":"x"},"provider":{"order":["a"]}'));
  });

  it("are not asked of an endpoint that counts", async () => {
    const { proxy, upstream } = await start([answerJson({ input_tokens: 4 })], { quirks: { ...quirks, countsTokens: true } });
    await proxy.post("/v1/messages/count_tokens", body(user));
    expect(upstream.requests[0]?.text).toBe(sent(user));
  });

  it("are beside those of the provider's row, which are not for the client's own bytes", async () => {
    const own = { chatBody: { tool_stream: true } };
    const { proxy, upstream } = await start([answerStream(stream)], { quirks: { ...quirks, ...own } });
    await proxy.post("/v1/messages", body(user));
    expect(JSON.parse(upstream.requests[0]?.text ?? "")).not.toHaveProperty("tool_stream");
  });
});

const noEffort = "Unsupported parameter: 'reasoning.effort' is not supported with this model.";
const lessEffort = "Unsupported value: 'xhigh' is not supported with the 'x' model. Supported values are: 'low', 'medium', and 'high'.";
it.each([
  ["left out where a provider of Responses does not know it: Codex would end the turn", noEffort, "unsupported_parameter", undefined],
  ["the nearest that the provider names", lessEffort, "unsupported_value", { effort: "high" }],
])("an effort is %s", async (_how, message, code, left) => {
  const refuse = answerJson({ error: { message, code, param: "reasoning.effort" } }, 400);
  const { proxy, upstream } = await start([refuse, completed]);
  await proxy.post("/v1/responses", { model: "x", input: "hi", stream: true, reasoning: { effort: "xhigh" } });
  const [asked, again] = upstream.requests.map(({ json }) => json as { reasoning?: object });
  expect(asked?.reasoning).toEqual({ effort: "xhigh" });
  expect(again?.reasoning).toEqual(left);
});

it("what else a client of Responses says in an object stays where one field of it is refused", async () => {
  const refuse = answerJson(
    { error: { message: "Unsupported parameter: 'reasoning.summary' is not supported with this model.", param: "reasoning.summary" } },
    400,
  );
  const { proxy, upstream } = await start([refuse, completed]);
  await proxy.post("/v1/responses", { model: "x", input: "hi", stream: true, reasoning: { effort: "high", summary: "auto" } });
  const [, again] = upstream.requests.map(({ json }) => json as { reasoning?: object });
  expect(again?.reasoning).toEqual({ effort: "high" });
});

it.each([
  ["/v1/chat/completions", { messages: [{ role: "user", content: "hi" }] }, "response_format"],
  ["/v1/responses", { input: "hi" }, "text"],
])("a schema for the reply that is refused is told in words: %s", async (path, asking, field) => {
  const schema = { type: "object", properties: { answer: { type: "string" } } };
  const format = { type: "json_schema", name: "x", schema, json_schema: { name: "x", schema } };
  const refuse = answerJson(
    { error: { message: `Invalid parameter: ${field}.format of type json_schema is not supported with this model.` } },
    400,
  );
  const { proxy, upstream } = await start([refuse, answerJson({})]);
  await proxy.post(path, { model: "x", ...asking, [field]: field === "text" ? { format } : format });
  const [asIs, again] = upstream.requests.map(({ text }) => text);
  expect(asIs).not.toContain("fits this JSON Schema");
  expect(again).toContain("fits this JSON Schema");
  expect(again).toContain('"json_object"');
});

describe("an error with a status of 200", () => {
  const error = { type: "error", error: { type: "overloaded_error", message: "no room" } };
  const failing = event(error, "error");
  const failed = { type: "response.failed", response: { error: { code: "server_error", message: "no room" } } };
  const waiting = ": OPENROUTER PROCESSING\n\n";
  const later = { every: 15 };
  it.each<[name: string, path: string, streamed: boolean, script: Script]>([
    ["whole, on Messages", "/v1/messages", false, answerJson(error)],
    ["whole, where a stream was asked for", "/v1/messages", true, answerJson(error)],
    ["first in a stream", "/v1/messages", true, answerStream([failing])],
    ["in two reads", "/v1/messages", true, answerStream([failing.slice(0, 8), failing.slice(8)], later)],
    ["after comments", "/v1/messages", true, answerStream([waiting, waiting + waiting, failing], later)],
    ["on Responses", "/v1/responses", true, answerStream([event(failed, "response.failed")])],
    ["on Responses, after comments", "/v1/responses", true, answerStream([waiting, event(failed)], later)],
    ["comments and nothing else", "/v1/messages", true, answerStream([waiting, waiting], later)],
    ["half a line and nothing else", "/v1/messages", true, cutAfter(["event: mess"])],
    ["MiniMax's own status", "/v1/messages", false, answerJson({ base_resp: { status_code: 1002, status_msg: "rate limit" } })],
    ["an object that is no reply", "/v1/messages", false, answerJson({ status: "ok" })],
    ["a page instead of JSON", "/v1/messages", false, answerText("<html>hotel</html>", 200, { "content-type": "application/json" })],
    ["JSON that is cut", "/v1/messages", false, answerText('{"id":"msg_1","content":[', 200, { "content-type": "application/json" })],
    [
      "much JSON that is cut, compressed",
      "/v1/messages",
      false,
      (_request, response) => {
        const whole = gzipSync(JSON.stringify({ content: [{ type: "text", text: randomBytes(300_000).toString("base64") }] }));
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(whole.subarray(0, -100));
      },
    ],
    ["a chat stream with nothing but its end", "/v1/chat/completions", true, answerStream(["data: [DONE]\n\n"])],
    ["the same behind a sign of life", "/v1/chat/completions", true, answerStream([waiting, "data:[DONE]\n\n"])],
  ])("%s: something else is tried, as nothing of a reply has come", async (_name, path, streamed, script) => {
    const { proxy, second } = await start([script]);
    const asked = path === "/v1/responses" ? { model: "x", stream: streamed, input: "hi" } : body(user).replace("true", String(streamed));
    const answer = await proxy.post(path, asked);
    expect(second.requests.length).toBe(1);
    expect(answer.status).toBe(200);
  });

  it.each<[name: string, stream: boolean, script: Script, told?: string]>([
    ["a reply without a choice", false, answerJson({ id: "x", choices: [], usage: { prompt_tokens: 5 } }), "nothing in it that is a reply"],
    [
      "vLLM's older form, first in a stream",
      true,
      answerStream(['data: {"object":"error","message":"no room","code":503}\n\n', "data: [DONE]\n\n"]),
    ],
    [
      "MiniMax's, with null for its choices",
      false,
      answerJson({ id: "x", choices: null, base_resp: { status_code: 1002, status_msg: "no room" } }),
    ],
  ])("on Chat Completions: %s", async (_name, stream, script, told = "no room") => {
    const { proxy } = await alone(script, "chat");
    const answer = await proxy.post("/v1/chat/completions", { model: "x", stream, messages: [{ role: "user", content: "hi" }] });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.json.error.message).toContain(told);
  });

  it("is read where its line has no end", async () => {
    const { proxy } = await start([answerStream([waiting, `data: ${JSON.stringify(error)}`])]);
    await proxy.post("/v1/messages", body(user));
    expect(await proxy.fact("failed")).toMatchObject({ failure: { kind: "overloaded", message: "no room" } });
  });

  it("comments before a reply pass with it, byte for byte", async () => {
    const pieces = [waiting, waiting, ...stream];
    const { proxy } = await start([answerStream(pieces, later)]);
    expect((await proxy.post("/v1/messages", body(user))).text).toBe(pieces.join(""));
  });

  it.each<[path: string, sent: object, error: object]>([
    ["/v1/messages", { max_tokens: 5, messages: [{ role: "user", content: "hi" }] }, error],
    ["/v1/chat/completions", { messages: [{ role: "user", content: "hi" }] }, { error: { message: "no room", type: "overloaded_error" } }],
    ["/v1/responses", { input: "hi" }, { error: { message: "no room", code: "server_is_overloaded" } }],
  ])("on %s it is told by a status of its own where nothing else is there", async (path, fields, said) => {
    const { proxy } = await alone(answerJson(said), "messages", "chat", "responses");
    const answer = await proxy.post(path, { model: "x", ...fields });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.json.error.message).toContain("no room");
  });

  const begun = { type: "message_start", message: { id: "msg_1", usage: {} } };
  const overQuota = { code: "insufficient_quota", message: "no money" };
  it.each<[path: string, sent: object, events: readonly object[]]>([
    [
      "/v1/messages",
      { max_tokens: 5, messages: [{ role: "user", content: "hi" }] },
      [begun, { type: "error", error: { type: "billing_error", message: "no money" } }],
    ],
    [
      "/v1/chat/completions",
      { messages: [{ role: "user", content: "hi" }] },
      [{ choices: [{ index: 0, delta: { content: "a" }, finish_reason: null }] }, { error: overQuota }],
    ],
    [
      "/v1/chat/completions",
      { messages: [{ role: "user", content: "hi" }] },
      [
        { choices: [{ index: 0, delta: { content: "a" }, finish_reason: null }] },
        { choices: [], x_groq: { error: "Insufficient balance: no money" } },
      ],
    ],
    ["/v1/responses", { input: "hi" }, [{ type: "response.created" }, { type: "response.failed", response: { error: overQuota } }]],
    ["/v1/responses", { input: "hi" }, [{ type: "response.created" }, { type: "error", ...overQuota }]],
  ])("in the middle of a stream on %s passes, and is known to whoever watches", async (path, fields, events) => {
    const { proxy } = await alone(answerStream(events.map((data) => event(data))), "messages", "chat", "responses");
    const answer = await proxy.post(path, { model: "x", stream: true, ...fields });
    expect(answer.text).toContain(JSON.stringify(events[1]));
    expect(await proxy.fact("failed")).toMatchObject({ failure: { kind: "out-of-quota", message: expect.stringContaining("no money") } });
  });

  it("a reply that failed by its own account is a reply", async () => {
    const failed = { id: "resp_1", object: "response", status: "failed", error: { code: "server_error", message: "x" }, output: [] };
    const { proxy } = await start([answerJson(failed)]);
    expect((await proxy.post("/v1/responses", { model: "x", input: "hi" })).json).toEqual(failed);
  });
});

it("a stream that nobody asked for is put together", async () => {
  const { proxy } = await start([answerStream(stream)]);
  const answer = await proxy.post("/v1/messages", body(user).replace("true", "false"));
  expect(answer.json).toMatchObject({ type: "message", content: [{ type: "text", text: "hello" }] });
});

describe("a body that no provider would take", () => {
  const good: Readonly<Record<string, object>> = {
    "/v1/messages": { model: "x", max_tokens: 5, messages: [{ role: "user", content: "hi" }] },
    "/v1/chat/completions": { model: "x", messages: [{ role: "user", content: "hi" }] },
    "/v1/responses": { model: "x", input: "hi" },
  };
  it.each<[path: string, odd: object]>([
    ["/v1/messages", { messages: undefined }],
    ["/v1/messages", { messages: [] }],
    ["/v1/messages", { messages: {} }],
    ["/v1/messages", { max_tokens: undefined }],
    ["/v1/messages", { max_tokens: "5" }],
    ["/v1/messages", { tools: {} }],
    ["/v1/messages", { stream: "yes" }],
    ["/v1/chat/completions", { messages: undefined }],
    ["/v1/chat/completions", { messages: null }],
    ["/v1/chat/completions", { messages: [] }],
    ["/v1/chat/completions", { messages: "hi" }],
    ["/v1/chat/completions", { max_tokens: "many" }],
    ["/v1/chat/completions", { temperature: "hot" }],
    ["/v1/responses", { input: undefined }],
    ["/v1/responses", { input: [] }],
    ["/v1/responses", { input: 5 }],
    ["/v1/responses", { tools: {} }],
  ])("%s %j is refused here, in the caller's words", async (path, odd) => {
    const { proxy, upstream } = await start([]);
    const answer = await proxy.post(path, { ...good[path], ...odd });
    expect(answer.status).toBe(400);
    expect(answer.json.type).toBe(path === "/v1/messages" ? "error" : undefined);
    expect(answer.json.error.type).toBe("invalid_request_error");
    expect(answer.json.error.message).toContain(Object.keys(odd)[0]);
    expect(upstream.requests.length).toBe(0);
  });

  it.each<[path: string, more: object]>([
    ["/v1/chat/completions", { n: 2 }],
    ["/v1/chat/completions", { max_tokens: "5", tools: [], temperature: null }],
    ["/v1/chat/completions", { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: {} }] }] }],
    ["/v1/responses", { input: undefined, prompt: { id: "pmpt_1" } }],
    ["/v1/messages", { messages: [{ role: "user", content: [{ type: "hologram" }] }] }],
  ])("%s %j is left to the provider", async (path, more) => {
    const { proxy, upstream } = await start([answerJson({ id: "1", object: "response", output: [], choices: [], content: [] })]);
    await proxy.post(path, { ...good[path], ...more });
    expect(upstream.requests.length).toBe(1);
  });
});

it.each<[wire: WireName, path: string, body: string]>([
  ["messages", "/v1/responses", '{"model":"x","input":"a\\ud800b"}'],
  ["responses", "/v1/chat/completions", '{"model":"x","messages":[{"role":"user","content":"a\\ud800b"}]}'],
  ["chat", "/v1/messages", '{"model":"x","max_tokens":5,"messages":[{"role":"user","content":"a\\ud800b"}]}'],
])("half a character never gets to a provider of %s in what is translated", async (wire, path, given) => {
  const { proxy, upstream } = await alone(answerJson({}), wire);
  await proxy.post(path, given);
  const [arrived] = upstream.requests;
  expect(JSON.stringify(arrived?.json)).toContain("a\ufffdb");
});

describe("a client that leaves once it has read the end of a reply, before the answer's body has ended,", () => {
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  const used = event({ type: "response.completed", response: { id: "resp_1", status: "completed", output: [], usage } });
  it.each<[path: string, last: string, asked: string, events: readonly string[]]>([
    ["/v1/responses", "response.completed", '{"model":"x","stream":true,"input":"hi"}', [used]],
    ["/v1/chat/completions", "[DONE]", body(user), chatStream(["hello"])],
    ["/v1/messages", "message_stop", body(user), messagesStream(["hello"])],
  ])("has been answered, and what it used is told: %s", async (path, last, asked, events) => {
    const { proxy, upstream } = await start([
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(events.join(""));
      },
    ]);
    const opened = await proxy.open(path, asked);
    await vi.waitUntil(() => opened.text().includes(last));
    opened.leave();
    expect(await proxy.fact("answered")).toMatchObject({ usage: { input: 10, output: 5 } });
    expect(proxy.facts.map(({ type }) => type)).toEqual(["request", "attempt", "first-token", "answered"]);
    expect(upstream.requests.length).toBe(1);
  });
});

describe("a client that lets the server judge what the model is about to do", () => {
  const asked = body(user, ',"safeguards":[{"type":"dangerous_tool_use"}]');

  it("is heard where its bytes pass", async () => {
    const { proxy, upstream } = await start([answerStream(stream)]);
    expect((await proxy.post("/v1/messages", asked)).status).toBe(200);
    expect(upstream.requests[0]?.text).toBe(asked.replace('"x"', '"m"'));
  });

  it("is told so where that provider refuses it", async () => {
    const { proxy, upstream, second } = await start([refusal("safeguards: Extra inputs are not permitted")]);
    const answer = await proxy.post("/v1/messages", asked);
    expect([answer.status, answer.json.error.type]).toEqual([400, "invalid_request_error"]);
    expect(answer.json.error.message).toContain("safeguards");
    expect(upstream.requests.length + second.requests.length).toBe(1);
  });

  it.each(["chat", "responses"] as const)("is told so where the request would go to a provider of %s", async (wire) => {
    const { proxy, upstream } = await alone(answerStream(chatStream(["a"])), wire);
    const answer = await proxy.post("/v1/messages", asked);
    expect([answer.status, answer.json.error.type]).toEqual([400, "invalid_request_error"]);
    expect(answer.json.error.message).toContain("safeguards");
    expect(upstream.requests.length).toBe(0);
    await proxy.post("/v1/messages", asked.replace('[{"type":"dangerous_tool_use"}]', "[]"));
    expect(upstream.requests.length).toBe(1);
  });
});
