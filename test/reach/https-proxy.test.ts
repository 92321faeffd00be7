import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReach } from "../../src/reach/reach.ts";
import { providerAt } from "../support/provider.ts";

describe.skipIf(spawnSync("openssl", ["version"]).error !== undefined)("an HTTP proxy that is itself reached over TLS", () => {
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

  it("takes plain requests as they are, without a tunnel to itself", async () => {
    const reach = createReach({ env: { HTTP_PROXY: `https://localhost:${(proxy.address() as AddressInfo).port}` } });
    const provider = providerAt("http://far.example", { tls: { ca } });
    const reached = await reach.send({ provider, method: "POST", url: "http://far.example/v1/x", headers: {}, body: "{}" });
    if (reached.failure === undefined) reached.body.resume();
    await reach.close();
    expect(reached.failure).toBeUndefined();
    expect(seen).toEqual(["POST http://far.example/v1/x"]);
  });
});
