import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { WireName } from "../../src/model/opaque.ts";
import type { Corpus } from "../fuzz/corpus.ts";
import type { Random } from "../fuzz/random.ts";
import { chatStream, event } from "../support/upstream.ts";

export interface SoakProvider {
  readonly url: string;
  readonly sockets: ReadonlySet<Socket>;
  /** Bytes of text in one reply of "long"; deltas of one byte of arguments in one of "arguments". */
  close(): Promise<void>;
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const wireOf = (path: string): WireName => (path.includes("/messages") ? "messages" : path.includes("/responses") ? "responses" : "chat");

/** A server of all three wires that says what real ones said, and fails in one of five answers in some way; models with a size say so much. */
export async function startProvider(corpus: Corpus, random: Random): Promise<SoakProvider> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    response.on("error", () => {});
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const { model, stream } = JSON.parse(text) as { model: string; stream?: boolean };
      void answer(response, wireOf(request.url ?? ""), model, stream === true).catch(() => response.destroy());
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });

  const answer = async (response: ServerResponse, wire: WireName, model: string, stream: boolean): Promise<void> => {
    const [kind, size = "0"] = model.split(":");
    if (kind === "long") return sized(response, longReply(Number(size)));
    if (kind === "arguments") return sized(response, argumentsReply(Number(size)));
    if (kind === "line") return sized(response, chatStream(["x".repeat(Number(size))]));
    const fault = kind === "steady" ? 0 : random.below(5);
    if (fault === 1) return fail(response, wire, random);
    if (!stream) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(random.pick(corpus.replies[wire])));
      return;
    }
    const frames = random.pick(corpus.streams[wire]).split(/(?<=\n\n)/);
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const frame of frames) {
      if (response.destroyed) return;
      response.write(frame);
      if (kind !== "steady" && random.chance(4)) await pause(random.below(8));
    }
    response.end();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function fail(response: ServerResponse, wire: WireName, random: Random): Promise<void> {
    const status = random.pick([0, 200, 200, 200, 400, 429, 500, 503]);
    if (status === 0) return void response.socket?.resetAndDestroy();
    if (status !== 200) {
      response.writeHead(status, { "content-type": "application/json" }).end('{"error":{"message":"not now","type":"server_error"}}');
      return;
    }
    const whole = random.pick(corpus.streams[wire]);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(whole.slice(0, random.below(whole.length)));
    const how = random.below(4);
    if (how === 0) response.end("data: {{{\n\n");
    else if (how === 1) response.end();
    else if (how === 2) {
      // Longer than the time-out of a silent server.
      await pause(3500);
      response.destroy();
    } else {
      await pause(5);
      response.destroy();
    }
  }
}

async function sized(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece)) await room(response);
  }
  response.end();
}

const delta = (fields: object, finish: string | null = null) =>
  event({
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta: fields, finish_reason: finish }],
  });

function room(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off("drain", go).off("close", go);
      resolve();
    };
    response.on("drain", go).on("close", go);
  });
}

function* longReply(size: number): Iterable<string> {
  const piece = delta({ content: "words ".repeat(170) }).repeat(8);
  for (let sent = 0; sent < size; sent += 8 * 1020) yield piece;
  yield delta({}, "stop");
  yield event("[DONE]");
}

function* argumentsReply(size: number): Iterable<string> {
  const call = (fields: object) => delta({ tool_calls: [{ index: 0, ...fields }] });
  yield call({ id: "c1", type: "function", function: { name: "Bash", arguments: '{"command":"' } });
  const one = call({ function: { arguments: "x" } });
  for (let sent = 0; sent < size; sent += 64) yield one.repeat(64);
  yield call({ function: { arguments: '"}' } });
  yield delta({}, "tool_calls");
  yield event("[DONE]");
}
