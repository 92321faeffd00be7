import { type AddressInfo, createServer, type Socket } from "node:net";

/** What a server does with a connection once a whole request has come: anything that bytes can say. */
export type Habit = (socket: Socket, request: { readonly count: number; readonly body: string }) => void | Promise<void>;

export interface RawUpstream {
  readonly url: string;
  readonly sockets: ReadonlySet<Socket>;
  /** Bytes that the operating system took from the habit so far. */
  written(): number;
  requests(): number;
  habit(next: Habit): void;
  close(): Promise<void>;
}

/** A server that no HTTP library keeps from lying. */
export async function startRawUpstream(first: Habit = () => {}): Promise<RawUpstream> {
  let habit = first;
  let count = 0;
  let over = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      over += socket.bytesWritten;
    });
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (;;) {
        const head = text.indexOf("\r\n\r\n");
        if (head < 0) return;
        const length = Number(/content-length: ?(\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
        if (text.length < head + 4 + length) return;
        const body = text.slice(head + 4, head + 4 + length);
        text = text.slice(head + 4 + length);
        count += 1;
        void Promise.resolve(habit(socket, { count, body })).catch(() => socket.destroy());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    written: () => over + [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
    requests: () => count,
    habit(next) {
      habit = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Writes the same piece until the other side goes away or so many bytes are sent. */
export function flood(socket: Socket, piece: string, most: number): Promise<void> {
  const bytes = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)));
  return new Promise((resolve) => {
    let sent = 0;
    const more = () => {
      while (sent < most) {
        if (socket.destroyed) return resolve();
        sent += bytes.length;
        if (!socket.write(bytes)) return void socket.once("drain", more);
      }
      resolve();
    };
    socket.once("close", () => resolve());
    more();
  });
}

export const head = (type: string, ...more: string[]) => `${["HTTP/1.1 200 OK", `content-type: ${type}`, ...more].join("\r\n")}\r\n\r\n`;
/** An answer whose end is the end of the connection. */
export const stream = (...more: string[]) => head("text/event-stream", "connection: close", ...more);
