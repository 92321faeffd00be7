import { once } from "node:events";
import { type AddressInfo, connect, createServer, type LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { failureOf } from "../../src/reach/broken-body.ts";
import { explain } from "../../src/reach/explain.ts";
import { freePort } from "../../src/reach/loopback.ts";
import { createReach, type Outgoing, type Reach, type ReachOptions } from "../../src/reach/reach.ts";
import { providerAt } from "../support/provider.ts";
import {
  answerJson,
  answerStream,
  answerText,
  cutAfter,
  pause,
  type Script,
  silence,
  startUpstream,
  type Upstream,
} from "../support/upstream.ts";

let upstream: Upstream;
const open: Reach[] = [];
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());
afterEach(async () => {
  await Promise.all(open.splice(0).map((reach) => reach.close()));
});

function reachWith(options: Partial<ReachOptions> = {}): Reach {
  const reach = createReach({ env: {}, ...options });
  open.push(reach);
  return reach;
}

function to(url: string, over: Partial<Outgoing> = {}): Outgoing {
  return {
    provider: providerAt(url),
    method: "POST",
    url: `${url}/v1/x`,
    headers: { "content-type": "application/json" },
    body: "{}",
    ...over,
  };
}

async function read(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function broken(body: Readable): Promise<unknown> {
  try {
    await read(body);
  } catch (error) {
    return failureOf(error);
  }
  return undefined;
}

describe("one request", () => {
  it("arrives with exactly the headers that were given, and its answer comes back raw", async () => {
    upstream.script(answerJson({ ok: true }, 200, { "x-a": "1" }));
    const reached = await reachWith().send(to(upstream.url, { headers: { "content-type": "application/json", "x-y": "z" } }));
    if (reached.failure) throw new Error(reached.failure.message);
    expect(reached.status).toBe(200);
    expect(reached.headers["x-a"]).toBe("1");
    expect(await read(reached.body)).toBe('{"ok":true}');
    const arrived = upstream.requests.at(-1);
    expect(Object.keys(arrived?.headers ?? {}).sort()).toEqual(["connection", "content-length", "content-type", "host", "x-y"]);
  });

  it("keeps its connection for the next one", async () => {
    upstream.script(answerJson({}));
    const reach = reachWith();
    const before = upstream.connections();
    for (let count = 0; count < 3; count += 1) {
      const reached = await reach.send(to(upstream.url));
      if (!reached.failure) await read(reached.body);
      await pause(5);
    }
    expect(upstream.connections() - before).toBe(1);
  });

  it("does not follow a redirect", async () => {
    upstream.script(answerText("", 302, { location: `${upstream.url}/elsewhere` }));
    const before = upstream.requests.length;
    const reached = await reachWith().send(to(upstream.url));
    expect(reached.failure === undefined && reached.status).toBe(302);
    if (!reached.failure) await read(reached.body);
    expect(upstream.requests.length - before).toBe(1);
  });

  it("goes out on the connection of the one before, with a pause as of a tool that runs between them", async (context) => {
    let connections = 0;
    // Without the word on how long it keeps one that Node's own server gives.
    const server = createServer((socket) => {
      connections += 1;
      let text = "";
      socket.on("data", (bytes) => {
        text += bytes.toString();
        if (!text.endsWith("{}")) return;
        text = "";
        socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
      });
    }).listen(0, "127.0.0.1");
    context.onTestFinished(() => void server.close());
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reach = reachWith();
    for (const wait of [7_000, 0]) {
      const reached = await reach.send(to(url));
      expect(reached.failure === undefined && (await read(reached.body))).toBe("{}");
      await pause(wait);
    }
    expect(connections).toBe(1);
  }, 20_000);

  it("is sent once more over a fresh connection when a kept one was closed in the moment of reuse", async () => {
    const reach = reachWith();
    upstream.script(answerJson({}), (_request, response) => void response.socket?.destroy(), answerJson({ again: true }));
    const first = await reach.send(to(upstream.url));
    if (!first.failure) await read(first.body);
    await pause(5);
    const second = await reach.send(to(upstream.url));
    expect(second.failure === undefined && (await read(second.body))).toBe('{"again":true}');
  });

  it("is not sent once more where the server had it for longer than an end of the connection is under way", async () => {
    const reach = reachWith();
    const closesLate: Script = (_request, response) => void setTimeout(() => response.socket?.destroy(), 2_200);
    upstream.script(answerJson({}), closesLate, answerJson({ again: true }));
    const first = await reach.send(to(upstream.url));
    if (!first.failure) await read(first.body);
    await pause(5);
    const count = upstream.requests.length;
    expect((await reach.send(to(upstream.url))).failure).toMatchObject({ kind: "cut-off" });
    expect(upstream.requests.length - count).toBe(1);
  });

  it("is sent once more also where another request has opened a connection meanwhile, and not where its own was a new one", async () => {
    const reach = reachWith();
    let close = () => {};
    const closesLater: Script = (_request, response) => {
      close = () => void response.socket?.destroy();
    };
    upstream.script(answerJson({}), closesLater, answerJson({ other: true }), answerJson({ again: true }));
    const first = await reach.send(to(upstream.url));
    if (!first.failure) await read(first.body);
    await pause(5);
    const count = upstream.requests.length;
    const second = reach.send(to(upstream.url));
    await upstream.request(count + 1);
    const other = await reach.send(to(upstream.url));
    close();
    const reached = await second;
    expect(reached.failure === undefined && (await read(reached.body))).toBe('{"again":true}');
    if (!other.failure) await read(other.body);
    expect(upstream.requests.length - count).toBe(3);

    upstream.script((_request, response) => void response.socket?.destroy());
    expect((await reachWith().send(to(upstream.url))).failure).toMatchObject({ kind: "cut-off" });
    expect(upstream.requests.length - count).toBe(4);
  });
});

describe("a host of several addresses", () => {
  const at =
    (...addresses: string[]): LookupFunction =>
    (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      );

  it("is reached at the one that takes connections, whichever that is", async () => {
    upstream.script(answerJson({ ok: true }));
    for (const addresses of [
      ["::1", "127.0.0.1"],
      ["127.0.0.1", "::1"],
      ["127.0.0.1", "127.0.0.1", "::1", "127.0.0.1"],
    ]) {
      const reached = await reachWith({ lookup: at(...addresses) }).send(to(`http://box.lan:${upstream.port}`));
      expect(reached.failure === undefined && (await read(reached.body))).toBe('{"ok":true}');
    }
  });

  it("is told by what the first of them did where none takes any", async () => {
    const reached = await reachWith({ lookup: at("127.0.0.1", "::1") }).send(to(`http://box.lan:${await freePort()}`));
    expect(reached.failure?.message).toContain("connection refused after");
  });

  // Linux lets a connection wait where a server's queue is full, as on a long way.
  it.runIf(process.platform === "linux")("is reached at one that takes long, where the others refuse", async () => {
    const code = `const { parentPort } = require("node:worker_threads");
      const server = require("node:http").createServer((_request, response) => response.end("late"));
      server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
        parentPort.postMessage(server.address().port);
        setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600));
      });`;
    const worker = new Worker(code, { eval: true });
    const [port] = (await once(worker, "message")) as [number];
    const queued = Array.from({ length: 4 }, () => connect(port, "127.0.0.1").on("error", () => {}));
    await pause(50);
    const reached = await reachWith({ lookup: at("127.0.0.1", "127.0.0.2", "::1") }).send(to(`http://box.lan:${port}`));
    for (const socket of queued) socket.destroy();
    if (reached.failure) throw new Error(reached.failure.message);
    expect(await read(reached.body)).toBe("late");
    await worker.terminate();
  });
});

describe("failures", () => {
  it("does not keep a connection whose TLS is not there in the time that it may take", async () => {
    const server = createServer();
    const closed = new Promise<void>((resolve) => server.once("connection", (socket) => socket.resume().once("close", () => resolve())));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = providerAt(url, { timeout: { connect: 100, firstByte: 5000, idle: 5000 } });
    expect((await reachWith().send(to(url, { provider }))).failure?.message).toContain("no connection after");
    await closed;
    server.close();
  });

  it("goes to a forwarded port under the provider's own name, in TLS too, past any HTTP proxy", async () => {
    const server = createServer();
    const first = new Promise<Buffer>((resolve) => {
      server.once("connection", (socket) =>
        socket.once("data", (bytes) => {
          resolve(bytes);
          socket.destroy();
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const provider = providerAt("https://vllm.team.example:8000", { via: { command: ["kubectl"], source: ".fccrc:6" } });
    const reach = reachWith({ env: { HTTPS_PROXY: "http://127.0.0.1:9" }, forward: async () => ({ port }) });
    const reached = await reach.send(to("https://vllm.team.example:8000", { provider }));
    server.close();
    // The name stands as it is in a client's first TLS message (RFC 6066 3).
    expect((await first).includes("vllm.team.example")).toBe(true);
    expect(reached.failure?.message).not.toContain("is not known");
  });

  it.each([
    [["private"], undefined],
    [[["vllm.team.example"]], undefined],
    [[["127.0.0.0/8"]], undefined],
    [[["10.0.0.0/8"]], "refused-by-policy"],
    [["private", ["other.example"]], "refused-by-policy"],
  ] as const)("judges by %j what is connected to, and its name", async (boundary, kind) => {
    upstream.script(answerText("ok"));
    const provider = providerAt("http://vllm.team.example:8000", { via: { command: ["kubectl"], source: ".fccrc:6" } });
    const reach = reachWith({ boundary, forward: async () => ({ port: upstream.port }) });
    const reached = await reach.send(to("http://vllm.team.example:8000", { provider }));
    expect(reached.failure?.kind).toBe(kind);
  });

  it("sends nothing where nothing leads to a provider that has to be led to", async () => {
    const provider = providerAt(upstream.url, { via: { command: ["kubectl"], source: ".fccrc:6" } });
    const before = upstream.connections();
    expect((await reachWith().send(to(upstream.url, { provider }))).failure).toMatchObject({ kind: "unreachable" });
    expect(upstream.connections()).toBe(before);
  });

  it("tells that a server does not speak TLS", async () => {
    const url = upstream.url.replace("http:", "https:");
    const reached = await reachWith().send(to(url));
    expect(reached.failure).toMatchObject({ kind: "unreachable" });
    expect(reached.failure?.message).toContain("does not speak TLS");
  });

  it.each([
    ["CERT_HAS_EXPIRED", "its TLS certificate has expired (CERT_HAS_EXPIRED). It has to be renewed there"],
    ["CERT_NOT_YET_VALID", "its TLS certificate is not valid yet (CERT_NOT_YET_VALID). Check this machine's clock."],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "Name that in providers.box.baseUrl, or in providers.box.tls.serverName."],
    ["SELF_SIGNED_CERT_IN_CHAIN", "Name its authority in providers.box.tls.ca, or in NODE_EXTRA_CA_CERTS."],
  ])("tells what to do about a certificate (%s)", (code, said) => {
    const url = new URL("https://box.lan:8000");
    const circumstance = { provider: providerAt(url.origin), url, elapsed: 5, answering: false };
    expect(explain(Object.assign(new Error("x"), { code }), circumstance).message).toContain(said);
  });

  it.each([
    ["EMFILE", "this program has too many files open (EMFILE)"],
    ["ENFILE", "this machine has too many files open (ENFILE)"],
  ])("does not take it for the server's doing that no connection can be opened here (%s)", (code, said) => {
    const url = new URL("http://box.lan:8000");
    const circumstance = { provider: providerAt(url.origin), url, elapsed: 5, answering: false };
    const failure = explain(Object.assign(new Error("x"), { code }), circumstance);
    expect(failure).toMatchObject({ kind: "unreachable", origin: "fcc", message: expect.stringContaining(said) });
  });

  it("tells a limit of addresses as that, and as nothing to try again", () => {
    const error = new RangeError("WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance");
    const url = new URL("https://box.lan:8000");
    const told = explain(error, { provider: providerAt(url.origin), url, elapsed: 5, answering: false });
    expect(told).toMatchObject({ origin: "fcc", kind: "refused-by-policy" });
    expect(told.message).toMatch(/`ulimit -v`.* Set NODE_OPTIONS=--disable-wasm-trap-handler, or use Node 24\.$/);
  });

  it("does not ask whether a server that has answered in plain HTTP takes TLS", async () => {
    const closing: Script = (_request, response) => void response.socket?.destroy();
    const reach = reachWith();
    upstream.script(closing);
    expect((await reach.send(to(upstream.url))).failure?.advice).toMatch(/^Is it https/);
    upstream.script(answerText("ok"));
    const answered = await reach.send(to(upstream.url));
    if (answered.failure === undefined) answered.body.resume();
    upstream.script(closing);
    expect((await reach.send(to(upstream.url))).failure).toMatchObject({ kind: "cut-off", message: expect.stringMatching(/\(\w+\)\.$/) });
  });

  it("names the command whose forwarded port closes at once: nothing listens at its other end", async () => {
    upstream.script((_request, response) => void response.socket?.destroy());
    const provider = providerAt("http://vllm.team.example:8000", { via: { command: ["kubectl"], source: ".fccrc:6" } });
    const reached = await reachWith({ forward: async () => ({ port: upstream.port }) }).send(
      to("http://vllm.team.example:8000", { provider }),
    );
    expect(reached.failure?.advice).toBe("Check what `kubectl` leads to (.fccrc:6).");
  });

  it("gives up a server that says nothing", async () => {
    upstream.script(silence);
    const reached = await reachWith().send(
      to(upstream.url, { provider: providerAt(upstream.url, { timeout: { connect: 1000, firstByte: 60, idle: 60 } }) }),
    );
    expect(reached.failure).toMatchObject({ kind: "timed-out" });
    const arrived = upstream.requests.at(-1);
    expect((await arrived?.closed)?.early).toBe(true);
  });

  it("gives up a body that stops coming, but not one whose reader waits", async () => {
    upstream.script(async (_request, response) => {
      response.writeHead(200).write("x".repeat(1_000_000));
      await pause(1000);
      response.end();
    });
    const provider = providerAt(upstream.url, { timeout: { connect: 1000, firstByte: 80, idle: 80 } });
    const reached = await reachWith().send(to(upstream.url, { provider }));
    if (reached.failure) throw new Error(reached.failure.message);
    await pause(200);
    expect(reached.body.destroyed).toBe(false);
    expect(await broken(reached.body)).toMatchObject({ kind: "cut-off" });
  });
});

// fcc's own questions go another way; what becomes of them is told alike.
describe.each<[string, Pick<Outgoing, "question">]>([
  ["a request", {}],
  ["a question", { question: true }],
])("%s", (_name, kind) => {
  it("tells a refused connection with the provider, where it was written, and what to do", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const reached = await reachWith().send(to(url, kind));
    expect(reached.failure).toMatchObject({ kind: "unreachable", origin: "provider" });
    expect(reached.failure?.message).toMatch(
      new RegExp(
        `^nothing answers at ${url} \\(provider box, from \\.fccrc:5\\): connection refused after \\d+\\.\\d s\\. Start it with \`boxd\`, or set providers\\.box\\.baseUrl\\.$`,
      ),
    );
  });

  it.each([
    ["OLLAMA_HOST", "from OLLAMA_HOST", "set OLLAMA_HOST"],
    ["built in", "built in", "set providers.box.baseUrl"],
    ["~/.config/fcc/config.yaml:2", "from ~/.config/fcc/config.yaml:2", "set providers.box.baseUrl"],
  ])("names what changes an address by who said it: %s", async (source, from, todo) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const provider = providerAt(url, { source }, { baseUrlEnv: "OLLAMA_HOST" });
    const { failure } = await reachWith().send({ ...to(url, kind), provider });
    expect(failure?.message).toContain(`(provider box, ${from})`);
    expect(failure?.message).toMatch(new RegExp(`or ${todo}\\.$`));
  });

  it("tells a name that is not known", async () => {
    const lookup: ReachOptions["lookup"] = (name, _options, callback) =>
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" }), []);
    const reached = await reachWith({ lookup }).send(to("http://gpu-box.lan:1", kind));
    expect(reached.failure).toMatchObject({ kind: "unreachable" });
    expect(reached.failure?.message).toContain("the name gpu-box.lan is not known");
  });

  it("tells a body that was cut", async () => {
    upstream.script(cutAfter(["data: 1\n\n"]));
    const reached = await reachWith().send(to(upstream.url, kind));
    if (reached.failure) throw new Error(reached.failure.message);
    const message = expect.stringContaining("connection closed in the middle of its answer");
    expect(await broken(reached.body)).toMatchObject({ kind: "cut-off", origin: "provider", message });
  });

  it("tells a connection that closes without an answer", async () => {
    upstream.script((_request, response) => void response.socket?.destroy());
    const reached = await reachWith().send(to(upstream.url, kind));
    expect(reached.failure).toMatchObject({ kind: "cut-off" });
    expect(reached.failure?.message).toContain("closed the connection without an answer");
  });

  it("waits no longer for a connection than it is allowed to", async () => {
    const lookup: ReachOptions["lookup"] = () => {};
    const provider = providerAt("http://slow.lan", { timeout: { connect: 50, firstByte: 5000, idle: 5000 } });
    const reached = await reachWith({ lookup }).send(to("http://slow.lan", { ...kind, provider }));
    expect(reached.failure).toMatchObject({ kind: "unreachable" });
    expect(reached.failure?.message).toContain("no connection after 0.1 s");
  });

  it("destroys a request whose answer has not begun", async () => {
    upstream.script(silence);
    const count = upstream.requests.length + 1;
    const controller = new AbortController();
    const sent = reachWith().send(to(upstream.url, { ...kind, signal: controller.signal }));
    const arrived = await upstream.request(count);
    controller.abort();
    expect((await sent).failure).toMatchObject({ kind: "cut-off", origin: "client" });
    expect((await arrived.closed).early).toBe(true);
  });

  it("destroys a request in the middle of its answer, and when its body is destroyed", async () => {
    for (const how of ["signal", "destroy"] as const) {
      upstream.script(answerStream(Array(1000).fill("data: x\n\n"), { every: 5 }));
      const count = upstream.requests.length + 1;
      const controller = new AbortController();
      const reached = await reachWith().send(to(upstream.url, { ...kind, signal: controller.signal }));
      if (reached.failure) throw new Error(reached.failure.message);
      reached.body.on("error", () => {});
      reached.body.resume();
      const arrived = await upstream.request(count);
      if (how === "signal") controller.abort();
      else reached.body.destroy();
      expect((await arrived.closed).early).toBe(true);
    }
  });

  it("does not send what was given up while its name was looked up", async () => {
    const { lookup, asked, answer } = lateResolver();
    const before = upstream.requests.length;
    const controller = new AbortController();
    const sent = reachWith({ lookup }).send(to(`http://box.lan:${upstream.port}`, { ...kind, signal: controller.signal }));
    await asked;
    controller.abort();
    expect((await sent).failure).toMatchObject({ origin: "client" });
    answer();
    await pause(50);
    expect(upstream.requests.length).toBe(before);
  });

  it("under way when the way is closed ends with it", async () => {
    upstream.script(silence);
    const count = upstream.requests.length + 1;
    const reach = reachWith();
    const sent = reach.send(to(upstream.url, kind));
    const arrived = await upstream.request(count);
    await reach.close();
    expect((await sent).failure).toMatchObject({ kind: "cut-off" });
    expect((await arrived.closed).early).toBe(true);
  });

  it("whose connection is being made when the way is closed makes none later", async () => {
    const { lookup, asked, answer } = lateResolver();
    const before = upstream.connections();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const reach = reachWith({ lookup });
    const sent = reach.send(to(`http://slow.lan:${upstream.port}`, kind));
    await asked;
    const during = timers();
    await reach.close();
    expect((await sent).failure).toMatchObject({ kind: "cut-off" });
    expect(timers()).toBeLessThan(during);
    answer();
    await pause(50);
    expect(upstream.connections()).toBe(before);
  });

  it("is given up where nothing comes for as long as the provider's first byte may take", async () => {
    upstream.script(silence);
    const provider = providerAt(upstream.url, { timeout: { connect: 2000, firstByte: 100, idle: 5000 } });
    const reached = await reachWith().send(to(upstream.url, { ...kind, provider }));
    expect(reached.failure).toMatchObject({ kind: "timed-out" });
    expect(reached.failure?.message).toContain("has not answered for 0.1 s");
  });

  it("with a header that HTTP cannot carry is a failure, not an error", async () => {
    const reached = await reachWith().send(to(upstream.url, { ...kind, headers: { "x-team": "日本" } }));
    expect(reached.failure).toMatchObject({ kind: "cut-off" });
    await pause(20);
  });

  it("gets a whole answer whole, whatever the server says behind it", async () => {
    for (const head of ["Content-Length: 2", "Content-Length: 2\r\nConnection: close"]) {
      upstream.script((_request, response) => void response.socket?.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n{}GARBAGE`));
      const reached = await reachWith().send(to(upstream.url, kind));
      if (reached.failure) throw new Error(reached.failure.message);
      expect(await read(reached.body)).toBe("{}");
    }
  });

  it("that was given up while its connection was made makes none later", async () => {
    const { lookup, asked, answer } = lateResolver();
    const provider = providerAt("http://slow.lan", { timeout: { connect: 50, firstByte: 5000, idle: 5000 } });
    const before = upstream.connections();
    const reached = await reachWith({ lookup }).send(to(`http://slow.lan:${upstream.port}`, { ...kind, provider }));
    expect(reached.failure).toMatchObject({ kind: "unreachable" });
    await asked;
    answer();
    await pause(50);
    expect(upstream.connections()).toBe(before);
  });

  it("tells a server that offers another protocol, or answers with what is none", async () => {
    for (const said of ["HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n"]) {
      upstream.script((_request, response) => void response.socket?.end(said));
      const reached = await reachWith().send(to(upstream.url, kind));
      expect(reached.failure).toMatchObject({ origin: "provider", provider: "box" });
      if (said.startsWith("SSH")) expect(reached.failure?.message).toContain("what answers there does not speak HTTP");
    }
  });

  it("does not begin for a signal that was given before, or outside the boundary", async () => {
    const before = upstream.connections();
    const given = await reachWith().send(to(upstream.url, { ...kind, signal: AbortSignal.abort() }));
    expect(given.failure).toMatchObject({ kind: "cut-off", origin: "client" });
    const outside = await reachWith({ boundary: [["10.0.0.0/8"]] }).send(to(upstream.url, kind));
    expect(outside.failure).toMatchObject({ kind: "refused-by-policy", origin: "fcc" });
    const lookup: ReachOptions["lookup"] = (_name, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]);
    const named = await reachWith({ boundary: [["10.0.0.0/8"]], lookup }).send(to(`http://box.lan:${upstream.port}`, kind));
    expect(named.failure).toMatchObject({ kind: "refused-by-policy", origin: "fcc" });
    expect(upstream.connections()).toBe(before);
  });

  it.each(["local", "private"] as const)("asks nobody where a cloud provider is, under the boundary %s", async (rule) => {
    const asked: string[] = [];
    const lookup: ReachOptions["lookup"] = (name, _options, callback) => {
      asked.push(name);
      callback(Object.assign(new Error("not found"), { code: "ENOTFOUND" }), []);
    };
    const url = "http://api.cloud.example";
    const provider = providerAt(url, {}, { kind: "cloud" });
    const refused = await reachWith({ boundary: [rule], lookup }).send(to(url, { ...kind, provider }));
    expect(refused.failure).toMatchObject({ kind: "refused-by-policy", origin: "fcc", message: expect.stringContaining(`(${rule})`) });
    // One that is run elsewhere may be anywhere, and so may a host that the boundary names.
    const own = providerAt("http://box.lan", {}, { kind: "cloud", speaks: { chat: { baseUrl: url } } });
    await reachWith({ boundary: [rule], lookup }).send(to("http://box.lan", { ...kind, provider: own }));
    await reachWith({ boundary: [["api.cloud.example"]], lookup }).send(to(url, { ...kind, provider }));
    expect(asked).toEqual(["box.lan", "api.cloud.example"]);
  });
});

describe("a question", () => {
  it.each(["GET", "POST", "DELETE"] as const)("arrives whole with %s, on a connection that ends with it", async (method) => {
    upstream.script(answerJson({ ok: true }, 200, { "x-a": "1" }));
    const body = method === "GET" ? "" : '{"name":"x"}';
    const { provider, url } = to(upstream.url);
    const question = { provider, url, method, headers: { "x-y": "z" }, question: true, ...(body !== "" && { body }) } as const;
    const reached = await reachWith().send(question);
    if (reached.failure) throw new Error(reached.failure.message);
    expect([reached.status, reached.headers["x-a"], await read(reached.body)]).toEqual([200, "1", '{"ok":true}']);
    const arrived = upstream.requests.at(-1);
    expect(arrived).toMatchObject({ method, text: body, headers: { "x-y": "z", host: new URL(upstream.url).host } });
    await expect.poll(() => upstream.sockets.size).toBe(0);
  });

  it("goes through the HTTP proxy that the environment names, as any request", async () => {
    upstream.script(answerJson({ through: "the proxy" }));
    const reached = await reachWith({ env: { http_proxy: upstream.url } }).send(to("http://box.lan:1", { question: true }));
    if (reached.failure) throw new Error(reached.failure.message);
    expect(await read(reached.body)).toBe('{"through":"the proxy"}');
    expect(upstream.requests.at(-1)?.path).toBe("http://box.lan:1/v1/x");
  });
});

/** A resolver that says that a name is this machine, when it is told to. */
function lateResolver() {
  let answer = () => {};
  let heard = () => {};
  const asked = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const lookup: ReachOptions["lookup"] = (_name, _options, callback) => {
    answer = () => callback(null, [{ address: "127.0.0.1", family: 4 }]);
    heard();
  };
  return { lookup, asked, answer: () => answer() };
}
