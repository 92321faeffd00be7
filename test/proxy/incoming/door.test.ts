import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isDepthBounded } from "../../support/depth.ts";
import { profileOf, providerAt, targetOf } from "../../support/provider.ts";
import { type Launch, launch, messagesRequest } from "../../support/proxy.ts";
import { answerStream, chatStream, startUpstream, type Upstream } from "../../support/upstream.ts";

let upstream: Upstream;
let proxy: Launch;
beforeAll(async () => {
  upstream = await startUpstream(answerStream(chatStream(["hello"])));
  proxy = await launch(profileOf([targetOf(providerAt(upstream.url))]));
});
afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

const paths = ["/v1/messages", "/v1/responses", "/v1/chat/completions"];

describe("the token", () => {
  it.each([
    ["missing", { authorization: "" }],
    ["wrong", { authorization: "Bearer nope" }],
    ["another scheme", { authorization: `Basic ${"t".repeat(43)}` }],
    ["nearly right", { authorization: `Bearer ${"t".repeat(42)}` }],
  ])("%s: 401 that is not tried again, in each caller's words", async (_name, headers) => {
    for (const path of paths) {
      const answer = await proxy.post(path, messagesRequest(), headers);
      expect(answer.status).toBe(401);
      expect(answer.headers["x-should-retry"]).toBe("false");
      expect(answer.headers["request-id"]).toMatch(/^req_/);
      expect(typeof answer.json.error.message).toBe("string");
    }
    expect(upstream.requests.length).toBe(0);
  });

  it("is taken as x-api-key too", async () => {
    const answer = await proxy.get("/v1/models", { authorization: "", "x-api-key": proxy.token });
    expect(answer.status).toBe(200);
  });

  it("is in the same shape as Anthropic's own", async () => {
    const answer = await proxy.post("/v1/messages", messagesRequest(), { authorization: "" });
    expect(answer.json).toMatchObject({ type: "error", error: { type: "authentication_error" }, request_id: answer.headers["request-id"] });
  });
});

describe("browsers", () => {
  it.each([
    ["any Origin", { origin: "http://localhost:3000" }],
    ["an Origin of null", { origin: "null" }],
    ["a name that was rebound to this machine", { host: "evil.example:1234" }],
    ["a name that begins like loopback", { host: "127.0.0.1.evil.example" }],
    ["a name that ends like loopback", { host: "evil127.0.0.1" }],
    ["a name below which loopback stands", { host: "evil.localhost" }],
  ])("%s: 403 without a CORS header", async (_name, headers) => {
    for (const path of ["/v1/messages", "/health"]) {
      const answer = path === "/health" ? await proxy.get(path, headers) : await proxy.post(path, messagesRequest(), headers);
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
    const preflight = await proxy.get("/v1/messages", { ...headers, "access-control-request-method": "POST" }, "OPTIONS");
    expect(preflight.status).toBe(403);
  });

  it.each(["localhost", "127.0.0.1", "[::1]:99", "LOCALHOST:1", "127.9.9.9"])("the Host %s is loopback", async (host) => {
    expect((await proxy.get("/health", { host })).status).toBe(200);
  });
});

describe("addresses", () => {
  it.each([
    ["HEAD", "/"],
    ["HEAD", "/api/hello"],
    ["GET", "/health"],
  ])("%s %s is answered without a token", async (method, path) => {
    const answer = await proxy.get(path, { authorization: "" }, method);
    expect(answer.status).toBe(200);
    expect(answer.headers["request-id"]).toBeDefined();
  });

  it.each(["", "/v1/v1"])("are the same under %j, as SDKs make them of an address without or with its version", async (prefix) => {
    const model = "opus";
    const messages = [{ role: "user", content: "hi" }];
    const asked = [
      ["messages", { model, messages, max_tokens: 9, stream: true }, '"message_start"'],
      ["messages/count_tokens", { model, messages }, '"input_tokens"'],
      ["chat/completions", { model, messages, stream: true }, '"chat.completion.chunk"'],
      ["responses", { model, input: "hi", stream: true }, '"response.completed"'],
    ] as const;
    for (const [path, body, said] of asked) expect((await proxy.post(`${prefix}/${path}`, body)).text).toContain(said);
    expect((await proxy.get(`${prefix}/models/opus`)).status).toBe(200);
    expect((await proxy.post(`${prefix}/messages`, {}, { authorization: "" })).json).toMatchObject({ type: "error" });
  });

  it("anything else is a 404 that names the endpoints", async () => {
    const messages = await proxy.post("/v1/complete", {}, { "anthropic-version": "2023-06-01" });
    expect(messages.status).toBe(404);
    expect(messages.json).toMatchObject({ type: "error", error: { type: "not_found_error" } });
    expect(messages.json.error.message).toContain("/v1/messages");
    const other = await proxy.post("/v1/embeddings", {});
    expect(other.status).toBe(404);
    expect(other.json.error.message).toContain("/v1/chat/completions");
  });

  it.each([
    ["GET", "/v1/messages", "it takes POST"],
    ["PUT", "/v1/messages", "it takes POST"],
    ["OPTIONS", "/v1/messages", "it takes POST"],
    ["DELETE", "/v1/responses", "it takes POST"],
    ["POST", "/v1/models", "it takes GET"],
    ["GET", "/", "There is nothing at /."],
    ["POST", "/other/v1/messages", "There is nothing at /other/v1/messages."],
    ["POST", "/v1/messages-other", "There is nothing at /v1/messages-other."],
    ["GET", "/api/hello", "There is nothing at /api/hello."],
  ])("%s %s is such a 404 too", async (method, path, said) => {
    const answer = await proxy.get(path, {}, method);
    expect(answer.status).toBe(404);
    expect(answer.json.error.message).toContain(said);
    expect(answer.json.error.message).toContain("The endpoints are /v1/messages, ");
    // An SDK would take the code for a model that is missing.
    expect(answer.json.error.code ?? null).toBeNull();
    expect((await proxy.get(path, { authorization: "" }, method)).status).toBe(401);
  });

  it("a query string, doubled slashes and one at the end change nothing", async () => {
    for (const path of ["//v1/messages?beta=true", "/v1//messages/", "/v1/messages/?beta=true"])
      expect((await proxy.post(path, messagesRequest())).status, path).toBe(200);
  });
});

describe("bodies", () => {
  it.each([
    ['{"model": "x",, }', 14, 1, 15],
    ['{"a": [1, 2}', 11, 1, 12],
    ['{"a": tru}', 6, 1, 7],
    ['{\n  "a": 1\n  "b": 2}', 13, 3, 3],
    ['{"a": "x\ny"}', 8, 1, 9],
    ['{"a": 1} x', 9, 1, 10],
    ['{"a": "b', 8, 1, 9],
    ["nope", 0, 1, 1],
  ])("%j is refused with the place of the fault", async (text, position, line, column) => {
    for (const path of paths) {
      const answer = await proxy.post(path, text);
      expect(answer.status).toBe(400);
      expect(answer.json.error.message).toContain(`position ${position} (line ${line}, column ${column})`);
    }
  });

  it.each(["/v1/messages", "/v1/responses", ...(isDepthBounded ? ["/v1/messages/count_tokens"] : [])])(
    "%s: one that nests without end is the client's fault",
    async (path) => {
      const nested = `${'{"type":"object","properties":{"a":'.repeat(20_000)}{}${"}}".repeat(20_000)}`;
      const said = path === "/v1/responses" ? '"input":"hi"' : '"max_tokens":5,"messages":[{"role":"user","content":"hi"}]';
      const tool =
        path === "/v1/responses" ? `{"type":"function","name":"t","parameters":${nested}}` : `{"name":"t","input_schema":${nested}}`;
      const answer = await proxy.post(path, `{"model":"x",${said},"tools":[${tool}]}`);
      expect(answer.status).toBe(400);
      expect(answer.json.error.message).toContain("nested too deep");
    },
  );

  it("an empty body is refused", async () => {
    expect((await proxy.post("/v1/messages", "")).status).toBe(400);
  });

  it.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("%s is read", async (encoding, compress) => {
    const body = compress(Buffer.from(JSON.stringify(messagesRequest())));
    expect((await proxy.post("/v1/messages", body, { "content-encoding": encoding })).status).toBe(200);
  });

  it("an encoding that cannot be read is a 415", async () => {
    const answer = await proxy.post("/v1/messages", "x", { "content-encoding": "lzma" });
    expect(answer.status).toBe(415);
    expect(answer.headers["accept-encoding"]).toContain("gzip");
  });

  it("a body that is not what its encoding says is a 400", async () => {
    expect((await proxy.post("/v1/messages", "not gzip", { "content-encoding": "gzip" })).status).toBe(400);
  });

  it("a bomb is a 413", async () => {
    const bomb = gzipSync(Buffer.alloc(70 * 1024 * 1024, 32));
    expect((await proxy.post("/v1/messages", bomb, { "content-encoding": "gzip" })).status).toBe(413);
  });

  it("more than 64 MiB is a 413 that the client gets to see, and the connection lives on", async () => {
    for (const chunked of [false, true]) {
      const size = 66 * 1024 * 1024;
      const status = await new Promise<number>((resolve, reject) => {
        const request = httpRequest(`${proxy.url}/v1/messages`, {
          method: "POST",
          headers: { authorization: `Bearer ${proxy.token}`, ...(chunked ? {} : { "content-length": size }) },
        });
        request.on("error", reject);
        request.on("response", (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode ?? 0));
        });
        const piece = Buffer.alloc(1024 * 1024, 32);
        let sent = 0;
        const more = () => {
          while (sent < size) {
            sent += piece.length;
            if (!request.write(piece)) return void request.once("drain", more);
          }
          request.end();
        };
        more();
      });
      expect(status).toBe(413);
    }
  });

  it("a client that waits for 100-continue is told to go on, or not", async () => {
    const talk = (head: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
        let text = "";
        socket.on("data", (chunk) => {
          text += chunk.toString();
          socket.destroy();
        });
        socket.on("close", () => resolve(text));
        socket.write(head);
      });
    const head = (length: number, token: string) =>
      `POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-length: ${length}\r\nexpect: 100-continue\r\n\r\n`;
    expect(await talk(head(10, proxy.token))).toMatch(/^HTTP\/1\.1 100 /);
    expect(await talk(head(10, "wrong"))).toMatch(/^HTTP\/1\.1 401 /);
    expect(await talk(head(100_000_000, proxy.token))).toMatch(/^HTTP\/1\.1 (?:100|413) /);
  });
});

describe("models", () => {
  it("lists the launch's names in the shape that the caller asks for", async () => {
    const openai = await proxy.get("/v1/models");
    expect(openai.json).toMatchObject({ object: "list" });
    expect(openai.json.data.map((model: { id: string }) => model.id)).toEqual([
      "main:m",
      "opus:m",
      "sonnet:m",
      "haiku:m",
      "fable:m",
      "box/m",
    ]);
    const anthropic = await proxy.get("/v1/models?limit=1000", { "anthropic-version": "2023-06-01" });
    expect(anthropic.json).toMatchObject({ has_more: false, first_id: "main:m", last_id: "box/m" });
    expect(anthropic.json.data[0]).toMatchObject({ type: "model", id: "main:m", display_name: "main:m (box/m)" });
  });

  it.each([
    ["limit=2", ["main:m", "opus:m"], true],
    ["limit=2&after_id=opus:m", ["sonnet:m", "haiku:m"], true],
    ["after_id=haiku:m", ["fable:m", "box/m"], false],
    ["limit=1&before_id=sonnet:m", ["opus:m"], true],
    ["before_id=opus:m", ["main:m"], false],
    ["limit=x&after_id=unknown", ["main:m", "opus:m", "sonnet:m", "haiku:m", "fable:m", "box/m"], false],
    ["after_id=box/m", [], false],
  ])("gives Anthropic's list in pages: %s", async (query, ids, more) => {
    const { json } = await proxy.get(`/v1/models?${query}`, { "anthropic-version": "2023-06-01" });
    expect(json.data.map((model: { id: string }) => model.id)).toEqual(ids);
    expect(json).toMatchObject({ has_more: more, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null });
  });

  it("finds one by its name, with a slash in it too", async () => {
    expect((await proxy.get("/v1/models/opus:m")).json).toMatchObject({ id: "opus:m", object: "model" });
    expect((await proxy.get("/v1/models/box/other")).json).toMatchObject({ id: "box/other" });
    expect((await proxy.get("/v1/models/box%2Fm")).json).toMatchObject({ id: "box/m" });
    expect((await proxy.get("/v1/models/opus:m[1m]")).json).toMatchObject({ id: "opus:m" });
    for (const tier of ["sonnet", "claude-sonnet-4-5", "main"])
      expect((await proxy.get(`/v1/models/${tier}`)).json).toMatchObject({ id: tier, object: "model" });
    const unknown = await proxy.get("/v1/models/nothing");
    expect(unknown.status).toBe(404);
    expect(unknown.json.error.message).toContain("The models are main:m, opus:m, ");
    const near = await proxy.get("/v1/models/opus:n", { "anthropic-version": "2023-06-01" });
    expect([near.status, near.json.error.message]).toEqual([404, 'There is no model "opus:n" in this launch. Did you mean "opus:m"?']);
  });

  it("says a window where it is known", async () => {
    const windowed = await launch(profileOf([targetOf(providerAt(upstream.url), "m", { maxOutput: 4096 })]), { windowOf: () => 65_536 });
    const anthropic = await windowed.get("/v1/models/main:m", { "anthropic-version": "2023-06-01" });
    expect(anthropic.json).toMatchObject({ max_input_tokens: 65_536, max_tokens: 4096 });
    expect(anthropic.json).toMatchObject({ lifecycle: "active", line: null, deprecated_at: null, retires_at: null });
    expect((await windowed.get("/v1/models")).json.data[0]).toMatchObject({ id: "main:m", context_length: 65_536 });
    await windowed.close();
  });
});
