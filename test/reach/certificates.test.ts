import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReach } from "../../src/reach/reach.ts";
import { traceWay } from "../../src/reach/trace.ts";
import type { TlsFiles } from "../../src/route/target.ts";
import { providerAt } from "../support/provider.ts";

describe.skipIf(spawnSync("openssl", ["version"]).error !== undefined)("a server with a certificate of its own authority", () => {
  const folder = mkdtempSync(join(tmpdir(), "fcc-proxy-"));
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
  afterAll(() => {
    proxy.close();
    rmSync(folder, { recursive: true });
  });

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
