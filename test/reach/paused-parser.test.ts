import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { failureOf } from "../../src/reach/broken-body.ts";
import { createReach, type Reach } from "../../src/reach/reach.ts";
import { providerAt } from "../support/provider.ts";
import { pause } from "../support/upstream.ts";

let server: Server;
let reach: Reach;
afterEach(async () => {
  await reach.close();
  await new Promise((closed) => server.close(closed));
});

/** What a reader gets that waits until all this has come and the connection is over. */
async function answerTo(first: string, body: string, end: (socket: Socket) => unknown): Promise<string> {
  server = createServer((socket) => {
    socket
      .on("error", () => {})
      .once("data", async () => {
        socket.write(first);
        await pause(20);
        socket.write(body);
        await end(socket);
      });
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  reach = createReach({ env: {} });
  const reached = await reach.send({ provider: providerAt(url), method: "POST", url: `${url}/x`, headers: {}, body: "{}" });
  if (reached.failure) throw new Error(reached.failure.message);
  // It may break while nobody reads.
  reached.body.on("error", () => {});
  await pause(150);
  return text(reached.body);
}

/** As much as a body takes in before its reader has asked for more, with every Node. */
const size = 64 * 1024;
const body = "a".repeat(size);
const head = (...more: string[]) => `${["HTTP/1.1 200 OK", "connection: close", ...more].join("\r\n")}\r\n\r\n`;
const framings: readonly (readonly [name: string, first: (size: number) => string, last: string])[] = [
  ["a length", (length) => head(`content-length: ${length}`), ""],
  ["chunks", (length) => `${head("transfer-encoding: chunked")}${length.toString(16)}\r\n`, "\r\n0\r\n\r\n"],
  ["its end alone", () => head(), ""],
];

describe("a server that closes while the reader waits", () => {
  it.each(framings)("has answered in full, by %s", async (_name, first, last) => {
    expect(await answerTo(first(size), body + last, (socket) => socket.end())).toBe(body);
  });

  it.each(framings.slice(0, 2))("has not, when that was too soon, by %s", async (_name, first) => {
    const answer = answerTo(first(size + 1000), body, (socket) => socket.end());
    expect(failureOf(await answer.catch((error: unknown) => error))).toMatchObject({ kind: "cut-off" });
  });

  it.each(framings)("ends nothing but the reply by a reset, by %s", async (_name, first) => {
    const answer = answerTo(first(size + 1000), body, async (socket) => {
      await pause(50);
      socket.resetAndDestroy();
    });
    expect(failureOf(await answer.catch((error: unknown) => error))).toMatchObject({ kind: "cut-off" });
  });
});
