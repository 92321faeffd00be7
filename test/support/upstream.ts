import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as it arrived, and what became of its connection. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  readonly json: unknown;
  /** Settles when the connection or the answer is over; `early` when the other side went away before the answer was. */
  readonly closed: Promise<{ readonly early: boolean }>;
}

export type Script = (request: Arrived, response: ServerResponse, incoming: IncomingMessage) => void | Promise<void>;

/** A model server that does what a test says, one script for each request in turn; the last one stays. */
export interface Upstream {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly Arrived[];
  /** Sockets open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** How many connections were made. */
  readonly connections: () => number;
  /** What the next requests are answered with. */
  script(...scripts: Script[]): void;
  /** Waits for the n-th request (from 1). */
  request(count: number): Promise<Arrived>;
  close(): Promise<void>;
}

export async function startUpstream(...scripts: Script[]): Promise<Upstream> {
  let queue: Script[] = scripts;
  const requests: Arrived[] = [];
  const waiting: { count: number; resolve: (request: Arrived) => void }[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    const closed = new Promise<{ early: boolean }>((resolve) => {
      response.once("close", () => resolve({ early: !response.writableFinished }));
    });
    response.on("error", () => {});
    incoming.on("error", () => {});
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      const text = body.toString();
      const arrived: Arrived = {
        method: incoming.method ?? "",
        path: incoming.url ?? "",
        headers: incoming.headers,
        body,
        text,
        get json() {
          return JSON.parse(text) as unknown;
        },
        closed,
      };
      requests.push(arrived);
      for (const waiter of waiting) if (requests.length >= waiter.count) waiter.resolve(requests[waiter.count - 1] as Arrived);
      const script = queue.length > 1 ? queue.shift() : queue[0];
      void Promise.resolve(script?.(arrived, response, incoming)).catch(() => response.destroy());
    });
  });
  server.on("connection", (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    sockets,
    connections: () => connections,
    script(...next) {
      queue = next;
    },
    request(count) {
      const there = requests[count - 1];
      return there === undefined ? new Promise((resolve) => waiting.push({ count, resolve })) : Promise.resolve(there);
    },
    async close() {
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Answers with JSON. */
export const answerJson =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Script =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };

/** Refuses a request, in the form that all wires have in common. */
export const refusal = (message: string, fields: object = {}): Script =>
  answerJson({ type: "error", error: { type: "invalid_request_error", message, ...fields } }, 400);

/** Answers with a text of any type. */
export const answerText =
  (text: string | Buffer, status = 200, headers: Record<string, string> = {}): Script =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "text/plain", ...headers }).end(text);
  };

/** Answers with a stream, one write for each piece, and ends it cleanly. */
export const answerStream =
  (pieces: readonly (string | Buffer)[], options: { readonly every?: number; readonly headers?: Record<string, string> } = {}): Script =>
  async (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", ...options.headers });
    for (const piece of pieces) {
      response.write(piece);
      await pause(options.every ?? 0);
    }
    response.end();
  };

/** Writes these pieces and then destroys the connection. */
export const cutAfter =
  (pieces: readonly (string | Buffer)[]): Script =>
  async (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    for (const piece of pieces) await new Promise((resolve) => response.write(piece, resolve));
    await pause(5);
    response.socket?.destroy();
  };

/** Takes the request and says nothing. */
export const silence: Script = () => {};

/** One event of a stream, as a server writes it. */
export const event = (data: unknown, name?: string): string =>
  `${name === undefined ? "" : `event: ${name}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

/** A Chat Completions stream that says these texts. */
export function chatStream(texts: readonly string[], usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }): string[] {
  const chunk = (delta: object, finish: string | null = null) =>
    event({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model: "m",
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  return [
    chunk({ role: "assistant", content: "" }),
    ...texts.map((content) => chunk({ content })),
    chunk({}, "stop"),
    event({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", choices: [], usage }),
    event("[DONE]"),
  ];
}

/** A Messages stream that says these texts. */
export function messagesStream(texts: readonly string[], usage = { input_tokens: 10, output_tokens: 5 }): string[] {
  const named = (data: { type: string; [key: string]: unknown }) => event(data, data.type);
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 1 },
  };
  return [
    named({ type: "message_start", message }),
    named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    ...texts.map((text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
    named({ type: "content_block_stop", index: 0 }),
    named({ type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage }),
    named({ type: "message_stop" }),
  ];
}
