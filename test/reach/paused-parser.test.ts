import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { failureOf } from "../../src/reach/exchange.ts";
import { createReach, type Reach } from "../../src/reach/reach.ts";
import { providerAt } from "../support/provider.ts";
import { pause } from "../support/upstream.ts";

let server: Server;
let reach: Reach;
afterEach(async () => {
  await reach.close();
  await new Promise((closed) => server.close(closed));
});

async function answerOf(habit: (socket: Socket) => unknown) {
  server = createServer((socket) => {
    socket.on("error", () => {}).once("data", () => void habit(socket));
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  reach = createReach({ env: {} });
  const reached = await reach.send({ provider: providerAt(url), method: "POST", url: `${url}/x`, headers: {}, body: "{}" });
  if (reached.failure) throw new Error(reached.failure.message);
  // It may break while nobody reads.
  return reached.body.on("error", () => {});
}

const size = 64 * 1024;
const body = "a".repeat(size);
const head = (...more: string[]) => `${["HTTP/1.1 200 OK", "connection: close", ...more].join("\r\n")}\r\n\r\n`;
const framings: readonly (readonly [name: string, head: string, whole: string])[] = [
  ["a length", head(`content-length: ${size}`), body],
  ["chunks", head("transfer-encoding: chunked"), `${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`],
  ["its end alone", head(), body],
];

describe("a server that closes while the reader waits", () => {
  it.each(framings)("has answered in full, by %s", async (_name, first, whole) => {
    const reply = await answerOf(async (socket) => {
      socket.write(first);
      await pause(20);
      socket.end(whole);
    });
    await pause(150);
    expect(await text(reply)).toBe(body);
  });

  it.each(framings.slice(0, 2))("has not, when that was too soon, by %s", async (_name, first, whole) => {
    const reply = await answerOf(async (socket) => {
      socket.write(first);
      await pause(20);
      socket.end(whole.slice(0, -1000));
    });
    await pause(150);
    expect(failureOf(await text(reply).catch((error: unknown) => error))).toMatchObject({ kind: "cut-off" });
  });

  it.each(framings)("ends nothing but the reply by a reset, by %s", async (_name, first, whole) => {
    const reply = await answerOf(async (socket) => {
      socket.write(first);
      await pause(20);
      socket.write(whole.slice(0, -1000));
      await pause(50);
      socket.resetAndDestroy();
    });
    await pause(150);
    expect(failureOf(await text(reply).catch((error: unknown) => error))).toMatchObject({ kind: "cut-off" });
  });
});
