import { describe, expect, it } from "vitest";
import { freePort } from "../../src/reach/loopback.ts";
import { traceWay } from "../../src/reach/trace.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { providerAt } from "../support/provider.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const servers = closedAfterEachTest();
async function serve(): Promise<Upstream> {
  const server = await startUpstream(answerJson({}));
  servers.push(server);
  return server;
}
const trace = (url: string, env: Readonly<Record<string, string>> = {}, boundary?: Parameters<typeof traceWay>[0]["boundary"]) =>
  traceWay({ provider: providerAt(url), url: new URL(url), env, ...(boundary && { boundary }) });
const failedAt = async (...given: Parameters<typeof trace>) => {
  const last = (await trace(...given)).at(-1);
  return last?.failure === undefined ? undefined : [last.step, last.failure.message];
};

describe("the way to a provider", () => {
  it("is walked to its end, and nothing of HTTP is sent", async () => {
    const server = await serve();
    const steps = await trace(server.url.replace("127.0.0.1", "localhost"));
    expect(steps.map(({ step, failure, skipped }) => [step, failure ?? skipped ?? "done"])).toEqual([
      ["HTTP proxy", true],
      ["name", "done"],
      ["TCP", "done"],
      ["TLS", true],
    ]);
    expect(server.requests).toEqual([]);
  });

  it("stops at the first step that fails, in the words of a launch", async () => {
    expect(await failedAt(`http://127.0.0.1:${await freePort()}`)).toEqual(["TCP", expect.stringContaining("connection refused")]);
    expect(await failedAt("http://nowhere.invalid")).toEqual(["name", expect.stringContaining("nowhere.invalid is not known")]);
    expect(await failedAt((await serve()).url.replace("http:", "https:"))).toEqual(["TLS", expect.stringContaining("does not speak TLS")]);
  });

  it("ends at the boundary before anything is opened", async () => {
    const server = await serve();
    expect(await failedAt(server.url, {}, [["10.0.0.0/8"]])).toEqual(["name", expect.stringContaining("outside the boundary")]);
    expect(server.connections()).toBe(0);
    expect(await failedAt(server.url, {}, ["local"])).toBeUndefined();
  });

  it("goes through the HTTP proxy that the environment names, and blames it for what it does not do", async () => {
    const proxy = await serve();
    expect((await trace("http://far.example", { http_proxy: proxy.url })).map(({ step, seen }) => [step, seen])).toContainEqual([
      "HTTP proxy",
      proxy.url,
    ]);
    const dead = `http://127.0.0.1:${await freePort()}`;
    expect(await failedAt("http://far.example", { http_proxy: dead })).toEqual([
      "HTTP proxy",
      expect.stringContaining("cannot be reached"),
    ]);
    expect(await failedAt("https://far.example", { HTTPS_PROXY: "http://[" })).toEqual([
      "HTTP proxy",
      expect.stringContaining("HTTPS_PROXY"),
    ]);
    expect(await failedAt("http://far.example", { HTTP_PROXY: "socks5://127.0.0.1:1" })).toEqual([
      "HTTP proxy",
      expect.stringContaining("socks5"),
    ]);
  });

  it("does not mind a proxy that this way does not take", async () => {
    const server = await serve();
    expect(await failedAt(server.url, { HTTP_PROXY: "socks5://127.0.0.1:1" })).toBeUndefined();
  });
});
