import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { profileOf, providerAt, targetOf } from "../../support/provider.ts";
import { type Launch, launch } from "../../support/proxy.ts";
import { answerStream, chatStream, startUpstream, type Upstream } from "../../support/upstream.ts";
import { mutateBytes, mutateJson, words } from "../mutate.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";
import { plainRequests, wireNames } from "../way.ts";

interface Written {
  readonly parts: readonly Buffer[];
  readonly leaves: "ends" | "destroys";
}

const paths = [
  "/v1/messages",
  "/v1/chat/completions",
  "/v1/responses",
  "/v1/messages/count_tokens",
  "/v1/responses/compact",
  "/v1/responses/input_tokens",
];
const others = [
  "/v1/models",
  "/health",
  "/",
  "/v1/models/x%2Fy",
  "//v1//messages?x",
  "*",
  "http://127.0.0.1/v1/models",
  "/../../etc/passwd",
  "/%",
  "/v1/models/%ff",
];
const oddHeaders = [
  "transfer-encoding: chunked",
  "content-length: 5",
  "content-length: -1",
  "expect: 100-continue",
  "upgrade: websocket\r\nconnection: upgrade",
  "connection: close",
  "origin: null",
  "host: evil.example",
  "content-encoding: gzip",
  "content-encoding: br, gzip",
  `x: ${"y".repeat(20_000)}`,
  "x",
  ": y",
  "trailer: x",
  "anthropic-version: 2023-06-01",
];

function requestOf(random: Random, token: string): Buffer {
  let body: Buffer = Buffer.from(
    random.chance(4) ? random.pick(words) : JSON.stringify(mutateJson(plainRequests[random.pick(wireNames)], random)),
  );
  const headers = [`host: 127.0.0.1`, random.chance(12) ? "authorization: Bearer wrong" : `authorization: Bearer ${token}`];
  if (random.chance(8)) {
    body = gzipSync(body);
    headers.push("content-encoding: gzip");
  }
  while (random.chance(3)) headers.push(random.pick(oddHeaders));
  const path = random.chance(4) ? random.pick(others) : random.pick(paths);
  const method = random.chance(6) ? random.pick(["GET", "HEAD", "OPTIONS", "PUT", "CONNECT", "BREW", ""]) : "POST";
  if (random.chance(5)) {
    const chunked = `${body.length.toString(16)}\r\n${body.toString("latin1")}\r\n0\r\n\r\n`;
    return Buffer.from(
      `${method} ${path} HTTP/1.1\r\n${[...headers, "transfer-encoding: chunked"].join("\r\n")}\r\n\r\n${chunked}`,
      "latin1",
    );
  }
  const length = random.chance(8) ? body.length + random.below(20) - 10 : body.length;
  return Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/1.1\r\n${[...headers, `content-length: ${length}`].join("\r\n")}\r\n\r\n`),
    body,
  ]);
}

/** Anything at all on the proxy's own socket: whole answers or a closed connection, and the next client is served. */
export function edge(): Target<Written> {
  let upstream: Upstream;
  let proxy: Launch;
  let count = 0;
  return {
    name: "edge",
    share: 10,
    atOnce: 16,
    async open() {
      upstream = await startUpstream(answerStream(chatStream(["hello"])));
      proxy = await launch(profileOf([targetOf(providerAt(upstream.url))]), { sink: () => {} });
    },
    make(random) {
      let bytes = Buffer.concat(Array.from({ length: random.pick([1, 1, 2, 3]) }, () => requestOf(random, "t".repeat(43))));
      for (let changes = random.below(4); changes > 0; changes -= 1) bytes = Buffer.from(mutateBytes(bytes, random));
      const half = random.below(bytes.length + 1);
      return {
        parts: random.chance(2) ? [bytes] : [bytes.subarray(0, half), bytes.subarray(half)],
        leaves: random.chance(4) ? "destroys" : "ends",
      };
    },
    async check({ parts, leaves }) {
      const answer = await talk(Number(new URL(proxy.url).port), parts, leaves);
      count += 1;
      (upstream.requests as unknown[]).length = 0;
      if (count % 100 === 0 && (await proxy.get("/health")).status !== 200) return "the next client was not served";
      return answer === "" ? undefined : wrongIn(answer);
    },
    show: ({ parts, leaves }) => `${leaves} ${JSON.stringify(parts.map((part) => part.toString("latin1"))).slice(0, 3000)}`,
    async close() {
      await proxy.close();
      await upstream.close();
    },
  };
}

function talk(port: number, parts: readonly Buffer[], leaves: Written["leaves"]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("error", () => {});
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(leaves === "destroys" ? "" : Buffer.concat(chunks).toString("latin1")));
    socket.on("connect", () => {
      for (const part of parts) socket.write(part);
      if (leaves === "destroys") setImmediate(() => socket.destroy());
      else socket.end();
    });
  });
}

/** Statuses that exist, and no answer of fcc's own bugs. */
function wrongIn(answer: string): string | undefined {
  if (!answer.startsWith("HTTP/1.1 ")) return `not an answer: ${JSON.stringify(answer.slice(0, 200))}`;
  if (answer.includes("fcc failed on this request")) return answer.slice(0, 1500);
  const status = Number(answer.slice(9, 12));
  return status >= 100 && status < 600 && status !== 500 ? undefined : answer.slice(0, 1500);
}
