import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain } from "../../src/reach/explain.ts";
import { createReach } from "../../src/reach/reach.ts";
import { traceWay } from "../../src/reach/trace.ts";
import type { TlsFiles } from "../../src/route/target.ts";
import { folderOfAllTests } from "../support/folder.ts";
import { providerAt } from "../support/provider.ts";

describe.skipIf(spawnSync("openssl", ["version"]).error !== undefined)("a server with a certificate of its own authority", () => {
  const folder = folderOfAllTests();
  const seen: string[] = [];
  let proxy: Server;
  let ca = "";
  beforeAll(async () => {
    const made = ["-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=proxy", "-addext", "subjectAltName=DNS:localhost"];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...made], { cwd: folder, stdio: "pipe" });
    ca = readFileSync(join(folder, "cert.pem"), "utf8");
    proxy = createServer({ key: readFileSync(join(folder, "key.pem")), cert: ca }, (request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.end("{}");
    });
    proxy.on("connect", (request, socket) => {
      seen.push(`CONNECT ${request.url}`);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void proxy.close());

  it("is an HTTP proxy that takes plain requests as they are, without a tunnel to itself", async () => {
    const reach = createReach({ env: { HTTP_PROXY: `https://localhost:${(proxy.address() as AddressInfo).port}` } });
    const provider = providerAt("http://far.example", { tls: { ca } });
    const reached = await reach.send({ provider, method: "POST", url: "http://far.example/v1/x", headers: {}, body: "{}" });
    if (reached.failure === undefined) reached.body.resume();
    await reach.close();
    expect(reached.failure).toBeUndefined();
    expect(seen).toEqual(["POST http://far.example/v1/x"]);
  });

  it("is an HTTP proxy that is blamed for its certificate, where it was to open a tunnel", async () => {
    const reach = createReach({ env: { HTTPS_PROXY: `https://localhost:${(proxy.address() as AddressInfo).port}` } });
    const provider = providerAt("https://far.example", { tls: { ca } });
    const reached = await reach.send({ provider, method: "POST", url: "https://far.example/v1/x", headers: {}, body: "{}" });
    await reach.close();
    expect(reached.failure?.message).toMatch(/the HTTP proxy localhost:\d+ \(HTTPS_PROXY\) failed in TLS \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
  });

  it("is asked about where it is asked in plain, which it closes without a word", async () => {
    const url = `http://localhost:${(proxy.address() as AddressInfo).port}`;
    const reach = createReach({ env: {} });
    const reached = await reach.send({ provider: providerAt(url), method: "POST", url: `${url}/v1/x`, headers: {}, body: "{}" });
    await reach.close();
    expect(reached.failure?.message).toContain("closed the connection without an answer");
    expect(reached.failure?.advice).toMatch(/^Is it https:\/\/ rather than http:\/\/\?/);
  });

  it("is seen on the way to it by the name that the configuration has for it", async () => {
    const { port } = proxy.address() as AddressInfo;
    const tls = async (host: string, files: TlsFiles) => {
      const url = new URL(`https://${host}:${port}`);
      return (await traceWay({ provider: providerAt(url.origin, { tls: files }), url, env: {} })).at(-1);
    };
    expect((await tls("localhost", { ca }))?.seen).toMatch(/^TLSv1\.3, certificate valid until /);
    expect((await tls("localhost", {}))?.failure?.message).toContain("is not accepted");
    expect((await tls("127.0.0.1", { ca }))?.failure?.message).toContain("is for another name");
    expect((await tls("127.0.0.1", { ca, serverName: "localhost" }))?.failure).toBeUndefined();
  });
});

describe.skipIf(spawnSync("openssl", ["version"]).error !== undefined)("a server that wants a certificate of the client's", () => {
  const folder = folderOfAllTests();
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const make = (name: string) => {
    const made = [
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      "-addext",
      "subjectAltName=DNS:localhost",
    ];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...made], { cwd: folder, stdio: "pipe" });
  };
  beforeAll(() => ["server", "client"].forEach(make));

  /** What a request with these files is told. */
  async function told(files: TlsFiles) {
    const own = { key: read("server.key"), cert: read("server.pem") };
    const server = createServer({ ...own, requestCert: true, ca: read("client.pem") }, (_request, response) => response.end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const reach = createReach({ env: {} });
    const provider = providerAt(url, { tls: { ca: read("server.pem"), ...files } });
    const reached = await reach.send({ provider, method: "POST", url: `${url}/v1/x`, headers: {}, body: "{}" });
    if (reached.failure === undefined) reached.body.resume();
    await reach.close();
    await new Promise((resolve) => server.close(resolve));
    return reached.failure;
  }

  it("is told as that, although TLS 1.3 says so only after the handshake", async () => {
    const failure = await told({});
    expect(failure?.kind).toBe("unreachable");
    expect(failure?.message).toContain("it wants a certificate of the client's (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)");
    expect(failure?.advice).toBe("Name one in providers.box.tls.cert, and its key in providers.box.tls.key.");
    expect(await told({ cert: read("client.pem"), key: read("client.key") })).toBeUndefined();
  });
});

it.each(["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED"])(
  "is not blamed for its own certificate by a server that does not accept the client's: %s",
  (code) => {
    const url = new URL("https://box.lan");
    const provider = providerAt(url.origin, { tls: { cert: "PEM", key: "PEM" } });
    const failure = explain(Object.assign(new Error("alert"), { code }), { provider, url, elapsed: 10, answering: false });
    expect(failure.message).toContain(`it does not accept the client's certificate (${code})`);
    expect(failure.advice).toBe("Check providers.box.tls.cert.");
  },
);

it("says of a server that takes HTTP/2 alone that it does", () => {
  const url = new URL("https://box.lan");
  const error = Object.assign(new Error("alert number 120"), { code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL" });
  const failure = explain(error, { provider: providerAt(url.origin), url, elapsed: 10, answering: false });
  expect(failure.message).toContain("it takes HTTP/2 alone, and is asked by HTTP/1.1");
  expect(failure.advice).toBe("Have it take HTTP/1.1 too, or set providers.box.baseUrl.");
});
