import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WireName } from "../../src/model/opaque.ts";
import { readMessagesStream } from "../support/messages-grammar.ts";
import { profileOf, providerAt, targetOf, wiresAt } from "../support/provider.ts";
import { type Answer, type Launch, launch, messagesRequest } from "../support/proxy.ts";
import { chatStream, messagesStream, pause } from "../support/upstream.ts";
import { flood, type Habit, head, type RawUpstream, startRawUpstream, stream } from "./raw-upstream.ts";

let upstream: RawUpstream;
/** The same server, of which fcc thinks that it speaks chat (so that everything is translated) or Messages (so that bytes pass). */
const proxies = {} as Record<"translated" | "passed", Launch>;
const gone = providerAt("http://127.0.0.1:9");
const timeout = { connect: 1000, firstByte: 600, idle: 600 };
const speaking = (wire: WireName) => providerAt(upstream.url, { speaks: wiresAt(`${upstream.url}/v1`, wire), timeout, id: wire });

beforeAll(async () => {
  upstream = await startRawUpstream();
  proxies.translated = await launch(profileOf([targetOf(speaking("chat"))]));
  proxies.passed = await launch(profileOf([targetOf(speaking("messages"))]));
});
afterAll(async () => {
  await proxies.translated.close();
  await proxies.passed.close();
  await upstream.close();
});

const modes = ["translated", "passed"] as const;
const texts = ["one ", "two ", "three"];
const replies = { translated: chatStream(texts).join(""), passed: messagesStream(texts).join("") };
const post = (mode: (typeof modes)[number], streamed: boolean) => proxies[mode].post("/v1/messages", messagesRequest({ stream: streamed }));

/** What a client can tell from an answer: the reply was whole, or something went wrong. Nothing else may be. */
function verdict(answer: Answer, passed: boolean): "whole" | "failed" {
  if (answer.cut) return "failed";
  if (answer.status !== 200) {
    expect(answer.json).toMatchObject({ type: "error", error: { type: expect.any(String), message: expect.stringMatching(/./) } });
    return "failed";
  }
  if (!/event-stream/.test(answer.headers["content-type"] ?? "")) return answer.json.type === "error" ? "failed" : "whole";
  // What passes is the server's own: a client cannot read it in a wrong encoding, and misses its last event.
  if (passed && answer.headers["content-encoding"] !== undefined) return "failed";
  if (passed && !answer.text.includes('event: message_stop\ndata: {"type":"message_stop"}\n\n')) return "failed";
  const told = readMessagesStream(answer.text);
  if (!passed) expect(told.problems).toEqual([]);
  if (told.error !== undefined) return "failed";
  expect(told.blocks.map(({ text }) => text).join("")).toBe(texts.join(""));
  return "whole";
}

/** No connection to the server is busy any more. */
async function quiet(): Promise<void> {
  for (let tries = 0; tries < 300 && upstream.sockets.size > 2; tries += 1) await pause(10);
  expect(upstream.sockets.size).toBeLessThanOrEqual(2);
}

describe.each(modes)("a connection that breaks, %s", (mode) => {
  const whole = stream() + replies[mode];
  // Once it is said why the reply stops, nothing of it is missing.
  const bodyEnds = mode === "translated" ? whole.indexOf('"finish_reason":"stop"') : whole.indexOf('"stop_reason":"end_turn"');
  const cutAt =
    (offset: number, reset: boolean): Habit =>
    (socket) => {
      socket.write(whole.slice(0, offset), () => (reset ? socket.resetAndDestroy() : socket.end()));
    };

  it("at any byte is a failure for the client, never an end", async () => {
    for (let offset = 0; offset < whole.length; offset += 1) {
      upstream.habit(cutAt(offset, false));
      const result = verdict(await post(mode, true), mode === "passed");
      if (offset <= bodyEnds) expect(result, `at ${offset}`).toBe("failed");
    }
    await quiet();
  }, 60_000);

  it("by a reset at any byte too", async () => {
    for (let offset = 0; offset < bodyEnds; offset += 37) {
      upstream.habit(cutAt(offset, true));
      expect(verdict(await post(mode, true), mode === "passed"), `at ${offset}`).toBe("failed");
    }
    await quiet();
  }, 60_000);
});

const json = (text: string, ...more: string[]) => head("application/json", ...more) + text;
const write =
  (text: string): Habit =>
  (socket) =>
    void socket.end(text, "latin1");
const endless =
  (start: string, piece: string): Habit =>
  (socket) => {
    socket.write(start);
    return flood(socket, piece, Number.POSITIVE_INFINITY);
  };

/** Bytes that pass although nobody here can read them: what is wrong with them their client sees. */
const unread = new Set(["lies about its encoding", "names an encoding that there is not"]);

describe.each(modes)("a server that misbehaves, %s", (mode) => {
  const gzip = gzipSync(replies[mode]).toString("latin1");
  const whole = mode === "translated" ? '{"choices":[{"message":{"content":"x"}}]}' : '{"type":"message","content":[]}';
  it.each<[name: string, streamed: boolean, habit: Habit]>([
    ["says nothing", true, () => {}],
    ["says nothing after its headers", true, (socket) => void socket.write(stream())],
    ["says nothing after its first words", true, (socket) => void socket.write(stream() + replies[mode].slice(0, 200))],
    ["resets at once", true, (socket) => void socket.resetAndDestroy()],
    ["closes at once", true, (socket) => void socket.end()],
    ["is no HTTP server", true, write("220 mail.example ESMTP\r\n")],
    ["answers with half a status line", true, write("HTTP/1.1 2")],
    ["says 200 and nothing", true, write(stream())],
    ["says 204", true, write("HTTP/1.1 204 No Content\r\n\r\n")],
    ["says 304", true, write("HTTP/1.1 304 Not Modified\r\n\r\n")],
    ["switches protocols", true, write("HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\nx")],
    ["promises more than it sends", false, write(json('{"x":', "content-length: 5000"))],
    [
      "promises more of a stream than it sends",
      true,
      write(stream(`content-length: ${replies[mode].length + 50}`) + replies[mode].slice(0, -600)),
    ],
    ["promises less than it sends", false, write(json(whole, "content-length: 9"))],
    ["promises two lengths", false, write(json("{}", "content-length: 2", "content-length: 3"))],
    ["sends chunks that are none", true, write(stream("transfer-encoding: chunked") + "zz\r\nhello")],
    ["ends within a chunk", true, write(`${stream("transfer-encoding: chunked")}ffff\r\n${replies[mode].slice(0, 300)}`)],
    ["lies about its encoding", true, write(stream("content-encoding: gzip") + replies[mode])],
    ["names an encoding that there is not", true, write(stream("content-encoding: rot13") + replies[mode].slice(0, 100))],
    ["ends within its encoding", true, write(stream("content-encoding: gzip") + gzip.slice(0, gzip.length / 2))],
    ["sends a page", true, write(head("text/html", "connection: close") + "<html><title>hello</title></html>")],
    ["sends a NUL and rubbish", true, write(`${stream()}\u0000\u0001\u00ff data: {{{\n\n`)],
    ["sends a header that is none", true, write("HTTP/1.1 200 OK\r\nbroken header\r\n\r\n{}")],
    ["sends headers without end", true, endless("HTTP/1.1 200 OK\r\n", "x-a: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n")],
    ["sends one header without end", true, endless("HTTP/1.1 200 OK\r\nx: ", "y")],
    ["says 100 without end", true, (socket) => flood(socket, "HTTP/1.1 100 Continue\r\n\r\n", 2_000_000).then(() => void socket.end())],
    ["sends an error without end", true, endless("HTTP/1.1 500 Oops\r\ncontent-type: text/html\r\n\r\n<html>", "<script ")],
    ["sends white space without end", false, endless(head("application/json"), "          \n")],
    [
      "sends a whole reply without end",
      false,
      endless(head("application/json") + whole.slice(0, whole.indexOf("[") + 1), '{"a":"bbbbbbbb"},'),
    ],
  ])(
    "%s",
    async (name, streamed, habit) => {
      const before = proxies[mode].facts.length;
      upstream.habit(habit);
      expect(verdict(await post(mode, streamed), mode === "passed")).toBe("failed");
      // Nothing is lost silently: what went wrong is told to whoever watches.
      const told = proxies[mode].facts.slice(before).map(({ type }) => type);
      expect(told.includes("failed")).toBe(mode === "translated" || !unread.has(name));
      await quiet();
    },
    30_000,
  );

  it("trickles: every byte by itself arrives", async () => {
    upstream.habit(async (socket) => {
      for (const byte of stream() + replies[mode]) {
        socket.write(byte);
        await new Promise((resolve) => setImmediate(resolve));
      }
      socket.end();
    });
    expect(verdict(await post(mode, true), mode === "passed")).toBe("whole");
  }, 30_000);

  it("sends another answer behind its own: the next request does not get it", async () => {
    const poisoned = replies[mode].replace("three", "poison");
    upstream.habit((socket) => {
      const answer = (text: string) =>
        `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
      socket.write(answer(replies[mode]) + answer(poisoned));
    });
    expect(poisoned).toContain("poison");
    for (let count = 0; count < 5; count += 1) {
      const answer = await post(mode, true);
      expect(answer.text).not.toContain("poison");
      expect(verdict(answer, mode === "passed")).toBe("whole");
    }
  });
});

it("a server that is not there is told, with where it was looked for", async () => {
  const proxy = await launch(profileOf([targetOf(gone)]));
  const answer = await proxy.post("/v1/messages", messagesRequest());
  expect(verdict(answer, false)).toBe("failed");
  expect(answer.json.error.message).toContain("127.0.0.1:9");
  await proxy.close();
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const megabytes = () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
};

describe("what never ends is not kept", () => {
  /** Megabytes that a stream of 48 may take while it runs. */
  const bound = 20;

  it.each<[name: string, piece: string, megabytes?: number]>([
    ["comments", ": still here, still thinking\n\n"],
    ["lines that are no field", `x-unknown: ${"y".repeat(500)}\n`],
    // Each costs its reader some microseconds, whatever its length.
    ["short lines that are no field", "x-unknown: y\n", 8],
    ["blank lines", "\n"],
    ["empty deltas", 'data: {"choices":[{"index":0,"delta":{"content":""}}]}\n\n'],
  ])(
    "a stream of %s",
    async (_name, piece, most = 48) => {
      let during = Number.NaN;
      await quiet();
      const written = upstream.written();
      const before = megabytes();
      upstream.habit(async (socket) => {
        socket.write(stream());
        await flood(socket, piece, most * 1024 * 1024);
        // A collection gives buffers back on a thread of its own, some time later.
        for (let tries = 0; tries < 100; tries += 1) {
          during = megabytes();
          if (during - before < bound) break;
          await pause(20);
        }
        socket.end();
      });
      expect(verdict(await post("translated", true), false)).toBe("failed");
      expect(upstream.written() - written).toBeGreaterThanOrEqual(most * 1024 * 1024);
      expect(during - before).toBeLessThan(bound);
    },
    60_000,
  );

  it("one event of more than 64 MiB ends the reply", async () => {
    upstream.habit(async (socket) => {
      socket.write(`${stream()}data: {"choices":[{"index":0,"delta":{"content":"`);
      await flood(socket, "x", 200 * 1024 * 1024);
      socket.end();
    });
    expect(verdict(await post("translated", true), false)).toBe("failed");
    expect(upstream.written()).toBeGreaterThan(60 * 1024 * 1024);
    await quiet();
  }, 60_000);
});
