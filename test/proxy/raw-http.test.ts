import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";
import { type Launch, launch } from "../support/proxy.ts";
import { answerStream, chatStream, pause, startUpstream, type Upstream } from "../support/upstream.ts";

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

const body = JSON.stringify({ model: "x", max_tokens: 5, messages: [{ role: "user", content: "hi" }] });
const lines = (...head: string[]) => `${head.join("\r\n")}\r\n\r\n`;
const authorization = () => `authorization: Bearer ${proxy.token}`;
const post = (...more: string[]) =>
  `${lines("POST /v1/messages HTTP/1.1", "host: 127.0.0.1", authorization(), ...more, `content-length: ${body.length}`)}${body}`;
const get = (target: string, ...more: string[]) => lines(`GET ${target} HTTP/1.1`, ...more, authorization());

/** Writes these bytes to a connection of its own and reads until it has been quiet for a while. */
async function talk(text: string, quiet = 150): Promise<string> {
  const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  let answer = "";
  let last = performance.now();
  let closed = false;
  socket.on("error", () => {});
  socket.on("close", () => {
    closed = true;
  });
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
    last = performance.now();
  });
  socket.write(text);
  while (!closed && (answer === "" || performance.now() - last < quiet)) await pause(10);
  socket.destroy();
  return answer;
}

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));

describe("hosts", () => {
  it.each<[name: string, request: () => string, status: number]>([
    ["none", () => get("/v1/models"), 400],
    ["none, in HTTP/1.0", () => lines("GET /v1/models HTTP/1.0", authorization()), 403],
    ["two of them", () => get("/v1/models", "host: 127.0.0.1", "host: evil.example"), 403],
    ["IPv6", () => get("/v1/models", "host: [::1]:8080"), 200],
    ["IPv6 that is not loopback", () => get("/v1/models", "host: [2001:db8::1]"), 403],
    ["a port that is no number", () => get("/v1/models", "host: 127.0.0.1:x"), 403],
    ["a name with a loopback address as its user", () => get("/v1/models", "host: 127.0.0.1@evil.example"), 403],
    ["the whole address in the request line", () => get("http://127.0.0.1:9/v1/models", "host: 127.0.0.1"), 200],
    ["another machine's address in the request line", () => get("http://evil.example/v1/models", "host: 127.0.0.1"), 403],
    ["such an address whose scheme is in capital letters", () => get("HTTP://evil.example/v1/models", "host: 127.0.0.1"), 403],
    ["an address that is none", () => get("http://[/v1/models", "host: 127.0.0.1"), 404],
    ["another machine's Host beside a loopback address", () => get("http://127.0.0.1/v1/models", "host: evil.example"), 403],
    ["an Origin, empty", () => get("/v1/models", "host: 127.0.0.1", "origin:"), 403],
  ])("%s", async (_name, request, status) => {
    expect(statuses(await talk(request()))).toEqual([status]);
  });
});

describe("requests that two servers would read differently", () => {
  it.each<[name: string, request: () => string]>([
    ["two lengths", () => post("content-length: 3")],
    ["a length and chunks", () => post("transfer-encoding: chunked")],
    ["a length that is no number", () => lines("POST /v1/messages HTTP/1.1", "host: 127.0.0.1", authorization(), "content-length: 0x10")],
    [
      "chunks that are not the last encoding",
      () => lines("POST /v1/messages HTTP/1.1", "host: 127.0.0.1", authorization(), "transfer-encoding: chunked, gzip"),
    ],
    ["a header that is folded", () => lines("GET /health HTTP/1.1", "host: 127.0.0.1", "x: a", " folded: b", "y : c")],
    ["no HTTP at all", () => "\u0016\u0003\u0001\u0002\u0000hello\r\n\r\n"],
  ])("%s: 400, once, and nothing is sent on", async (_name, request) => {
    const before = upstream.requests.length;
    const answer = await talk(request());
    expect(statuses(answer)).toEqual([400]);
    expect(answer).toMatch(/^request-id: req_/m);
    expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({ type: "error", error: { message: expect.any(String) } });
    expect(upstream.requests.length).toBe(before);
  });

  it("a tunnel to elsewhere is a 403, and the connection is closed", async () => {
    const answer = await talk(lines("CONNECT evil.example:443 HTTP/1.1", "host: evil.example:443", authorization()));
    expect(statuses(answer)).toEqual([403]);
    expect(answer).toMatch(/^request-id: req_/m);
    expect(answer).toMatch(/^connection: close/m);
  });

  it("one whose client keeps its own side open holds up no end of the session", async () => {
    const other = await launch(profileOf([targetOf(providerAt(upstream.url))]));
    const socket = connect({ port: Number(new URL(other.url).port), host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => {});
    socket.write(lines("CONNECT evil.example:443 HTTP/1.1", "host: evil.example:443"));
    await new Promise((resolve) => socket.resume().once("end", resolve));
    await expect(Promise.race([other.close().then(() => "closed"), pause(2000)])).resolves.toBe("closed");
    socket.destroy();
  });

  it("headers without an end are a 431", async () => {
    expect(statuses(await talk(get("/health", `x: ${"a".repeat(100_000)}`)))).toEqual([431]);
  });

  it("a line break in a model's name stays inside JSON", async () => {
    const evil = "x\r\nset-cookie: a=b\r\n\r\n";
    const answer = await proxy.post("/v1/messages", { model: evil, max_tokens: 5, messages: [{ role: "user", content: "hi" }] });
    expect(answer.status).toBe(200);
    expect(answer.json.model).toBe(evil);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });
});

describe("one connection", () => {
  it("answers requests that are sent without waiting, in their order", async () => {
    const answer = await talk(post() + get("/v1/models/opus:m", "host: 127.0.0.1") + get("/nowhere", "host: 127.0.0.1") + post(), 400);
    expect(statuses(answer)).toEqual([200, 200, 404, 200]);
  });

  it("lives on after each kind of error", async () => {
    const wrong = `${lines("POST /v1/messages HTTP/1.1", "host: 127.0.0.1", authorization(), "content-length: 4")}nope`;
    const stranger = `${lines("POST /v1/messages HTTP/1.1", "host: 127.0.0.1", "content-length: 4")}nope`;
    const browser = `${lines("POST /v1/messages HTTP/1.1", "host: 127.0.0.1", "origin: http://x", "content-length: 4")}nope`;
    expect(statuses(await talk(wrong + stranger + browser + post(), 400))).toEqual([400, 401, 403, 200]);
  });

  it("with garbage behind a request answers what came before and then closes, without mixing the two", async () => {
    const answer = await talk(`${post()}garbage\r\n\r\n`, 400);
    const first = answer.indexOf("HTTP/1.1 400");
    if (first > 0) expect(() => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"), first))).not.toThrow();
    expect(statuses(answer).length).toBeLessThanOrEqual(2);
  });

  it("of a stranger is not kept waiting for a body", async () => {
    const answer = await talk(lines("POST /v1/messages HTTP/1.1", "host: 127.0.0.1", "content-length: 1000000"));
    expect(statuses(answer)).toEqual([401]);
  });
});
