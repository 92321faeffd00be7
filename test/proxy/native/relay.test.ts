import { brotliCompressSync, constants, createGzip, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { rows } from "../../../src/providers/index.ts";
import type { Provider } from "../../../src/route/target.ts";
import { closedAfterEachTest } from "../../support/closing.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../../support/provider.ts";
import { agent, eventsOf, type Launch, launch, messagesRequest, saidIn } from "../../support/proxy.ts";
import {
  answerJson,
  answerStream,
  answerText,
  chatStream,
  messagesStream,
  pause,
  type Script,
  silence,
  startUpstream,
  type Upstream,
} from "../../support/upstream.ts";

const open = closedAfterEachTest();

async function start(
  script: Script,
  over: Partial<Provider> = {},
  profile: Parameters<typeof profileOf>[1] = {},
): Promise<{ upstream: Upstream; proxy: Launch }> {
  const upstream = await startUpstream(script);
  const speaks = { messages: { baseUrl: upstream.url }, chat: { baseUrl: upstream.url }, responses: { baseUrl: `${upstream.url}/v1/` } };
  const proxy = await launch(profileOf([targetOf(providerAt(upstream.url, { speaks, ...over }), "the/real model")], profile));
  open.push(proxy, upstream);
  return { upstream, proxy };
}

const stream = messagesStream(["hello ", "wörld"]);
const body =
  '{ "messages": [{"role":"user","content":"the \\"model\\": \\u00e4"}],\n  "model" : "claude-opus-5-5",  "max_tokens":5,"stream":true, "unknown": [1.0, 1e3] }';

describe("a request whose bytes pass", () => {
  it("differs in the bytes of the model's name only", async () => {
    const { upstream, proxy } = await start(answerStream(stream));
    await proxy.post("/v1/messages?beta=true", body);
    expect(upstream.requests[0]?.text).toBe(body.replace('"claude-opus-5-5"', '"the/real model"'));
    expect(upstream.requests[0]?.path).toBe("/v1/messages");
  });

  it("is told apart in the trace from one in which more is changed, with what stands against it", async () => {
    const upstream = await startUpstream(answerStream(stream));
    const provider = providerAt(upstream.url, { speaks: wiresAt(upstream.url, "messages") });
    const proxy = await launch(profileOf([targetOf(provider, "m", { maxOutput: 10 })]));
    open.push(proxy, upstream);
    for (const most of [5, 11]) await proxy.post("/v1/messages", body.replace('"max_tokens":5', `"max_tokens":${most}`));
    const [passed, changed] = proxy.facts.filter(({ type }) => type === "attempt");
    expect(passed).toMatchObject({ native: true });
    expect(passed).not.toHaveProperty("obstacle");
    expect(changed).toMatchObject({ native: true, obstacle: "the output limit is not within the model's" });
  });

  it("carries what the provider needs to know of the client, and nothing of its credentials or connection", async () => {
    const { upstream, proxy } = await start(answerStream(stream), { keys: ["provider-key"], headers: { "X-Tenant": "team" } });
    await proxy.post("/v1/messages", body, {
      "anthropic-beta": "a,b",
      "anthropic-version": "2023-06-01",
      "user-agent": "claude-cli/2.1",
      "x-app": "cli",
      "x-stainless-os": "Linux",
      "x-claude-code-session-id": "s",
      "accept-encoding": "gzip, deflate, br, zstd",
      "x-api-key": "t".repeat(43),
      cookie: "a=b",
      "x-forwarded-for": "1.2.3.4",
      "proxy-authorization": "Basic eA==",
      te: "trailers",
    });
    const { headers } = upstream.requests[0] ?? { headers: {} };
    expect(headers).toMatchObject({
      "anthropic-beta": "a,b",
      "anthropic-version": "2023-06-01",
      "user-agent": "claude-cli/2.1",
      "x-app": "cli",
      "x-stainless-os": "Linux",
      "x-claude-code-session-id": "s",
      "accept-encoding": "gzip, br",
      authorization: "Bearer provider-key",
      "x-tenant": "team",
    });
    for (const name of ["cookie", "x-forwarded-for", "proxy-authorization", "te", "x-api-key"]) expect(headers).not.toHaveProperty(name);
    expect(JSON.stringify(headers)).not.toContain("ttttt");
  });

  it.each([
    ["/v1/chat/completions", { model: "x", messages: [{ role: "user", content: "hi" }], stream: true }, chatStream(["a"])],
    [
      "/v1/responses",
      { model: "x", input: "hi", stream: true },
      [
        'event: response.completed\ndata: {"type":"response.completed","response":{"id":"r","usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}}}\n\n',
      ],
    ],
  ])("%s passes too", async (path, request, pieces) => {
    const { upstream, proxy } = await start(answerStream(pieces));
    const answer = await proxy.post(path, request);
    expect(answer.text).toBe(pieces.join(""));
    expect(upstream.requests[0]?.path).toBe(path);
    expect(proxy.facts.at(-1)).toMatchObject({ type: "answered", usage: { input: path.includes("chat") ? 10 : 3 } });
  });
});

describe("an answer whose bytes pass", () => {
  it("is what the provider wrote, with its usage seen on the way", async () => {
    const { proxy } = await start(
      answerStream(stream, {
        every: 5,
        headers: { "set-cookie": "x=y", via: "1.1 x", "request-id": "theirs", "anthropic-ratelimit-requests-remaining": "5", server: "x" },
      }),
    );
    const answer = await proxy.post("/v1/messages", body);
    expect(answer.text).toBe(stream.join(""));
    expect(answer.headers["anthropic-ratelimit-requests-remaining"]).toBe("5");
    expect(answer.headers["request-id"]).toBe("theirs");
    expect(answer.headers["x-request-id"]).toMatch(/^req_0/);
    for (const name of ["set-cookie", "via", "server"]) expect(answer.headers[name]).toBeUndefined();
    expect(proxy.facts.map(({ type }) => type)).toEqual(["request", "attempt", "first-token", "answered"]);
    expect(proxy.facts[1]).toMatchObject({ native: true, wire: "messages" });
    expect(proxy.facts.at(-1)).toMatchObject({ usage: { input: 10, output: 5 } });
  });

  it("is told as a failure with the limits of which the provider's headers speak", async () => {
    const failing = answerJson({ type: "error", error: { type: "rate_limit_error", message: "slow" } }, 429, {
      "retry-after": "9",
      "x-should-retry": "false",
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-organization-id": "theirs",
    });
    const { proxy } = await start(failing);
    const answer = await proxy.post("/v1/messages", body);
    expect(answer.status).toBe(429);
    expect(answer.headers).toMatchObject({
      "retry-after": "9",
      "x-should-retry": "false",
      "anthropic-ratelimit-requests-remaining": "0",
    });
    expect(answer.headers["anthropic-organization-id"]).toBeUndefined();
  });

  it("stays compressed, byte for byte, and is still counted", async () => {
    for (const [encoding, packed] of [
      ["gzip", gzipSync(stream.join(""))],
      ["br", brotliCompressSync(stream.join(""))],
    ] as const) {
      const { proxy } = await start(answerText(packed, 200, { "content-type": "text/event-stream", "content-encoding": encoding }));
      const answer = await proxy.post("/v1/messages", body, { "accept-encoding": "gzip, br" });
      expect(answer.headers["content-encoding"]).toBe(encoding);
      expect(answer.bytes.equals(packed)).toBe(true);
      expect(await proxy.fact("answered")).toMatchObject({ usage: { input: 10, output: 5 } });
    }
  });

  it("that is compressed piece by piece arrives piece by piece", async () => {
    const { proxy } = await start(async (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" });
      const gzip = createGzip();
      gzip.pipe(response);
      for (const piece of stream) {
        gzip.write(piece);
        await new Promise<void>((resolve) => gzip.flush(resolve));
        await pause(10);
      }
      gzip.end();
    });
    const opened = await proxy.open("/v1/messages", body, { "accept-encoding": "gzip" });
    const answer = await opened.whole;
    expect(opened.chunks.length).toBeGreaterThan(3);
    expect(gunzipSync(answer.bytes).toString()).toBe(stream.join(""));
  });

  it("is mended where a client would run its call otherwise than the model meant, whatever length it was announced with", async () => {
    const named = (data: { readonly type: string; readonly [field: string]: unknown }) =>
      `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
    const input = { path: "a" };
    const call = { type: "tool_use", id: "toolu_1", name: "Read", input };
    const [begin = ""] = stream;
    const told = [
      begin,
      named({ type: "content_block_start", index: 0, content_block: call }),
      named({ type: "content_block_stop", index: 0 }),
      named({ type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 5 } }),
      named({ type: "message_stop" }),
    ].join("");
    const whole = JSON.stringify({
      type: "message",
      role: "assistant",
      content: [call],
      stop_reason: "end_turn",
      usage: { input_tokens: 1 },
    });
    const { proxy, upstream } = await start((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "content-length": Buffer.byteLength(told) }).end(told);
    });
    const streamed = eventsOf((await proxy.post("/v1/messages", body)).text).map(({ data }) => data);
    expect(streamed).toContainEqual({
      type: "content_block_delta",
      index: 0,
      delta: { type: "input_json_delta", partial_json: JSON.stringify(input) },
    });
    expect(streamed).toContainEqual(expect.objectContaining({ delta: { stop_reason: "tool_use", stop_sequence: null } }));
    upstream.script(answerText(gzipSync(whole), 200, { "content-type": "application/json", "content-encoding": "gzip" }));
    const { headers, text } = await proxy.post("/v1/messages", body.replace('"stream":true', '"stream":false'), {
      "accept-encoding": "gzip",
    });
    expect(text).toBe(whole.replace("end_turn", "tool_use"));
    expect(headers["content-encoding"]).toBeUndefined();
  });

  it("gets names for its events where the server writes their data alone", async () => {
    const unnamed = stream.join("").replace(/^event: .*\n/gm, "");
    const { proxy, upstream } = await start(answerStream([": at work\n\n", unnamed]));
    expect((await proxy.post("/v1/messages", body)).text).toBe(`: at work\n\n${stream.join("")}`);
    const ended = "data: [DONE]\n\n";
    upstream.script(answerStream([unnamed, ended]));
    expect((await proxy.post("/v1/messages", body)).text).toBe(stream.join("") + ended);
  });

  it("whole JSON passes with its status and length", async () => {
    const reply = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [],
      stop_reason: "end_turn",
      usage: { input_tokens: 7, output_tokens: 1 },
    };
    const { proxy } = await start(answerText(JSON.stringify(reply, null, 3), 201, { "content-type": "application/json" }));
    const answer = await proxy.post("/v1/messages", body.replace("true", "false"));
    expect(answer.status).toBe(201);
    expect(answer.text).toBe(JSON.stringify(reply, null, 3));
    expect(proxy.facts.at(-1)).toMatchObject({ usage: { input: 7 } });
  });

  it.each(["application/json", "text/event-stream"])(
    "whole JSON to a stream request is written as a stream, as the client would otherwise ask again: %s",
    async (type) => {
      const reply = {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "m",
        content: [{ type: "text", text: "whole" }],
        stop_reason: "end_turn",
        usage: { input_tokens: 7, output_tokens: 1 },
      };
      const { proxy } = await start(
        (_request, response) => void response.writeHead(200, { "content-type": type }).end(JSON.stringify(reply)),
      );
      expect(saidIn((await proxy.post("/v1/messages", body)).text)).toBe("whole");
    },
  );

  it.each([
    ["application/json", undefined],
    ["text/plain", undefined],
    ["application/json", "gzip"],
  ])("a stream to a request for a whole reply is written as one, whatever it is labelled as: %s %s", async (type, encoding) => {
    const bytes = Buffer.from(`: at work\n\n${stream.join("")}`);
    const { proxy } = await start((_request, response) => {
      response.writeHead(200, { "content-type": type, ...(encoding && { "content-encoding": encoding }) });
      response.end(encoding === undefined ? bytes : gzipSync(bytes));
    });
    const answer = await proxy.post("/v1/messages", body.replace("true", "false"));
    expect(answer.json).toMatchObject({ type: "message", content: [{ type: "text", text: "hello wörld" }] });
    expect(answer.headers["content-type"]).toContain("application/json");
  });

  it.each(['{"error":{"message":"no such engine","code":404}}', "<html>no such engine</html>"])(
    "what is labelled as a stream and is none is a failure: %s",
    async (text) => {
      const { proxy } = await start(answerStream([text]));
      const answer = await proxy.post("/v1/messages", body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.json).toMatchObject({ type: "error" });
    },
  );

  it.each([
    ["/v1/messages", body, stream, undefined],
    ["/v1/messages", body, stream, "gzip"],
    ["/v1/chat/completions", { model: "x", messages: [{ role: "user", content: "hi" }], stream: true }, chatStream(["a"]), undefined],
    [
      "/v1/responses",
      { model: "x", input: "hi", stream: true },
      ['event: response.completed\ndata: {"type":"response.completed","response":{"id":"r"}}\n\n'],
      undefined,
    ],
  ])(
    "that is complete ends where its server leaves the connection open, or has promised more: %s",
    async (path, request, pieces, encoding) => {
      for (const promised of [{}, { "content-length": 100_000 }]) {
        const { proxy, upstream } = await start((_request, response) => {
          const encoded = encoding === undefined ? {} : { "content-encoding": encoding };
          response.writeHead(200, { "content-type": "text/event-stream", ...encoded, ...promised });
          if (encoding === undefined) return void response.write(pieces.join(""));
          const packed = createGzip();
          packed.pipe(response, { end: false });
          packed.write(pieces.join(""));
          packed.flush();
        });
        const answer = await proxy.post(path, request, { "accept-encoding": encoding ?? "identity" });
        expect(answer.cut).not.toBe(true);
        if (encoding === undefined) expect(answer.text).toBe(pieces.join(""));
        expect(proxy.facts.at(-1)).toMatchObject({ type: "answered", status: 200 });
        expect((await (await upstream.request(1)).closed).early).toBe(true);
      }
    },
  );

  // Only Node 26 and later tell such pieces apart.
  it.each([
    ["a comment", [": at work\n\n", stream.join("")]],
    ["half a line", [stream.join("").slice(0, 3), stream.join("").slice(3, 9), stream.join("").slice(9)]],
  ])("whose first piece is %s passes, though the next has come with it", async (_what, pieces) => {
    const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    const chunks = [...pieces, ""].map((piece) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
    const { proxy } = await start((_request, response) => void response.socket?.end(head + chunks.join("")));
    expect((await proxy.post("/v1/messages", body)).text).toBe(pieces.join(""));
  });

  it.each([
    ["between lines that end in CR alone", stream.slice(0, 3).join("").replaceAll("\n", "\r")],
    ["a comment whose server writes no blank line behind it", `${stream.slice(0, 3).join("")}: at work\n`],
  ])(
    "goes on as it comes: %s",
    async (_what, come) => {
      const { proxy } = await start(
        (_request, response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write(come),
      );
      const opened = await proxy.open("/v1/messages", body);
      await expect.poll(() => opened.text()).toBe(come);
      opened.leave();
      await opened.whole;
    },
    4500,
  );

  it("that has said why it stops gets its last event, where its server sends signs of life alone from there on", async () => {
    const ping = "event: ping\ndata: {}\n\n";
    const { proxy, upstream } = await start((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(stream.slice(0, -1).join(""));
      const beat = setInterval(() => response.write(ping), 1000);
      response.once("close", () => clearInterval(beat));
    });
    const answer = await proxy.post("/v1/messages", body);
    expect(answer.text.replaceAll(ping, "")).toBe(stream.join(""));
    expect((await (await upstream.request(1)).closed).early).toBe(true);
    upstream.script(answerStream(stream.slice(0, -1)));
    expect((await proxy.post("/v1/messages", body)).text).toBe(stream.join(""));
  }, 15_000);

  it("that has said why it stops ends, where it is compressed and nothing comes from there on", async () => {
    const { proxy, upstream } = await start(
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" });
        const packed = createGzip();
        packed.pipe(response, { end: false });
        packed.write(stream.slice(0, -1).join(""));
        packed.flush();
      },
      { timeout: { connect: 2000, firstByte: 5000, idle: 12_000 } },
    );
    const answer = await proxy.post("/v1/messages", body, { "accept-encoding": "gzip" });
    expect([answer.cut === true, gunzipSync(answer.bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString()]).toEqual([
      false,
      stream.slice(0, -1).join(""),
    ]);
    expect((await (await upstream.request(1)).closed).early).toBe(true);
  }, 15_000);

  it("that is cut is cut for the client too", async () => {
    const { proxy } = await start(async (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(stream.slice(0, 3).join(""));
      await pause(20);
      response.socket?.destroy();
    });
    const answer = await proxy.post("/v1/messages", body);
    expect(answer.cut).toBe(true);
    expect(answer.text).toBe(stream.slice(0, 3).join(""));
    expect(proxy.facts.some((fact) => fact.type === "failed")).toBe(true);
  });
});

describe("a stream that ends as if it were whole, without its end", () => {
  const created = 'event: response.created\ndata: {"type":"response.created","response":{"id":"r"}}\n\n';
  it.each([
    ["/v1/messages", body, stream.slice(0, 3)],
    ["/v1/chat/completions", { model: "x", messages: [{ role: "user", content: "hi" }], stream: true }, chatStream(["a"]).slice(0, 2)],
    ["/v1/responses", { model: "x", input: "hi", stream: true }, [created]],
  ])("is cut for the client: %s", async (path, request, pieces) => {
    const { proxy } = await start(answerStream(pieces));
    const answer = await proxy.post(path, request);
    expect(answer.cut).toBe(true);
    expect(answer.text).toBe(pieces.join(""));
    expect(proxy.facts.find((fact) => fact.type === "failed")).toMatchObject({ failure: { kind: "cut-off" } });
  });

  it.each(["text/plain", undefined])("is cut, and counted where it is whole, by whatever type: %s", async (type) => {
    for (const pieces of [stream.slice(0, 3), stream]) {
      const { proxy } = await start((_request, response) => {
        response.writeHead(200, type === undefined ? {} : { "content-type": type }).end(pieces.join(""));
      });
      const answer = await proxy.post("/v1/messages", body);
      expect([answer.cut === true, answer.text]).toEqual([pieces !== stream, pieces.join("")]);
      expect(proxy.facts.at(-1)).toMatchObject({ type: "answered", usage: { input: expect.any(Number) } });
    }
  });

  it("tells all that came before, however soon it ends", async () => {
    const { proxy } = await start(answerStream([created]));
    for (let at = 0; at < 100; at += 1)
      expect((await proxy.post("/v1/responses", { model: "x", input: "hi", stream: true })).text).toBe(created);
  });

  it.each([
    [
      "/v1/chat/completions",
      { model: "x", messages: [{ role: "user", content: "hi" }], stream: true },
      chatStream(["a"]).filter((piece) => !piece.includes("[DONE]")),
    ],
    ["/v1/responses", { model: "x", input: "hi", stream: true }, [created.replaceAll("created", "cancelled")]],
    ["/v1/responses", { model: "x", input: "hi", stream: true }, ['event: response.completed\ndata: {"response":{"id":"r"}}\n\n']],
  ])("is whole where it said why it stops: %s", async (path, request, pieces) => {
    const { proxy } = await start(answerStream(pieces));
    expect((await proxy.post(path, request)).cut).not.toBe(true);
  });
});

it("a Responses stream gets what Codex cannot do without, and for any other client its bytes stay", async () => {
  const usage = '"usage":{"input_tokens":1,"output_tokens":2,"output_tokens_details":{},"total_tokens":3}';
  const events = ["response.created", "response.completed"].map(
    (type) => `event: ${type}\ndata: {"type":"${type}","response":{"id":"r","status":"completed","output":[],${usage}}}\n\n`,
  );
  const { proxy } = await start(answerStream(events));
  const ask = async (headers: Record<string, string>) =>
    (await proxy.post("/v1/responses", { model: "x", input: "hi", stream: true }, headers)).text;
  const [created = "", completed = ""] = events;
  expect(await ask({ "user-agent": "OpenAI/Python 2.1.0", "x-stainless-lang": "python" })).toBe(created + completed);
  const heard = await ask({ originator: "codex_cli_rs", "user-agent": "codex_cli_rs/0.153.2" });
  expect(heard.startsWith(created)).toBe(true);
  expect(JSON.parse(heard.slice(heard.lastIndexOf("data: ") + 6)).response.usage).toEqual({
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: 2,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 3,
  });
});

describe("an answer that is none", () => {
  it.each([
    [answerJson({ error: { message: "Unauthorized" } }, 401), 400, "policy_blocked"],
    [answerJson({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, 529), 529, "overloaded_error"],
    [answerText("<html>502</html>", 502, { "content-type": "text/html" }), 529, "overloaded_error"],
    [answerText("<html>hotel</html>", 200, { "content-type": "text/html" }), 500, "api_error"],
    [answerStream([]), 500, "api_error"],
    [answerText("", 302, { location: "/x" }), 400, "policy_blocked"],
  ])("is told by its status in the client's words", async (script, status, type) => {
    const { proxy } = await start(script);
    const answer = await proxy.post("/v1/messages", body, agent);
    expect([answer.status, answer.json.error.type]).toEqual([status, type]);
  });
});

describe("going away and waiting", () => {
  it("of the client ends the provider's work at once", async () => {
    const { proxy, upstream } = await start(answerStream(Array(500).fill(stream[2]), { every: 10 }));
    const opened = await proxy.open("/v1/messages", body);
    const arrived = await upstream.request(1);
    opened.leave();
    expect((await arrived.closed).early).toBe(true);
  });

  it("of the client while the provider is silent", async () => {
    const { proxy, upstream } = await start(silence);
    proxy.open("/v1/messages", body).catch(() => {});
    const arrived = await upstream.request(1);
    proxy.abandon();
    expect((await arrived.closed).early).toBe(true);
  });

  it("a silent provider is bridged by pings, and then its bytes pass, plain", async () => {
    const late: Script = async (_request, response) => {
      await pause(200);
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" }).end(gzipSync(stream.join("")));
    };
    const { proxy } = await start(late, {}, { keepAliveAfter: 60 });
    const answer = await proxy.post("/v1/messages", body, { "accept-encoding": "gzip" });
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(eventsOf(answer.text)[0]?.name).toBe("ping");
    expect(answer.text.endsWith(stream.join(""))).toBe(true);
  });

  it("a silent provider is bridged by white space, and then its reply passes, plain", async () => {
    const reply = '{"id":"msg_1","content":[{"type":"text","text":"wörld"}]}';
    const late: Script = async (_request, response) => {
      await pause(200);
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(gzipSync(reply));
    };
    const { proxy } = await start(late, {}, { keepAliveAfter: 60 });
    const answer = await proxy.post("/v1/messages", body.replace('"stream":true', '"stream":false'), { "accept-encoding": "gzip" });
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(answer.text).toMatch(/^ +\{/);
    expect(answer.text.trimStart()).toBe(reply);
  });

  it("a slow client makes the provider wait", async () => {
    let written = 0;
    const { proxy } = await start(async (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const piece = `: ${"z".repeat(64 * 1024)}\n\n`;
      for (let count = 0; count < 600; count += 1) {
        written += piece.length;
        if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
      }
      response.end(stream.join(""));
    });
    const opened = await proxy.open("/v1/messages", body);
    opened.answer.pause();
    await pause(300);
    expect(written).toBeLessThan(30 * 1024 * 1024);
    opened.answer.resume();
    expect((await opened.whole).text.endsWith(stream.join(""))).toBe(true);
  });
});

it("an answer that is of no use, to a request that fcc cannot read it for, harms nothing when it breaks off later", async () => {
  let drop: (() => void) | undefined;
  const { proxy } = await start((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": hello\n\n");
    drop = () => response.destroy();
  });
  const several = { model: "m", n: 2, messages: [{ role: "user", content: "hi" }] };
  expect((await proxy.post("/v1/chat/completions", several)).status).toBe(400);
  drop?.();
  await pause(50);
});

describe("what keeps bytes from passing", () => {
  it("a fault of the endpoint: the request goes through the language on the same wire, with what that has no word for", async () => {
    const { proxy, upstream } = await start(answerStream(stream), { quirks: { nativeFaults: ["stop-sequences"] } });
    const answer = await proxy.post("/v1/messages", body, { "anthropic-beta": "a,b" });
    expect(saidIn(answer.text)).toBe("hello wörld");
    expect(upstream.requests[0]).toMatchObject({
      path: "/v1/messages",
      json: { unknown: [1, 1000] },
      headers: { "anthropic-beta": "a,b" },
    });
    expect(proxy.facts[1]).toMatchObject({ native: false, wire: "messages" });
  });

  it("a server that refuses whatever it does not know gets the common fields alone, and no betas", async () => {
    const { proxy, upstream } = await start(answerStream(stream), { quirks: { nativeFaults: ["unknown-fields"] } });
    await proxy.post("/v1/messages", body, { "anthropic-beta": "a,b" });
    expect(upstream.requests[0]?.json).not.toHaveProperty("unknown");
    expect(upstream.requests[0]?.headers).not.toHaveProperty("anthropic-beta");
  });

  it("a system turn that vLLM would leave at the prompt's end: it stands with the user's words", async () => {
    const { proxy, upstream } = await start(answerStream(stream), { quirks: rows["vllm"]?.quirks ?? {} });
    const asked = { role: "user", content: "hi" };
    await proxy.post("/v1/messages", messagesRequest({ messages: [asked, { role: "system", content: "Be brief." }] }));
    await proxy.post("/v1/messages", messagesRequest({ messages: [asked] }));
    const [folded, passed] = upstream.requests.map(({ text }) => JSON.parse(text).messages);
    expect(folded).toMatchObject([{ role: "user", content: [{ text: "hi" }, { text: expect.stringContaining("Be brief.") }] }]);
    expect(passed).toEqual([asked]);
  });
});

describe("counting tokens", () => {
  const counting = { model: "claude-opus-5-5", messages: [{ role: "user", content: "count these words please" }] };

  it("is the provider's own where it counts", async () => {
    const { proxy, upstream } = await start(answerJson({ input_tokens: 42 }), { quirks: { countsTokens: true } });
    const answer = await proxy.post("/v1/messages/count_tokens?beta=true", counting);
    expect(answer.json).toEqual({ input_tokens: 42 });
    expect(answer.headers["x-fcc-estimate"]).toBeUndefined();
    expect(upstream.requests[0]?.path).toBe("/v1/messages/count_tokens");
    expect(upstream.requests[0]?.json).toMatchObject({ model: "the/real model" });
  });

  it("is estimated where it does not, and says so", async () => {
    const { proxy, upstream } = await start(answerText("404 page not found", 404), { quirks: { countsTokens: true } });
    const answer = await proxy.post("/v1/messages/count_tokens", counting);
    expect(answer.status).toBe(200);
    expect(answer.headers["x-fcc-estimate"]).toBe("true");
    expect(answer.json.input_tokens).toBeGreaterThan(5);
    expect(upstream.requests.length).toBe(1);
    // A server without the endpoint is not asked again.
    await proxy.post("/v1/messages/count_tokens", { ...counting, messages: [{ role: "user", content: "others" }] });
    expect(upstream.requests.length).toBe(1);
  });

  it("is asked for again, a while after the server that had one was away", async () => {
    let isAway = false;
    let now = 0;
    const upstream = await startUpstream((...asked) =>
      (isAway ? answerText("404 page not found", 404) : answerJson({ input_tokens: 4 }))(...asked),
    );
    const provider = providerAt(upstream.url, { speaks: { messages: { baseUrl: upstream.url } }, quirks: { countsTokens: true } });
    const proxy = await launch(profileOf([targetOf(provider)]), { clock: () => now });
    open.push(proxy, upstream);
    const count = async (content: string) =>
      (await proxy.post("/v1/messages/count_tokens", { ...counting, messages: [{ role: "user", content }] })).headers["x-fcc-estimate"];
    expect(await count("one")).toBeUndefined();
    isAway = true;
    expect(await count("two")).toBe("true");
    isAway = false;
    expect(await count("three")).toBe("true");
    now += 31_000;
    expect(await count("four")).toBeUndefined();
  });

  it("goes on from the last exact count of the same conversation", async () => {
    const upstream = await startUpstream(answerStream(chatStream(["ok"], { prompt_tokens: 777, completion_tokens: 1, total_tokens: 778 })));
    const proxy = await launch(profileOf([targetOf(providerAt(upstream.url))]));
    open.push(proxy, upstream);
    const turns = [{ role: "user", content: "a question of some length, asked in words" }];
    await proxy.post("/v1/messages", messagesRequest({ messages: turns }));
    const same = await proxy.post("/v1/messages/count_tokens", { model: "x", messages: turns });
    expect(same.json.input_tokens).toBe(777);
    expect(same.headers["x-fcc-estimate"]).toBe("true");
    const longer = [...turns, { role: "assistant", content: "ok" }, { role: "user", content: "and then?" }];
    const count = (await proxy.post("/v1/messages/count_tokens", { model: "x", messages: longer })).json.input_tokens;
    expect(count).toBeGreaterThan(777);
    expect(count).toBeLessThan(900);
  });
});
