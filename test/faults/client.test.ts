import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WireName } from "../../src/model/opaque.ts";
import type { Target } from "../../src/route/target.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";
import { type Launch, launch, messagesRequest } from "../support/proxy.ts";
import { chatStream, messagesStream, pause, startUpstream, type Upstream } from "../support/upstream.ts";

/** Open files and sockets of this process, in which both ends of everything are. */
const open = () => readdirSync("/proc/self/fd").length;
const hasProc = process.platform === "linux";

let upstream: Upstream;
const proxies = {} as Record<"translated" | "passed", Launch>;
const speaking = (wire: WireName) => providerAt(upstream.url, { speaks: wiresAt(`${upstream.url}/v1`, wire), id: wire });
beforeAll(async () => {
  upstream = await startUpstream(async (request, response) => {
    const pieces = request.path.endsWith("/messages") ? messagesStream(["a", "b", "c"]) : chatStream(["a", "b", "c"]);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    for (const piece of pieces) {
      await pause(3);
      response.write(piece);
    }
    response.end();
  });
  proxies.translated = await launch(profileOf([targetOf(speaking("chat"))]));
  proxies.passed = await launch(profileOf([targetOf(speaking("messages"))]));
});
afterAll(async () => {
  await proxies.translated.close();
  await proxies.passed.close();
  await upstream.close();
});

const body = JSON.stringify(messagesRequest());
const whole = (token: string) =>
  `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
type Leave = "end" | "destroy" | "reset";

/** Sends so many bytes of a request, waits for so many of its answer, and goes away. */
async function leave(
  proxy: Launch,
  { sent, seen, how }: { readonly sent: number; readonly seen: number; readonly how: Leave },
): Promise<void> {
  const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
  let taken = 0;
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve));
  const enough = new Promise<void>((resolve) => {
    if (seen === 0) setTimeout(resolve, 2);
    socket.on("data", (chunk) => {
      taken += chunk.length;
      if (taken >= seen) resolve();
    });
    socket.on("close", () => resolve());
  });
  socket.write(whole(proxy.token).slice(0, sent));
  await enough;
  if (how === "end") {
    socket.end();
    socket.resume();
  } else if (how === "destroy") socket.destroy();
  else socket.resetAndDestroy();
  if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
}

describe.each(["translated", "passed"] as const)("a client that goes away, %s", (mode) => {
  const length = whole("t".repeat(43)).length;
  const headLength = length - body.length;
  it.skipIf(!hasProc).each<[name: string, sent: readonly number[], seen: readonly number[]]>([
    ["before it has said anything", [0], [0]],
    ["within its headers", [1, 30, headLength - 1], [0]],
    ["within its body", [headLength, headLength + 1, length - 1], [0]],
    ["before the first byte of the answer", [length], [0]],
    ["within the answer", [length], [1, 150, 400, 700, 900]],
  ])("%s leaves nothing open, and the next one is served", async (_name, sentAt, seenAt) => {
    const proxy = proxies[mode];
    expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(200);
    await pause(50);
    const before = open();
    for (const sent of sentAt)
      for (const seen of seenAt) for (const how of ["end", "destroy", "reset"] as const) await leave(proxy, { sent, seen, how });
    // Of two at a time a second connection to the server may be kept for the next request, for some seconds.
    for (let tries = 0; tries < 1000 && open() > before; tries += 1) await pause(10);
    expect(open()).toBeLessThanOrEqual(before);
    const answer = await proxy.post("/v1/messages", messagesRequest());
    expect([answer.status, answer.cut]).toEqual([200, false]);
  });
});

it("a clock that is set back keeps no target out for longer than it was told", async () => {
  let now = Date.now();
  const busy = await startUpstream((_request, response) => {
    response.writeHead(429, { "retry-after": "60", "content-type": "application/json" }).end('{"error":{"message":"slow down"}}');
  });
  const other = await startUpstream((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).end(chatStream(["hi"]).join(""));
  });
  const targets = [busy, other].map(({ url }, index) => targetOf(providerAt(url, { id: `p${index}` }))) as [Target, Target];
  const proxy = await launch(profileOf(targets), { clock: () => now });
  const asked = async () => {
    expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(200);
    return busy.requests.length;
  };
  try {
    expect(await asked()).toBe(1);
    expect(await asked()).toBe(1);
    now -= 365 * 24 * 3600 * 1000;
    expect(await asked()).toBe(2);
    now += 59_000;
    expect(await asked()).toBe(2);
    now += 2_000;
    expect(await asked()).toBe(3);
  } finally {
    await proxy.close();
    await busy.close();
    await other.close();
  }
});

it("a clock that jumps does not keep a request from its end, nor a target out for longer than it was told", async () => {
  const year = 365 * 24 * 3600 * 1000;
  let now = Date.now();
  const failing = await startUpstream((_request, response) => {
    response.writeHead(429, { "retry-after": "1", "content-type": "application/json" }).end('{"error":{"message":"slow down"}}');
  });
  const proxy = await launch(profileOf([targetOf(providerAt(failing.url, { keys: ["a-key-1", "a-key-2"] }))]), { clock: () => now });
  try {
    for (const jump of [year, -2 * year, 1, -1, year, Number.MAX_SAFE_INTEGER / 2]) {
      now += jump;
      const answer = await proxy.post("/v1/messages", messagesRequest());
      expect(answer.status).toBe(429);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    }
    failing.script((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).end(chatStream(["hi"]).join(""));
    });
    expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(200);
  } finally {
    await proxy.close();
    await failing.close();
  }
});
