import { createServer } from "node:http";
import { type AddressInfo, connect, type LookupFunction } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { admits } from "../../src/reach/boundary.ts";
import { httpProxyFor } from "../../src/reach/http-proxy.ts";
import { createReach, type Reach, type ReachOptions } from "../../src/reach/reach.ts";
import type { Boundary } from "../../src/route/target.ts";
import { providerAt } from "../support/provider.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

describe("a boundary admits", () => {
  const cases: [Boundary, string, string | undefined, "admitted" | "refused" | "unknown"][] = [
    [[], "api.example", undefined, "admitted"],
    [[], "169.254.169.254", undefined, "admitted"],
    [["local"], "localhost", undefined, "admitted"],
    [["local"], "api.localhost", undefined, "admitted"],
    [["local"], "127.0.0.1", undefined, "admitted"],
    [["local"], "127.8.8.8", undefined, "admitted"],
    [["local"], "[::1]", undefined, "admitted"],
    [["local"], "::ffff:127.0.0.1", undefined, "admitted"],
    [["local"], "10.0.0.1", undefined, "refused"],
    [["local"], "box.lan", undefined, "unknown"],
    [["local"], "localhost", "10.0.0.1", "refused"],
    [["private"], "10.1.2.3", undefined, "admitted"],
    [["private"], "172.16.0.1", undefined, "admitted"],
    [["private"], "172.32.0.1", undefined, "refused"],
    [["private"], "192.168.1.1", undefined, "admitted"],
    [["private"], "100.64.0.1", undefined, "admitted"],
    [["private"], "fd12::1", undefined, "admitted"],
    [["private"], "fe80::1%eth0", undefined, "admitted"],
    [["private"], "169.254.1.1", undefined, "admitted"],
    [["private"], "169.254.169.254", undefined, "refused"],
    [["private"], "::ffff:169.254.169.254", undefined, "refused"],
    [["private"], "169.254.170.2", undefined, "refused"],
    [["private"], "169.254.170.23", undefined, "refused"],
    [["private"], "fd00:ec2::254", undefined, "refused"],
    [["private"], "gpu.lan", "fd00:ec2::23", "refused"],
    [["private"], "[fd20:ce:0::254]", undefined, "refused"],
    [["private"], "[fd00:c1::a9fe:a9fe]", undefined, "refused"],
    [["private"], "169.254.0.23", undefined, "refused"],
    [["local"], "169.254.169.254", "127.0.0.1", "refused"],
    [["private"], "meta.lan", "100.100.100.200", "refused"],
    [["private"], "::ffff:10.0.0.1", undefined, "admitted"],
    [["private"], "::ffff:8.8.8.8", undefined, "refused"],
    [["private"], "64:ff9b::a00:1", undefined, "refused"],
    [["private"], "8.8.8.8", undefined, "refused"],
    [["private"], "api.example", "8.8.8.8", "refused"],
    [["private"], "gpu.lan", "192.168.1.7", "admitted"],
    [[["*.team.example"]], "vllm.team.example", undefined, "admitted"],
    [[["*.team.example"]], "team.example", undefined, "refused"],
    [[["*.team.example"]], "vllm.team.example.evil.com", undefined, "refused"],
    [[["*.team.example"]], "VLLM.Team.Example.", undefined, "admitted"],
    [[["gpu-*.lan"]], "gpu-7.lan", undefined, "admitted"],
    [[["10.0.0.0/8"]], "box.lan", undefined, "unknown"],
    [[["10.0.0.0/8"]], "box.lan", "10.9.9.9", "admitted"],
    [[["10.0.0.0/8"]], "box.lan", "11.9.9.9", "refused"],
    [[["fd00::/8", "10.0.0.7"]], "10.0.0.7", undefined, "admitted"],
    [[["vllm.lan", "10.0.0.0/8"]], "vllm.lan", "93.184.216.34", "admitted"],
    [[["meta.lan"]], "meta.lan", "169.254.169.254", "refused"],
    [["private", ["*.lan"]], "gpu.lan", "192.168.0.2", "admitted"],
    [["private", ["*.lan"]], "gpu.lan", "8.8.8.8", "refused"],
    [["private", ["*.lan"]], "gpu.other", "192.168.0.2", "refused"],
    [["private", "local"], "10.0.0.1", undefined, "refused"],
  ];
  it.each(cases)("%j: %s at %s is %s", (boundary, host, address, verdict) => {
    expect(admits(boundary, host, address).verdict).toBe(verdict);
  });
});

describe("the HTTP proxy for a URL", () => {
  const env = { HTTPS_PROXY: "http://proxy:3128", http_proxy: "proxy2:80" };
  it.each([
    ["https://api.example/x", {}, "http://proxy:3128/"],
    ["http://api.example/x", {}, "http://proxy2/"],
    ["http://localhost:11434", {}, undefined],
    ["http://127.0.0.1:1", {}, undefined],
    ["https://[::1]/", {}, undefined],
    ["https://api.example", { NO_PROXY: "*" }, undefined],
    ["https://api.example", { NO_PROXY: "api.example" }, undefined],
    ["https://deep.api.example", { NO_PROXY: "other, .api.example" }, undefined],
    ["https://deep.api.example", { no_proxy: "*.api.example" }, undefined],
    ["https://notapi.example", { NO_PROXY: "api.example" }, "http://proxy:3128/"],
    ["https://api.example:8443", { NO_PROXY: "api.example:443" }, "http://proxy:3128/"],
    ["https://api.example:8443", { NO_PROXY: "api.example:8443" }, undefined],
    ["https://10.1.2.3", { NO_PROXY: "10.0.0.0/8" }, undefined],
    ["https://10.1.2.3", { NO_PROXY: "10.*,192.168.*" }, undefined],
    ["https://192.168.7.9:8443", { NO_PROXY: "10.*,192.168.*:8443" }, undefined],
    ["https://110.1.2.3", { NO_PROXY: "10.*" }, "http://proxy:3128/"],
    ["https://10xyz.example", { NO_PROXY: "10.*" }, "http://proxy:3128/"],
    ["https://gpu-7.lan", { NO_PROXY: "gpu-*.lan" }, undefined],
    ["https://deep.api.example", { NO_PROXY: "*api.example" }, undefined],
    ["https://11.1.2.3", { NO_PROXY: "10.0.0.0/8,192.168.0.1" }, "http://proxy:3128/"],
    ["https://[fd00::1]/", { NO_PROXY: "fd00::/8" }, undefined],
  ])("%s with %j is %s", (url, more, expected) => {
    expect(httpProxyFor(new URL(url), { ...env, ...more })?.url?.href).toBe(expected);
  });
});

describe("on the real socket", () => {
  let upstream: Upstream;
  const open: Reach[] = [];
  beforeAll(async () => {
    upstream = await startUpstream(answerJson({ ok: true }));
  });
  afterAll(() => upstream.close());
  afterEach(async () => {
    for (const reach of open.splice(0)) await reach.close();
  });
  const lies =
    (address: string): LookupFunction =>
    (_name, _options, callback) =>
      callback(null, [{ address, family: 4 }]);
  const send = (options: Partial<ReachOptions>, url: string) => {
    const reach = createReach({ env: {}, ...options });
    open.push(reach);
    return reach.send({ provider: providerAt(url), method: "POST", url, headers: {}, body: "secret prompt" });
  };

  it("an address inside is reached, by a name that only the address admits", async () => {
    const reached = await send({ boundary: ["local"], lookup: lies("127.0.0.1") }, `http://gpu.lan:${upstream.port}/`);
    expect(reached.failure === undefined && reached.status).toBe(200);
    if (!reached.failure) reached.body.resume();
  });

  it("a name that leads outside is refused and nothing arrives", async () => {
    const before = upstream.connections();
    const reached = await send({ boundary: [["10.0.0.0/8"]], lookup: lies("127.0.0.1") }, `http://gpu.lan:${upstream.port}/`);
    expect(reached.failure).toMatchObject({ kind: "refused-by-policy", origin: "fcc" });
    expect(reached.failure?.message).toContain("gpu.lan (127.0.0.1) is outside the boundary (10.0.0.0/8)");
    expect(upstream.connections()).toBe(before);
  });

  it.skipIf(process.platform === "win32")("an address that leads to another finds the socket itself checked", async () => {
    // What resolvers return is filtered, so that the lie has to come after: who connects to 0.0.0.0 gets to this machine.
    const before = upstream.requests.length;
    const reached = await send({ boundary: [["0.0.0.0/8"]], lookup: lies("0.0.0.0") }, `http://gpu.lan:${upstream.port}/`);
    expect(reached.failure).toMatchObject({ kind: "refused-by-policy" });
    expect(reached.failure?.message).toContain("gpu.lan (127.0.0.1)");
    expect(upstream.requests.length).toBe(before);
  });

  it("an address literal outside is refused", async () => {
    const reached = await send({ boundary: [["10.0.0.0/8"]] }, `${upstream.url}/`);
    expect(reached.failure).toMatchObject({ kind: "refused-by-policy" });
  });

  describe("through an HTTP proxy", () => {
    let seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? ""} ${request.headers.host}`);
      response.statusCode = request.headers.host === "guarded.example" ? 407 : 200;
      response.end("{}");
    });
    proxy.on("connect", (request, socket) => {
      seen.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"] ?? ""} ${request.headers.host}`);
      if (request.url?.startsWith("refused")) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      if (request.url?.startsWith("closed")) return void socket.end();
      if (request.url?.startsWith("garbled")) return void socket.end("SSH-2.0\r\n\r\n");
      const through = connect(upstream.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        through.pipe(socket).pipe(through);
      });
      through.on("error", () => socket.destroy());
      socket.on("error", () => through.destroy());
    });
    let address = "";
    beforeAll(async () => {
      await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
      address = `http://user:pa%20ss@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    });
    afterAll(() => proxy.close());
    afterEach(() => {
      seen = [];
    });

    it("http names the whole URL and brings the proxy's credentials", async () => {
      const reached = await send({ env: { HTTP_PROXY: address } }, "http://api.example:81/v1/x?y=1");
      expect(reached.failure).toBeUndefined();
      if (!reached.failure) reached.body.resume();
      expect(seen).toEqual([`POST http://api.example:81/v1/x?y=1 Basic ${Buffer.from("user:pa ss").toString("base64")} api.example:81`]);
    });

    it.each(["http", "https"])("%s takes a password that holds a bare %% as it stands", async (scheme) => {
      const named = address.replace("pa%20ss", "50%off");
      await send({ env: { [`${scheme}_proxy`]: named } }, `${scheme}://refused.example/`);
      expect(seen.join()).toContain(` Basic ${Buffer.from("user:50%off").toString("base64")} `);
    });

    it("https goes through a tunnel", async () => {
      const reached = await send({ env: { HTTPS_PROXY: address } }, "https://api.example/v1/x");
      expect(seen).toEqual([`CONNECT api.example:443 Basic ${Buffer.from("user:pa ss").toString("base64")} api.example:443`]);
      // Behind the tunnel stands a server without TLS.
      expect(reached.failure?.message).toContain("does not speak TLS");
    });

    it("a tunnel to an IPv6 address names it in brackets", async () => {
      await send({ env: { HTTPS_PROXY: address } }, "https://[2001:db8::1]/");
      expect(seen.join()).toMatch(/^CONNECT \[2001:db8::1\]:443 .* \[2001:db8::1\]:443$/);
    });

    it("a tunnel that is refused says so, without the proxy's credentials", async () => {
      const reached = await send({ env: { HTTPS_PROXY: address } }, "https://refused.example/");
      expect(reached.failure?.message).toContain("the HTTP proxy 127.0.0.1:");
      expect(reached.failure?.message).toContain("answered 403");
      expect(reached.failure?.message).not.toContain("pa");
    });

    it.each(["closed", "garbled"])("a tunnel that is %s is asked for once, and the proxy is blamed", async (name) => {
      const reached = await send({ env: { HTTPS_PROXY: address } }, `https://${name}.example/`);
      expect(reached.failure?.message).toMatch(/the HTTP proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\) opened no tunnel \(\w+\)/);
      expect(seen.length).toBe(1);
    });

    it.each([
      ["that refuses", "HTTP_PROXY", "127.0.0.1:1", "http", "the HTTP proxy 127.0.0.1:1 (HTTP_PROXY) refused the connection after "],
      ["that refuses a tunnel", "https_proxy", "127.0.0.1:1", "https", "the HTTP proxy 127.0.0.1:1 (https_proxy) refused the connection"],
      ["whose name nobody knows", "HTTP_PROXY", "notaurl", "http", "the HTTP proxy notaurl (HTTP_PROXY) is not known by its name notaurl"],
    ])("one %s is blamed in the place of the target", async (_name, variable, named, scheme, said) => {
      const reached = await send({ env: { [variable]: named } }, `${scheme}://far.example:8000/`);
      expect(reached.failure?.message).toContain(said);
      expect(reached.failure?.message).toContain(`Check ${variable}, or name the host in NO_PROXY.`);
    });

    it.each([
      ["socks5h://127.0.0.1:1", "names a socks5h proxy; only http and https are understood."],
      ["http://[", "does not hold an address."],
    ])("one that is none (%s) is refused by its variable, and nothing goes past it", async (named, said) => {
      for (const scheme of ["http", "https"]) {
        const reached = await send(
          { env: { [`${scheme}_proxy`]: named }, lookup: lies("127.0.0.1") },
          `${scheme}://far.example:${upstream.port}/`,
        );
        expect(reached.failure).toMatchObject({ kind: "unreachable", origin: "fcc" });
        expect(reached.failure?.message).toContain(`${scheme}_proxy ${said}`);
      }
    });

    it("one that wants credentials for http is blamed too", async () => {
      const reached = await send({ env: { HTTP_PROXY: address } }, "http://guarded.example/");
      expect(reached.failure?.message).toMatch(/the HTTP proxy 127\.0\.0\.1:\d+ \(HTTP_PROXY\) answered 407\. Check HTTP_PROXY/);
    });

    it("loopback never goes through it", async () => {
      const reached = await send({ env: { HTTP_PROXY: address } }, `${upstream.url}/`);
      if (!reached.failure) reached.body.resume();
      expect(seen).toEqual([]);
    });

    it("under a boundary it is used only where it is inside and the target is admitted by name", async () => {
      const inside = await send({ env: { HTTP_PROXY: address }, boundary: [["api.example", "127.0.0.0/8"]] }, "http://api.example/");
      expect(inside.failure).toBeUndefined();
      if (!inside.failure) inside.body.resume();
      seen = [];
      const byAddress = await send({ env: { HTTP_PROXY: address }, boundary: ["private"] }, "http://api.example/");
      expect(byAddress.failure).toMatchObject({ kind: "refused-by-policy" });
      expect(byAddress.failure?.message).toContain("the boundary does not admit the host by name");
      const proxyOutside = await send({ env: { HTTP_PROXY: address }, boundary: [["api.example"]] }, "http://api.example/");
      expect(proxyOutside.failure).toMatchObject({ kind: "refused-by-policy" });
      expect(proxyOutside.failure?.message).toMatch(
        /^api\.example is outside the boundary \(it would go through the HTTP proxy 127\.0\.0\.1:\d+, which is outside itself\)/,
      );
      expect(seen).toEqual([]);
    });
  });
});
