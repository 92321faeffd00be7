import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { flood, head, type RawUpstream, startRawUpstream, stream } from "../faults/raw-upstream.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";
import { type Launch, launch, messagesRequest } from "../support/proxy.ts";
import { chatStream, messagesStream, pause } from "../support/upstream.ts";

const compared: { readonly lengths: readonly number[] }[] = [];
vi.mock("node:crypto", async (original) => {
  const crypto = await original<typeof import("node:crypto")>();
  return {
    ...crypto,
    timingSafeEqual(a: Buffer, b: Buffer) {
      compared.push({ lengths: [a.length, b.length] });
      return crypto.timingSafeEqual(a, b);
    },
  };
});

let upstream: RawUpstream;
let translated: Launch;
let passed: Launch;
beforeAll(async () => {
  upstream = await startRawUpstream();
  translated = await launch(profileOf([targetOf(providerAt(upstream.url))]));
  passed = await launch(profileOf([targetOf(providerAt(upstream.url, { speaks: wiresAt(`${upstream.url}/v1`, "messages") }))]));
});
afterAll(async () => {
  await translated.close();
  await passed.close();
  await upstream.close();
});

/** What SECURITY.md promises of the proxy and no other test shows. */
describe("the token", () => {
  const calls = [
    ...["/v1/messages", "/v1/messages/count_tokens", "/v1/chat/completions"],
    ...["/v1/responses", "/v1/responses/compact", "/v1/responses/input_tokens"],
  ];

  it.each(calls)("is needed for POST %s", async (path) => {
    const before = upstream.requests();
    expect((await translated.post(path, messagesRequest(), { authorization: "" })).status).toBe(401);
    expect((await translated.post(path, messagesRequest(), { authorization: "Bearer x", "x-api-key": "" })).status).toBe(401);
    expect(upstream.requests()).toBe(before);
  });

  it("is needed for lists of models", async () => {
    expect((await translated.get("/v1/models", { authorization: "" })).status).toBe(401);
    expect((await translated.get("/v1/models/opus:m", { authorization: "" })).status).toBe(401);
  });

  it("is compared in constant time, by digests of one length, however long what is given is", async () => {
    for (const given of ["", "t", "t".repeat(42), "t".repeat(43), "x".repeat(43), "x".repeat(5000), "é"]) {
      compared.length = 0;
      await translated.get("/v1/models", { authorization: "", "x-api-key": given });
      expect(compared.length).toBeGreaterThan(0);
      for (const { lengths } of compared) expect(lengths).toEqual([32, 32]);
    }
  });
});

describe("what a provider's headers may do to the client", () => {
  it.each([
    ["translated", () => translated, chatStream(["hi"]).join("")],
    ["passed", () => passed, messagesStream(["hi"]).join("")],
  ] as const)("nothing but say what the body is, which request it answers and when to come again, %s", async (_name, proxy, body) => {
    const evil = ["set-cookie: a=b", "access-control-allow-origin: *", "location: http://evil.example", "x-api-key: k"];
    upstream.habit((socket) => void socket.end(stream(...evil) + body));
    const answer = await proxy().post("/v1/messages", messagesRequest());
    expect(answer.status).toBe(200);
    const own = ["cache-control", "connection", "content-type", "date", "request-id", "transfer-encoding", "x-request-id"];
    // Where bytes pass, nothing is said of caching that the provider did not say.
    expect(Object.keys(answer.headers).sort()).toEqual(own.filter((name) => name !== "cache-control" || proxy() === translated));
    expect(answer.text).toContain("hi");
  });

  it("a header that is none is the provider's failure, and does not reach the client", async () => {
    upstream.habit((socket) => void socket.end(stream("x-should-retry: a\u0007b") + messagesStream(["hi"]).join("")));
    const answer = await passed.post("/v1/messages", messagesRequest());
    expect(answer.status).toBe(500);
    expect(answer.json.error).toMatchObject({ type: "api_error", message: expect.stringContaining(upstream.url) });
    expect(JSON.stringify([answer.text, answer.headers])).not.toContain("\u0007");
  });
});

describe("one request of a client is one request at the provider", () => {
  const smuggled = `GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n`;
  const body = JSON.stringify(messagesRequest({ stream: false, metadata: { user_id: smuggled } }));
  it.each<[name: string, requests: 0 | 1, answer: RegExp, head: readonly string[], text: string]>([
    ["with a length", 1, /^HTTP/, [`content-length: ${body.length}`], body],
    ["in chunks", 1, /^HTTP/, ["transfer-encoding: chunked"], `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`],
    [
      "with trailers that look like headers",
      0,
      /^closed$/,
      ["transfer-encoding: chunked", "trailer: content-length"],
      `${body.length.toString(16)};x=${"y".repeat(20)}\r\n${body}\r\n0\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n`,
    ],
    [
      "with another request behind it in its body's length",
      0,
      /^HTTP\/1\.1 400 /,
      [`content-length: ${body.length + smuggled.length}`],
      body + smuggled,
    ],
  ])("%s", async (_name, requests, expected, more, text) => {
    upstream.habit((socket) => void socket.write(`${head("application/json", "content-length: 2")}{}`));
    const before = upstream.requests();
    const socket = connect(Number(new URL(translated.url).port), "127.0.0.1");
    socket.write(["POST /v1/messages HTTP/1.1", "host: 127.0.0.1", `x-api-key: ${translated.token}`, ...more, "", text].join("\r\n"));
    // Headers that have no place behind a body end the connection.
    const answer = await new Promise((resolve) =>
      socket
        .on("error", () => {})
        .once("data", resolve)
        .once("close", () => resolve("closed")),
    );
    await pause(50);
    socket.destroy();
    expect(upstream.requests() - before).toBe(requests);
    expect(String(answer)).toMatch(expected);
  });
});

describe("bodies", () => {
  it.each(["/v1/messages", "/v1/chat/completions", "/v1/responses", "/v1/messages/count_tokens"])(
    "of %s do not change what every object is",
    async (path) => {
      upstream.habit((socket) => void socket.end(stream() + chatStream(["hi"]).join("")));
      const odd = '{"toString":1,"polluted":true}';
      const text = JSON.stringify(messagesRequest({ input: "hi", metadata: { x: 1 } }));
      const body = text.replace('"x":1', `"__proto__":${odd},"constructor":{"prototype":${odd}}`).replace("{", `{"__proto__":${odd},`);
      await translated.post(path, body);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      expect(typeof {}.toString).toBe("function");
    },
  );

  it.each(["constructor", "toString", "__proto__"])("that name %s as the provider get what every unknown one gets", async (id) => {
    const model = `${id}/m`;
    const answers = [
      await translated.post("/v1/messages", messagesRequest({ model })),
      await translated.post("/v1/messages/count_tokens", messagesRequest({ model })),
      await translated.get(`/v1/models/${model}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(answers[0]?.json.error.message).toContain(`model "${model}" names no configured provider.`);
  });

  it("that name a provider and no model are not told their own name as the nearest", async () => {
    const { message } = (await translated.post("/v1/messages", messagesRequest({ model: "box/" }))).json.error;
    expect(message).not.toContain('Did you mean "box/"?');
  });

  it("in more encodings than anyone uses are refused before anything is unpacked", async () => {
    const encoding = Array.from({ length: 1000 }, () => "gzip").join(", ");
    const answer = await translated.post("/v1/messages", gzipSync("{}"), { "content-encoding": encoding });
    expect(answer.status).toBe(415);
    expect(answer.text.length).toBeLessThan(500);
  });

  it.each([
    ["translated", () => translated],
    ["passed", () => passed],
  ] as const)("of a provider that expand beyond all proportion are failures, %s", async (_name, proxy) => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024, 32)).toString("latin1");
    upstream.habit((socket) => void socket.end(head("application/json", "connection: close", "content-encoding: gzip") + bomb, "latin1"));
    const answer = await proxy().post("/v1/messages", messagesRequest({ stream: false }));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.json.error.message).toMatch(/./);
  });

  it("of a provider in more encodings than anyone uses are failures", async () => {
    upstream.habit((socket) => {
      socket.write(stream(`content-encoding: ${Array.from({ length: 1000 }, () => "gzip").join(", ")}`));
      return flood(socket, "x", 100_000).then(() => void socket.end());
    });
    const answer = await translated.post("/v1/messages", messagesRequest());
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});

it.each(["/v1/models/..%2f..%2f..%2fetc%2fpasswd", "/v1/models/../../etc/passwd", "/v1/models/%00", "/..%2fetc/passwd"])(
  "the name %s is a name and no file",
  async (path) => {
    const answer = await translated.get(path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain("root:");
  },
);
