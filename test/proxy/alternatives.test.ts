import { describe, expect, it } from "vitest";
import type { Target } from "../../src/route/target.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";
import { eventsOf, type Launch, launch, messagesRequest, saidIn } from "../support/proxy.ts";
import {
  answerJson,
  answerStream,
  chatStream,
  cutAfter,
  messagesStream,
  pause,
  type Script,
  silence,
  startUpstream,
  type Upstream,
} from "../support/upstream.ts";

const open = closedAfterEachTest();

const fails = (status: number, message = "because", headers: Record<string, string> = {}): Script =>
  answerJson({ error: { message } }, status, headers);
const later =
  (milliseconds: number, script: Script): Script =>
  async (request, response, incoming) => {
    await pause(milliseconds);
    await script(request, response, incoming);
  };
const says = (text: string) => answerStream(chatStream([text]));

/** Providers "one", "two", ... in order of preference. */
async function start(
  scripts: readonly Script[],
  over: { profile?: Parameters<typeof profileOf>[1]; target?: (index: number) => Partial<Target>; keys?: readonly string[] } = {},
) {
  const names = ["one", "two", "three"];
  const upstreams: Upstream[] = [];
  for (const script of scripts) upstreams.push(await startUpstream(script));
  const targets = upstreams.map((upstream, index) =>
    targetOf(providerAt(upstream.url, { id: names[index] ?? "", keys: over.keys ?? [] }), "m", over.target?.(index)),
  );
  const proxy: Launch = await launch(profileOf(targets as [Target, ...Target[]], over.profile));
  open.push(proxy, ...upstreams);
  const counts = () => upstreams.map((upstream) => upstream.requests.length);
  return { proxy, upstreams, counts };
}

it("keeps a field for the wire that takes it, where the same server refused it on its other wire", async () => {
  const response = { id: "resp_1", object: "response", status: "completed", output: [], usage: null };
  const upstream = await startUpstream((request, ...rest) => {
    if (request.path === "/v1/responses") return answerJson(response)(request, ...rest);
    const refusal = { error: { message: "Extra inputs are not permitted, field: 'store'", param: "store" } };
    return (request.text.includes('"store"') ? answerJson(refusal, 400) : says("x"))(request, ...rest);
  });
  const speaks = wiresAt(`${upstream.url}/v1`, "chat", "responses");
  const proxy = await launch(profileOf([targetOf(providerAt(upstream.url, { speaks }))]));
  open.push(proxy, upstream);
  const chat = { model: "m", stream: true, store: true, messages: [{ role: "user", content: "hi" }] };
  expect((await proxy.post("/v1/chat/completions", chat)).status).toBe(200);
  const asked = { model: "m", store: true, input: "hi" };
  expect((await proxy.post("/v1/responses", asked)).status).toBe(200);
  expect(upstream.requests.at(-1)?.text).toBe(JSON.stringify(asked));
  expect((await proxy.post("/v1/chat/completions", chat)).status).toBe(200);
  expect(upstream.requests.map(({ path }) => path.slice(4))).toEqual([
    "chat/completions",
    "chat/completions",
    "responses",
    "chat/completions",
  ]);
});

describe("another target", () => {
  it.each([
    ["500", fails(500)],
    ["503", fails(503)],
    ["429", fails(429)],
    ["402", fails(402)],
    ["an unknown model", fails(404, "model m not found")],
    ["a connection that closes", (_request, response) => void response.socket?.destroy()],
    ["a stream that is cut before its first word", cutAfter([": hello\n\n"])],
    ["an empty reply", answerStream([])],
  ] as [string, Script][])("answers after %s", async (_name, script) => {
    const { proxy, counts } = await start([script, says("second")]);
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(saidIn(answer.text)).toBe("second");
    expect(counts()).toEqual([1, 1]);
    expect(proxy.facts.map(({ type }) => type)).toEqual([
      "request",
      "attempt",
      "failed",
      "alternative",
      "attempt",
      "first-token",
      "answered",
    ]);
  });

  it("answers where a provider is down", async () => {
    const { proxy, upstreams } = await start([silence, says("second")]);
    await upstreams[0]?.close();
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("second");
    open.splice(open.indexOf(upstreams[0] as Upstream), 1);
  });

  it.each([
    ["400", fails(400, "messages: wrong")],
    ["a filter", fails(400, "blocked by content policy")],
  ])("is not tried after %s: it would say the same", async (_name, script) => {
    const { proxy, counts } = await start([script, says("second")]);
    expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(400);
    expect(counts()).toEqual([1, 0]);
  });

  it("is not tried once the reply has started", async () => {
    const { proxy, counts } = await start([cutAfter(chatStream(["half"]).slice(0, 2)), says("second")]);
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(saidIn(answer.text)).toBe("half");
    expect(eventsOf(answer.text).at(-1)?.name).toBe("error");
    expect(counts()).toEqual([1, 0]);
  });

  it("is tried for a reply that is not streamed, since nothing of it was written", async () => {
    const { proxy } = await start([cutAfter(chatStream(["half"]).slice(0, 2)), says("second")]);
    const answer = await proxy.post("/v1/messages", messagesRequest({ stream: false }));
    expect(answer.json.content).toEqual([{ type: "text", text: "second" }]);
  });

  it("with a larger window takes a prompt that is too long for the first, which is not even asked", async () => {
    const { proxy, counts } = await start([says("first"), says("second")], {
      target: (index) => ({ context: index === 0 ? 1000 : 100_000 }),
    });
    const long = messagesRequest({ messages: [{ role: "user", content: "word ".repeat(4000) }] });
    expect(saidIn((await proxy.post("/v1/messages", long)).text)).toBe("second");
    expect(counts()).toEqual([0, 1]);
  });

  it("none holds it: the client is told in the words for which it compacts", async () => {
    const { proxy, counts } = await start([says("first"), says("second")], { target: () => ({ context: 1000 }) });
    const long = messagesRequest({ messages: [{ role: "user", content: "word ".repeat(4000) }] });
    const answer = await proxy.post("/v1/messages", long);
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toMatch(/^prompt is too long: \d+ tokens > 1000 maximum$/);
    expect(counts()).toEqual([0, 0]);
  });

  it("is not tried for a model that the client named exactly", async () => {
    const { proxy, counts } = await start([fails(500), says("second")]);
    expect((await proxy.post("/v1/messages", messagesRequest({ model: "one/m" }))).status).toBe(500);
    expect(counts()).toEqual([1, 0]);
  });

  it.each([
    ["a reply that the first keeps", "responses", "/v1/responses", { input: "and?", previous_response_id: "resp_1" }],
    ["several replies", "chat", "/v1/chat/completions", { n: 2, messages: [{ role: "user", content: "hi" }] }],
    ["one in sound", "chat", "/v1/chat/completions", { modalities: ["text", "audio"], messages: [{ role: "user", content: "hi" }] }],
  ] as const)("that cannot be asked for %s: the first one's failure is told, and it is asked again", async (_name, wire, path, body) => {
    const [first, second] = [await startUpstream(fails(503, "busy")), await startUpstream(says("second"))];
    const speaks = wiresAt(`${first.url}/v1`, wire);
    const targets = [
      targetOf(providerAt(first.url, { id: "one", speaks })),
      targetOf(providerAt(second.url, { id: "two", speaks: wiresAt(second.url, "messages") })),
    ] as const;
    const proxy = await launch(profileOf(targets));
    open.push(proxy, first, second);
    // The second time it cools down still.
    for (const asked of [1, 2]) {
      const answer = await proxy.post(path, { model: "m", ...body });
      expect([answer.status, first.requests.length, second.requests.length]).toEqual([503, asked, 0]);
      expect(answer.json.error.message).toContain("busy");
    }
  });

  it.each([
    ["is no JSON", '{"model": "m", "messages": [{"role": "user", "content": "a\tb"}]}', "JSON"],
    ["is malformed", '{"model": "m", "messages": [{"role": "nobody"}]}', "messages[0].role"],
  ])("tells of a request that %s, however busy the first one is", async (_name, body, told) => {
    const [first, second] = [await startUpstream(fails(503, "busy")), await startUpstream(says("second"))];
    const targets = [
      targetOf(providerAt(first.url, { id: "one" })),
      targetOf(providerAt(second.url, { id: "two", speaks: wiresAt(second.url, "messages") })),
    ] as const;
    const proxy = await launch(profileOf(targets));
    open.push(proxy, first, second);
    for (let count = 0; count < 2; count += 1) {
      const answer = await proxy.post("/v1/chat/completions", body);
      expect([answer.status, first.requests.length, second.requests.length]).toEqual([400, 1, 0]);
      expect(answer.json.error.message).toContain(told);
    }
  });

  it("is not asked in place of one that does not keep a reply", async () => {
    const [first, second] = [
      await startUpstream(fails(404, "Response with id 'resp_1' not found.")),
      await startUpstream(answerStream(chatStream(["second"]))),
    ];
    const speaks = wiresAt(`${first.url}/v1`, "responses");
    const proxy = await launch(profileOf([targetOf(providerAt(first.url, { id: "one", speaks })), targetOf(providerAt(second.url))]));
    open.push(proxy, first, second);
    const answer = await proxy.post("/v1/responses", { model: "m", input: "and?", previous_response_id: "resp_1" });
    expect(answer.json.error).toMatchObject({ param: "previous_response_id", code: "previous_response_not_found" });
    await proxy.post("/v1/responses", { model: "m", input: "hi" });
    expect([first.requests.length, second.requests.length]).toEqual([2, 0]);
  });

  it("is walked to once, however often the client tries again", async () => {
    const { proxy, counts } = await start([fails(503), fails(503), fails(503)]);
    for (let count = 0; count < 6; count += 1) expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(529);
    const total = counts().reduce((sum, count) => sum + count, 0);
    expect(total).toBe(3 + 5);
  });
});

describe("less output, where the money that is left pays for no more", () => {
  const poor = (left: number): Script =>
    fails(402, `This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford ${left}.`);

  it.each([
    ["chat", { max_tokens: 1234 }],
    ["messages", { max_tokens: 1234, thinking: { type: "enabled", budget_tokens: 1110 } }],
  ] as const)("is asked for once, on %s", async (wire, asked) => {
    const upstream = await startUpstream(poor(1234), wire === "chat" ? says("short") : answerStream(messagesStream(["short"])));
    const speaks = { [wire]: { baseUrl: wire === "chat" ? `${upstream.url}/v1` : upstream.url } };
    const proxy = await launch(profileOf([targetOf(providerAt(upstream.url, { speaks }))]));
    open.push(proxy, upstream);
    const thinking = { type: "enabled", budget_tokens: 2000 };
    const answer = await proxy.post("/v1/messages", messagesRequest({ max_tokens: 65_536, thinking }));
    expect(saidIn(answer.text)).toBe("short");
    expect(upstream.requests.map(({ text }) => JSON.parse(text).max_tokens)).toEqual([65_536, 1234]);
    expect(upstream.requests[1]?.json).toMatchObject(asked);
  });

  it("is asked for by a client that said nothing of it", async () => {
    const { proxy, upstreams } = await start([says("short")]);
    upstreams[0]?.script(poor(1234), says("short"));
    await proxy.post("/v1/responses", { model: "fcc", input: "hello", stream: true });
    expect(upstreams[0]?.requests.map(({ text }) => JSON.parse(text).max_tokens)).toEqual([undefined, 1234]);
  });

  it("is not where another key or target answers, or hardly anything is left", async () => {
    const { proxy, counts } = await start([poor(1234), says("second")]);
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("second");
    expect(counts()).toEqual([1, 1]);
    for (const [left, count] of [
      [999, 1],
      [1234, 2],
    ] as const) {
      const alone = await start([poor(left)]);
      expect((await alone.proxy.post("/v1/messages", messagesRequest())).status).toBe(402);
      expect(alone.counts()).toEqual([count]);
    }
  });
});

describe("a target that asked to be left alone for a minute", () => {
  it.each([
    ["is answered", says("late")],
    ["is refused for less", fails(429, "slow", { "retry-after": "0.01" })],
  ])("is, where a request that it had before %s meanwhile", async (_name, late) => {
    const { proxy, upstreams, counts } = await start([silence, says("second")]);
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    upstreams[0]?.script(async (...exchange) => held.then(() => late(...exchange)), fails(429, "slow", { "retry-after": "60" }));
    const before = proxy.post("/v1/messages", messagesRequest());
    await upstreams[0]?.request(1);
    await proxy.post("/v1/messages", messagesRequest());
    go();
    await before;
    await pause(20);
    const asked = counts()[0];
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("second");
    expect(counts()[0]).toBe(asked);
  });
});

describe("another key", () => {
  it("is tried after 429, and the first is left alone for as long as was asked", async () => {
    const script: Script = (request, response, incoming) =>
      request.headers.authorization === "Bearer key-number-one"
        ? fails(429, "slow", { "retry-after": "60" })(request, response, incoming)
        : says("ok")(request, response, incoming);
    const { proxy, upstreams } = await start([script], { keys: ["key-number-one", "key-number-two"] });
    for (let count = 0; count < 3; count += 1) expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("ok");
    expect(upstreams[0]?.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer key-number-one",
      "Bearer key-number-two",
      "Bearer key-number-two",
      "Bearer key-number-two",
    ]);
  });

  it.each([
    ["", { "retry-after": "9" }],
    [" until a date by the server's clock", { date: "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sun, 06 Nov 1994 08:49:46 GMT" }],
  ])("is not tried when there is none: the client hears 429 and waits%s", async (_until, headers) => {
    const { proxy, counts } = await start([fails(429, "slow", headers)], { keys: ["key-number-one"] });
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect([answer.status, answer.headers["retry-after"]]).toEqual([429, "9"]);
    expect(counts()).toEqual([1]);
  });
});

describe("the same request without what was refused", () => {
  const refuses =
    (field: string, message: string): Script =>
    (request, response, incoming) =>
      field in (request.json as object) ? fails(400, message)(request, response, incoming) : says("ok")(request, response, incoming);

  it.each([
    ["temperature", "Unsupported parameter: 'temperature' is not supported with this model."],
    ["top_p", "Unsupported value: 'top_p' does not support 0.5 with this model."],
    ["stream_options", "Unrecognized request argument supplied: stream_options"],
  ])("%s is left out, and from then on", async (field, message) => {
    const { proxy, upstreams, counts } = await start([refuses(field, message)]);
    const request = messagesRequest({ temperature: 0.5, top_p: 0.5 });
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", request)).text)).toBe("ok");
    expect(counts()).toEqual([3]);
    expect(upstreams[0]?.requests.map(({ json }) => field in (json as object))).toEqual([true, false, false]);
  });

  it.each([400, 404])("turns are merged for a template that wants them to alternate, where its server says so with %d", async (status) => {
    const script: Script = (request, response, incoming) => {
      const { messages } = request.json as { messages: { role: string }[] };
      const isRefused = messages.some(({ role }, at) => role === messages[at - 1]?.role);
      const answer = isRefused ? fails(status, "Conversation roles must alternate user/assistant/user/assistant/...") : says("ok");
      return answer(request, response, incoming);
    };
    const { proxy, counts } = await start([script]);
    const request = messagesRequest({ messages: ["a", "b"].map((content) => ({ role: "user", content })) });
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", request)).text)).toBe("ok");
    expect(counts()).toEqual([3]);
  });

  it("an output limit is lowered to the most that was named", async () => {
    const script: Script = (request, response, incoming) => {
      const { max_tokens: most } = request.json as { max_tokens: number };
      const message = `max_tokens is too large: ${most}. This model supports at most 4096 completion tokens, whereas you provided ${most}.`;
      return most > 4096 ? fails(400, message)(request, response, incoming) : says("ok")(request, response, incoming);
    };
    const { proxy, upstreams } = await start([script]);
    for (let count = 0; count < 2; count += 1)
      expect(saidIn((await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }))).text)).toBe("ok");
    expect(upstreams[0]?.requests.map(({ json }) => (json as { max_tokens: number }).max_tokens)).toEqual([32_000, 4096, 4096]);
  });

  const orNone = "To use function tools, use /v1/responses or set reasoning_effort to 'none'.";
  it.each([
    ["/v1/messages", orNone, { thinking: { type: "adaptive" }, output_config: { effort: "high" } }, 3],
    ["/v1/messages", orNone, {}, 3],
    ["/v1/chat/completions", orNone, {}, 3],
    ["/v1/messages", "Please use /v1/responses instead.", {}, 4],
  ])(
    "thinking is switched off beside tools where the model's chat endpoint takes them only then, on %s: %s %j",
    async (path, instead, asking, most) => {
      const refusing: Script = (request, response, incoming) => {
        const { tools, reasoning_effort: effort } = request.json as Record<string, unknown>;
        const message = `Function tools with reasoning_effort are not supported for gpt-6-sol in /v1/chat/completions. ${instead}`;
        const answer = tools !== undefined && effort !== "none" ? fails(400, message) : says("ok");
        return answer(request, response, incoming);
      };
      const { proxy, upstreams } = await start([refusing]);
      const ofMessages = path === "/v1/messages";
      const parameters = { type: "object", properties: {} };
      const tool = ofMessages ? { name: "Read", input_schema: parameters } : { type: "function", function: { name: "Read", parameters } };
      const request = { ...messagesRequest(asking), stream: ofMessages };
      for (let count = 0; count < 2; count += 1) expect((await proxy.post(path, { ...request, tools: [tool] })).text).toContain("ok");
      expect(upstreams[0]?.requests).toHaveLength(most);
      expect(upstreams[0]?.requests.at(-1)?.json).toMatchObject({ reasoning_effort: "none" });
      await proxy.post(path, request);
      expect(upstreams[0]?.requests.at(-1)?.json).not.toHaveProperty("reasoning_effort");
    },
  );

  it("is not sent for ever to a server that refuses everything", async () => {
    const { proxy, counts } = await start([fails(400, "Unsupported parameter: 'temperature' is not supported with this model.")]);
    expect((await proxy.post("/v1/messages", messagesRequest({ temperature: 1 }))).status).toBe(400);
    expect(counts()[0]).toBeLessThan(4);
  });
});

describe("an output limit", () => {
  it("is lowered beforehand to what fits beside the prompt", async () => {
    const { proxy, upstreams } = await start([says("ok")], { target: () => ({ context: 16_000 }) });
    await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }));
    const { max_tokens: sent } = (upstreams[0]?.requests[0]?.json ?? {}) as { max_tokens?: number };
    expect(sent).toBeLessThan(16_000);
    expect(sent).toBeGreaterThan(15_000);
  });
});

describe("silence", () => {
  const quiet = { profile: { keepAliveAfter: 20 } };

  it("nothing is sent while a failure could still have a status", async () => {
    const { proxy } = await start([later(20, fails(500))], { profile: { keepAliveAfter: 5_000 } });
    expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(500);
  });

  it("is broken by pings, and the reply follows", async () => {
    const { proxy } = await start([later(250, says("late"))], quiet);
    const answer = await proxy.post("/v1/messages", messagesRequest());
    const names = eventsOf(answer.text).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(["ping", "ping", "ping"]);
    expect(names.filter((name) => name === "message_start").length).toBe(1);
    expect(saidIn(answer.text)).toBe("late");
  });

  it("is broken inside a reply too", async () => {
    const { proxy } = await start(
      [
        async (_request, response) => {
          const [first = "", second = "", ...rest] = chatStream(["a", "b"]);
          response.writeHead(200, { "content-type": "text/event-stream" }).write(first + second);
          await pause(200);
          response.end(rest.join(""));
        },
      ],
      quiet,
    );
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(eventsOf(answer.text).filter(({ name }) => name === "ping").length).toBeGreaterThanOrEqual(2);
    expect(saidIn(answer.text)).toBe("ab");
  });

  it("does not close the way to another target", async () => {
    const { proxy } = await start([later(150, fails(503)), says("second")], quiet);
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(eventsOf(answer.text)[0]?.name).toBe("ping");
    expect(saidIn(answer.text)).toBe("second");
  });

  it("then a failure that passes is told in band as overloaded", async () => {
    const { proxy } = await start([later(150, fails(500))], quiet);
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(answer.status).toBe(200);
    expect(eventsOf(answer.text).at(-1)).toMatchObject({ name: "error", data: { error: { type: "overloaded_error" } } });
  });

  it("then a failure that stays is told in band, and the retry without stream gets its true status at once", async () => {
    const { proxy, counts } = await start([later(150, fails(400, "no such thing"))], quiet);
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(eventsOf(answer.text).at(-1)).toMatchObject({ name: "error", data: { error: { type: "invalid_request_error" } } });
    const again = await proxy.post("/v1/messages", messagesRequest({ stream: false, max_tokens: 64_000 }));
    expect(again.status).toBe(400);
    expect(again.json.error.message).toContain("no such thing");
    expect(counts()).toEqual([1]);
    await proxy.post("/v1/messages", messagesRequest({ stream: false, messages: [{ role: "user", content: "other" }] }));
    expect(counts()).toEqual([2]);
  });

  it("of a reply that is not streamed is white space before the JSON", async () => {
    const { proxy } = await start([later(200, says("late"))], quiet);
    const answer = await proxy.post("/v1/messages", messagesRequest({ stream: false }));
    expect(answer.text).toMatch(/^ {2,}\{/);
    expect(answer.json.content).toEqual([{ type: "text", text: "late" }]);
  });

  it("of such a reply breaks off for a program, whose SDK asks again and is told the failure by its status", async () => {
    const { proxy, counts } = await start([later(150, fails(400, "no such thing"))], quiet);
    const sdk = { "x-stainless-lang": "python" };
    const whole = messagesRequest({ stream: false });
    expect((await proxy.post("/v1/messages", whole, sdk)).cut).toBe(true);
    const again = await proxy.post("/v1/messages", whole, sdk);
    expect([again.status, again.json.error.message]).toEqual([400, expect.stringContaining("no such thing")]);
    expect(counts()).toEqual([1]);
    const agent = await proxy.post("/v1/messages", messagesRequest({ stream: false, messages: [{ role: "user", content: "other" }] }));
    expect([agent.status, agent.cut, agent.json.error.message]).toEqual([200, false, expect.stringContaining("no such thing")]);
  });
});
