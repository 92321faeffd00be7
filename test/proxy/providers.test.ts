import { describe, expect, it } from "vitest";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";
import { eventsOf, launch, messagesRequest, saidIn } from "../support/proxy.ts";
import { serving } from "../support/serving.ts";
import {
  answerJson,
  answerStream,
  answerText,
  chatStream,
  messagesStream,
  pause,
  type Script,
  startUpstream,
} from "../support/upstream.ts";

const open = closedAfterEachTest();
const serve = serving(open);

const says = answerStream(chatStream(["hello"]));
const withKey = (key: string) => (url: string) => providerAt(url, { keys: [key] });

describe("a provider whose plan is not served on the wire that is paid by use", () => {
  const unpaid = answerJson({ error: { code: "1113", message: "Insufficient balance or no resource package. Please recharge." } }, 429);
  const planned = (url: string) =>
    providerAt(url, { speaks: wiresAt(url, "chat", "messages") }, { kind: "cloud", paidByUse: "chat", modelWires: { vision: ["chat"] } });
  const chatRequest = { model: "m", messages: [{ role: "user", content: "hi" }], stream: true };
  const onlyMessages: Script = (request, ...rest) =>
    (request.path === "/v1/messages" ? answerStream(messagesStream(["hello"])) : unpaid)(request, ...rest);

  it("is asked on the other one, and from then on there alone", async () => {
    const { upstream, proxy } = await serve(onlyMessages, { provider: planned });
    for (let count = 0; count < 2; count += 1) expect((await proxy.post("/v1/chat/completions", chatRequest)).status).toBe(200);
    expect(upstream.requests.map(({ path }) => path)).toEqual(["/v1/chat/completions", "/v1/messages", "/v1/messages"]);
  });

  it("is not billed by use where the plan is used up", async () => {
    const { upstream, proxy } = await serve(unpaid, { provider: planned });
    const { status, json } = await proxy.post("/v1/messages", messagesRequest());
    expect([status, json.error.type]).toEqual([402, "billing_error"]);
    expect(upstream.requests.map(({ path }) => path)).toEqual(["/v1/messages"]);
  });

  it("is not asked for a model there that the other wire does not serve", async () => {
    const { upstream, proxy } = await serve(onlyMessages, { provider: planned, target: { model: "vision" } });
    expect((await proxy.post("/v1/chat/completions", chatRequest)).status).toBe(429);
    expect(upstream.requests.map(({ path }) => path)).toEqual(["/v1/chat/completions"]);
  });
});

describe("a base URL that may mean two addresses", () => {
  const provider = (url: string) => providerAt(url, { speaks: wiresAt(url, "chat") });

  it.each([404, 405, 501])("is tried both ways, once, where one answers %i", async (status) => {
    const { upstream, proxy } = await serve(
      (request, response, incoming) =>
        request.path === "/chat/completions"
          ? says(request, response, incoming)
          : answerText("Unsupported method ('POST')", status)(request, response, incoming),
      { provider },
    );
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello");
    expect(upstream.requests.map(({ path }) => path)).toEqual(["/v1/chat/completions", "/chat/completions", "/chat/completions"]);
  });

  it("is asked again without what it refuses with a 501", async () => {
    const refuse = answerJson({ error: { message: "Unsupported parameter: temperature" } }, 501);
    const { upstream, proxy } = await serve(
      (request, ...rest) => {
        const script =
          request.path !== "/v1/chat/completions"
            ? answerText("404 page not found", 404)
            : "temperature" in (request.json as object)
              ? refuse
              : says;
        return script(request, ...rest);
      },
      { provider },
    );
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest({ temperature: 0.5 }))).text)).toBe("hello");
    expect(upstream.requests.map(({ path }) => path)).toEqual(["/v1/chat/completions", "/v1/chat/completions"]);
  });

  it("that means neither says what was tried", async () => {
    const slashed = (url: string) => providerAt(url, { speaks: wiresAt(`${url}/`, "chat") });
    const { upstream, proxy } = await serve(answerText("404 page not found", 404), { provider: slashed });
    const { message } = (await proxy.post("/v1/messages", messagesRequest())).json.error;
    expect(message).not.toMatch(/^model: /);
    expect(message).toContain(`tried ${upstream.url}/v1/chat/completions and ${upstream.url}/chat/completions`);
  });

  it.each([
    ["404 page not found", 500],
    ["default backend - 404", 500],
    ["Not Found", 404],
    ["", 404],
    ["No such file: file_1", 404],
    ["The model `m` does not exist", 404],
  ])("whose server has answered and is gone for a moment (%j): %i", async (said, status) => {
    let asked = 0;
    const { proxy } = await serve(
      (...given) => {
        asked += 1;
        return (asked === 2 ? answerText(said, 404) : says)(...given);
      },
      { provider: (url) => providerAt(url, { speaks: wiresAt(`${url}/v1`, "chat") }) },
    );
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await proxy.post("/v1/messages", messagesRequest())).status);
    expect(statuses).toEqual([200, status, 200]);
  });

  it("is not tried another way for a model that is unknown", async () => {
    const { upstream, proxy } = await serve(answerJson({ error: { message: "model 'm' not found" } }, 404), { provider });
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect([answer.status, answer.json.error.type]).toEqual([404, "not_found_error"]);
    expect(answer.json.error.message).toBe(`model: m (box at ${upstream.url}: model 'm' not found)`);
    expect(upstream.requests.length).toBe(1);
  });
});

describe("a server whose Messages endpoint is not there", () => {
  const provider = (url: string, keys: readonly string[] = []) => {
    const speaks = { messages: { baseUrl: `${url}/api/llm` }, chat: { baseUrl: `${url}/api/llm/v1` } };
    return providerAt(url, { id: "z", speaks, keys }, { speaks });
  };

  it("is asked by its chat wire from then on", async () => {
    const { upstream, proxy } = await serve(
      (request, response, incoming) =>
        (request.path === "/api/llm/v1/chat/completions" ? says : answerText("404 page not found", 404))(request, response, incoming),
      { provider },
    );
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello");
    expect(upstream.requests.map(({ path }) => path)).toEqual([
      "/api/llm/v1/messages",
      "/api/llm/v1/chat/completions",
      "/api/llm/v1/chat/completions",
    ]);
  });

  const has =
    (path: string, answer: Script): Script =>
    (request, ...rest) =>
      (request.path === `/api/llm/v1/${path}` ? answer : answerText("Not Found", 404))(request, ...rest);

  it("because its gateway was still starting is asked by both again", async () => {
    const { upstream, proxy } = await serve(has("chat/completions", answerText("no healthy upstream", 503)), { provider });
    expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(529);
    upstream.script(has("messages", answerStream(messagesStream(["hello"]))));
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello");
  });

  it("until another server takes its place, which has no other", async () => {
    const { upstream, proxy } = await serve(has("chat/completions", says), { provider });
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello");
    upstream.script(has("messages", answerStream(messagesStream(["hello"]))));
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello");
    expect(upstream.requests.slice(2).map(({ path }) => path)).toEqual([
      "/api/llm/v1/chat/completions",
      "/api/llm/v1/messages",
      "/api/llm/v1/messages",
    ]);
  });

  it.each([
    ["a model is unknown", answerJson({ error: { message: "model 'm' not found" } }, 404), 404],
    ["its server is being replaced", answerText("404 page not found", 404), 500],
  ])("is not looked for again because %s", async (_name, script, status) => {
    const { upstream, proxy } = await serve(has("chat/completions", says), { provider });
    await proxy.post("/v1/messages", messagesRequest());
    upstream.script(script);
    for (let count = 0; count < 2; count += 1) expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(status);
    expect(upstream.requests.length).toBe(4);
  });

  // vLLM checks the key of every path under /v1, also of one that it does not have.
  it.each([401, 403, 429])("is asked by its chat wire although it first refused a key there with %i", async (status) => {
    const { proxy } = await serve(
      (request, response, incoming) => {
        if (request.headers.authorization !== "Bearer second") return answerJson({ error: "Refused" }, status)(request, response, incoming);
        return (request.path === "/api/llm/v1/chat/completions" ? says : answerText("Not Found", 404))(request, response, incoming);
      },
      { provider: (url) => provider(url, ["first", "second"]) },
    );
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello");
  });

  it("and that has no other either is told with all addresses that were tried", async () => {
    const { upstream, proxy } = await serve(answerText("404 page not found", 404), { provider });
    for (let count = 0; count < 2; count += 1) {
      const { message } = (await proxy.post("/v1/messages", messagesRequest())).json.error;
      expect(message).toContain(`no such address at provider z (from .fccrc:5); tried ${upstream.url}/api/llm/v1/messages: `);
      expect(message).toContain(`tried ${upstream.url}/api/llm/v1/chat/completions: `);
    }
  });

  it.each([
    ["at an address that a file or a variable names in the place of its own is asked so too", "https://api.example", 200],
    ["at its own address has other reasons for a 404", undefined, 404],
    ["whose region is part of its address, at a gateway instead, is asked so too", "https://region.example", 200, "region"],
    ["whose customers have addresses of their own has other reasons for a 404", "https://customer.example", 404, "customer"],
  ] as const)("of a cloud provider %s", async (_name, own, status, ownAddress?: "region" | "customer") => {
    const speaks = (base: string) => ({ messages: { baseUrl: base }, chat: { baseUrl: `${base}/v1` } });
    const row = (url: string) => ({ kind: "cloud", speaks: speaks(own ?? url), ...(ownAddress && { ownAddress }) }) as const;
    const cloud = (url: string) => providerAt(url, { speaks: speaks(url) }, row(url));
    const { proxy } = await serve(
      (request, response, incoming) =>
        (request.path === "/v1/chat/completions" ? says : answerText("Not Found", 404))(request, response, incoming),
      { provider: cloud },
    );
    expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(status);
  });

  it("is not left for a model that is unknown there", async () => {
    const { upstream, proxy } = await serve(answerJson({ error: { message: "model 'm' not found" } }, 404), { provider });
    expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(404);
    expect(upstream.requests.length).toBe(1);
  });
});

describe("a provider that is down", () => {
  it("is named with its address, where that was written, and what to do", async () => {
    const { upstream, proxy } = await serve(says);
    await upstream.close();
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(answer.status).toBe(529);
    expect(answer.json.error.message).toMatch(
      new RegExp(
        `^nothing answers at ${upstream.url} \\(provider box, from \\.fccrc:5\\): connection refused after 0\\.\\d s\\. Start it with \`boxd\``,
      ),
    );
  });
});

describe("a boundary", () => {
  it("refuses a target in flight as a policy, which the client does not try again", async () => {
    const { upstream, proxy } = await serve(says, { profile: { boundary: [["10.0.0.0/8"]] } });
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect([answer.status, answer.json.error.type, answer.headers["x-should-retry"]]).toEqual([400, "policy_blocked", "false"]);
    expect(answer.json.error.message).toContain("outside the boundary (10.0.0.0/8)");
    expect(upstream.requests.length).toBe(0);
  });

  it("that keeps requests on this machine refuses what a server here hands on, also where only the request names it", async () => {
    const forwarding = (when: "always" | "cloud-models") => (url: string) => providerAt(url, {}, { forwards: { when } });
    for (const [when, model, served] of [
      ["always", "main", false],
      ["always", "box/other", false],
      ["cloud-models", "box/kimi-k2:cloud", false],
      ["cloud-models", "box/qwen3:8b", true],
    ] as const) {
      const { upstream, proxy } = await serve(says, { provider: forwarding(when), profile: { boundary: ["local"] } });
      for (const path of ["/v1/messages", "/v1/messages/count_tokens"]) await proxy.post(path, { ...messagesRequest(), model });
      expect(upstream.requests.length > 0, model).toBe(served);
    }
  });
});

describe("a key that is refused", () => {
  it.each([401, 403])("is told a program by the status that its provider gives: %i", async (status) => {
    const { proxy } = await serve(answerJson({ error: { message: "Invalid API key" } }, status), { provider: withKey("k") });
    const sdk = { "x-stainless-lang": "js" };
    const type = status === 401 ? "authentication_error" : "permission_error";
    for (const [path, body] of [
      ["/v1/messages", messagesRequest()],
      ["/v1/chat/completions", { model: "m", messages: [{ role: "user", content: "hi" }] }],
      ["/v1/responses", { model: "m", input: "hi" }],
    ] as const) {
      const answer = await proxy.post(path, body, sdk);
      expect([answer.status, answer.json.error.type]).toEqual([status, type]);
    }
  });
});

describe("a key that a command gives", () => {
  it.each([
    [401, { error: { message: "expired" } }],
    [403, { error_code: "403", message: "Invalid Token" }],
    [403, { Message: "Bearer Token has expired" }],
  ])("is fetched anew when it is refused with %i, %j, and the request goes on", async (status, refusal) => {
    const script: Script = (request, response, incoming) =>
      request.headers.authorization === "Bearer fresh-key"
        ? says(request, response, incoming)
        : answerJson(refusal, status)(request, response, incoming);
    let asked = 0;
    const renewSecrets = async () => {
      asked += 1;
      return { keys: ["fresh-key"], headers: {} };
    };
    const { upstream, proxy } = await serve(script, { provider: withKey("stale-key"), renewSecrets });
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello");
    expect(asked).toBe(1);
    expect(upstream.requests.length).toBe(3);
  });

  it("is what a request goes on with that was under way while another fetched it", async () => {
    const script: Script = async (request, response, incoming) => {
      if (request.text.includes("slow")) await pause(150);
      if (request.headers.authorization === "Bearer fresh-key") return says(request, response, incoming);
      return answerJson({ error: { message: "expired" } }, 401)(request, response, incoming);
    };
    const renewSecrets = async () => ({ keys: ["fresh-key"], headers: {} });
    const { proxy } = await serve(script, { provider: withKey("stale-key"), renewSecrets });
    const slow = messagesRequest({ messages: [{ role: "user", content: "slow" }] });
    const answers = await Promise.all([proxy.post("/v1/messages", slow), proxy.post("/v1/messages", messagesRequest())]);
    expect(answers.map(({ text }) => saidIn(text))).toEqual(["hello", "hello"]);
  });

  it("is fetched once for requests that are refused at the same time", async () => {
    let asked = 0;
    const renewSecrets = async () => {
      asked += 1;
      await pause(150);
      return { keys: ["fresh-key"], headers: {} };
    };
    const { proxy } = await serve(
      (request, response, incoming) =>
        request.headers.authorization === "Bearer fresh-key"
          ? says(request, response, incoming)
          : answerJson({ error: { message: "expired" } }, 401)(request, response, incoming),
      { provider: withKey("stale-key"), renewSecrets },
    );
    const answers = await Promise.all([1, 2, 3].map(() => proxy.post("/v1/messages", messagesRequest())));
    expect(answers.map(({ text }) => saidIn(text))).toEqual(["hello", "hello", "hello"]);
    expect(asked).toBe(1);
  });

  it.each([
    ["the same", () => "a-key"],
    ["another each time", (count: number) => `key-${count}`],
  ])("is not fetched with each request for a 403 that it does not change: %s", async (_what, keyOf) => {
    let asked = 0;
    const renewSecrets = async () => {
      asked += 1;
      return { keys: [keyOf(asked)], headers: {} };
    };
    const { proxy } = await serve(answerJson({ error: { message: "model m is not enabled for your project" } }, 403), {
      provider: withKey("a-key"),
      renewSecrets,
    });
    for (let count = 0; count < 3; count += 1)
      expect((await proxy.post("/v1/messages", messagesRequest())).text).toContain("is not enabled for your project");
    expect(asked).toBe(1);
  });

  it("is fetched for a provider that only the request names, and for none before", async () => {
    const script: Script = (request, response, incoming) =>
      request.headers.authorization === "Bearer its-key"
        ? says(request, response, incoming)
        : answerJson({ error: { message: "no key" } }, 401)(request, response, incoming);
    const upstream = await startUpstream(script);
    const profile = profileOf([targetOf(providerAt("http://127.0.0.1:9"))]);
    const other = providerAt(upstream.url, { id: "other", keys: [] });
    const renewSecrets = async () => ({ keys: ["its-key"], headers: {} });
    const proxy = await launch({ ...profile, providers: { ...profile.providers, other } }, { renewSecrets });
    open.push(proxy, upstream);
    const request = messagesRequest({ model: "other/m" });
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", request)).text)).toBe("hello");
    expect(upstream.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, "Bearer its-key", "Bearer its-key"]);
  });

  it("may be a header, of a provider without a key", async () => {
    const script: Script = (request, response, incoming) =>
      request.headers["x-gateway-token"] === "fresh-token"
        ? says(request, response, incoming)
        : answerJson({ error: { message: `the token ${request.headers["x-gateway-token"]} has expired` } }, 401)(
            request,
            response,
            incoming,
          );
    const provider = (url: string) => providerAt(url, { keys: [], headers: { "x-gateway-token": "stale-token" } });
    const renewSecrets = async () => ({ keys: [], headers: { "x-gateway-token": "fresh-token" } });
    const { upstream, proxy } = await serve(script, { provider, renewSecrets });
    for (let count = 0; count < 2; count += 1) expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello");
    expect(upstream.requests.length).toBe(3);
    const without = await serve(script, { provider });
    const told = (await without.proxy.post("/v1/messages", messagesRequest())).text;
    expect(told).toContain("has expired");
    expect(told).not.toContain("stale-token");
  });

  it("goes out alone, however its name was written", async () => {
    const script: Script = (request, response, incoming) =>
      request.headers["x-tenant"] === "new" ? says(request, response, incoming) : answerJson({}, 401)(request, response, incoming);
    const provider = (url: string) => providerAt(url, { keys: [], headers: { "X-Tenant": "old" } });
    const renewSecrets = async () => ({ keys: [], headers: { "X-Tenant": "new" } });
    const { upstream, proxy } = await serve(script, { provider, renewSecrets });
    expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("hello");
    expect(upstream.requests.map(({ headers }) => headers["x-tenant"])).toEqual(["old", "new"]);
  });

  it("and that cannot be fetched anew is told with the reason", async () => {
    const fault = "no key for box: the command aws ended with 255: Your SSO session has expired (.fccrc:6).";
    const { upstream, proxy } = await serve(answerJson({ error: { message: "expired" } }, 401), {
      provider: withKey("stale-key"),
      renewSecrets: async () => ({ fault }),
    });
    const { message } = (await proxy.post("/v1/messages", messagesRequest())).json.error;
    expect(message).toBe(`box at ${upstream.url} refused the key: expired; it could not be fetched anew: ${fault}`);
    expect(upstream.requests.length).toBe(1);
  });

  it.each([
    [
      "no key for box: the command op ended with 1: signed out (.fccrc:6).",
      (fault: string) => `no key given; it could not be fetched anew: ${fault}`,
    ],
    ["no key for box. Set BOX_KEY, or run `fcc keys set box`.", () => "no key given. Set BOX_KEY, or run `fcc keys set box`."],
  ])("that a request needs for the first time is told with what is wrong: %s", async (fault, ending) => {
    const { upstream, proxy } = await serve(answerJson({ error: { message: "no key given" } }, 401), {
      provider: (url) => providerAt(url, { keys: [] }, { key: { env: ["BOX_KEY"] } }),
      renewSecrets: async () => ({ fault }),
    });
    const { message } = (await proxy.post("/v1/messages", messagesRequest())).json.error;
    expect(message).toBe(`box at ${upstream.url} wants a key and there is none. It said: ${ending(fault)}`);
  });

  it("is no answer to a client that went away while it was fetched", async () => {
    let fetched = () => {};
    const renewSecrets = async () => {
      proxy.abandon();
      await new Promise<void>((resolve) => {
        fetched = resolve;
      });
      return { keys: ["stale-key"], headers: {} };
    };
    const { proxy } = await serve(answerJson({ error: { message: "expired" } }, 401), { provider: withKey("stale-key"), renewSecrets });
    await expect(proxy.post("/v1/messages", messagesRequest())).rejects.toThrow();
    await pause(50);
    fetched();
    expect(await proxy.fact("gone")).toBeDefined();
    expect(proxy.facts.map(({ type }) => type)).toEqual(["request", "attempt", "failed", "gone"]);
  });

  it("is not asked for again and again when the new one is refused too", async () => {
    const { upstream, proxy } = await serve(answerJson({ error: { message: "expired" } }, 401), {
      provider: withKey("stale-key"),
      renewSecrets: async () => ({ keys: ["stale-key"], headers: {} }),
    });
    expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(401);
    expect(upstream.requests.length).toBe(1);
  });
});

describe("what a provider knows us by", () => {
  it("is taken out of the words that it says beside its message, and breaks no number there", async () => {
    const details = { error_code: "of 123456", account: 123456, of: ["123456"], "123456": true };
    const error = { type: "invalid_request_error", message: "123456 may not", details };
    const { proxy } = await serve(answerJson({ type: "error", error }, 400), {
      provider: (url) => providerAt(url, { speaks: wiresAt(url, "messages"), headers: { "x-account": "123456" } }),
    });
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect(answer.status).toBe(400);
    expect(answer.json.error).toMatchObject({
      message: expect.stringContaining("[redacted] may not"),
      details: { error_code: "of [redacted]", account: 123456, of: ["[redacted]"], "[redacted]": true },
    });
  });
});

describe("the other clients' wires", () => {
  it("Responses over chat: a stream with one ending, and failures in its own words", async () => {
    const { upstream, proxy } = await serve(says);
    const answer = await proxy.post("/v1/responses", { model: "main:m", input: "hi", stream: true });
    const events = eventsOf(answer.text).map(({ data }) => data);
    expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { output: [{ content: [{ text: "hello" }] }] } });
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
    upstream.script(answerJson({ error: { message: "no" } }, 400));
    const failed = await proxy.post("/v1/responses", { model: "main:m", input: "hi", stream: true });
    expect([failed.status, failed.json.error.message]).toEqual([400, `box at ${upstream.url}: no`]);
    const wrong = await proxy.post("/v1/responses", { model: "nowhere/m", input: "hi" });
    expect([wrong.status, wrong.json.error.code]).toEqual([404, "model_not_found"]);
  });

  it("Chat over Messages: streamed and whole", async () => {
    const speaks = (url: string) => ({ speaks: wiresAt(url, "messages") });
    const { proxy } = await serve(
      answerJson({
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "m",
        content: [{ type: "text", text: "whole" }],
        stop_reason: "end_turn",
        usage: { input_tokens: 3, output_tokens: 1 },
      }),
      { provider: (url) => providerAt(url, speaks(url), speaks(url)) },
    );
    const whole = await proxy.post("/v1/chat/completions", { model: "x", messages: [{ role: "user", content: "hi" }] });
    expect(whole.json.choices[0].message.content).toBe("whole");
    const streamed = await proxy.post("/v1/chat/completions", { model: "x", messages: [{ role: "user", content: "hi" }], stream: true });
    expect(streamed.text).toContain('"whole"');
    expect(streamed.text.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  it("a silent reply is kept alive in a form that Codex counts: an event, not a comment", async () => {
    const late: Script = async (request, response, incoming) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await says(request, response, incoming);
    };
    const { proxy } = await serve(late, { profile: { keepAliveAfter: 50 } });
    const answer = await proxy.post("/v1/responses", { model: "main:m", input: "hi", stream: true });
    expect(answer.text.startsWith("event:") || answer.text.startsWith("data:")).toBe(true);
    expect(eventsOf(answer.text).at(-1)?.data.type).toBe("response.completed");
  });
});

describe("a body that the wire refuses", () => {
  it("is a 400 of the client's own, and nothing is sent", async () => {
    const { upstream, proxy } = await serve(says);
    for (const body of [{}, [], "text", 5, null, { model: 5 }, { model: "x" }, { model: "x", messages: "no", max_tokens: 5 }]) {
      const answer = await proxy.post("/v1/messages", JSON.stringify(body));
      expect(answer.status).toBe(400);
      expect(answer.json.error.type).toBe("invalid_request_error");
    }
    expect(upstream.requests.length).toBe(0);
  });
});
