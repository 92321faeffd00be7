import type { ServerResponse } from "node:http";
import { stringifyExactly } from "../model/exact-json.ts";
import type { Answer } from "../model/wire.ts";

/** The client's side of one request: where its answer is written, and how fast the client reads it. */
export interface Downstream {
  /** Status and headers are sent. */
  readonly opened: boolean;
  /** Aborts when the client disconnects, in the tick in which that is known. */
  readonly gone: AbortSignal;
  open(status: number, headers: Readonly<Record<string, string>>): void;
  /** Returns false where the client is slow: nothing more should be written before `drained`. */
  write(chunk: string | Uint8Array): boolean;
  /** Calls back once, when there is room again. */
  drained(then: () => void): void;
  readonly full: boolean;
  /** Sends a whole answer. */
  answer(answer: Answer): void;
  end(last?: string): void;
  /** Breaks the answer off, so that the client sees that it is not complete. */
  destroy(): void;
  readonly status: number;
  /** The length of what has been written. */
  readonly written: number;
}

/** Bytes, and milliseconds, for which a body that nobody wants is read and dropped, so that the client can read the answer. */
const mostDropped = 256 * 1024 * 1024;
const longestDropping = 10_000;

export function createDownstream(response: ServerResponse, requestId: string): Downstream {
  const gone = new AbortController();
  const request = response.req;
  const leave = () => {
    if (!response.writableFinished) gone.abort();
  };
  response.once("close", leave);
  // A client that closes its side of the connection is gone, although Node would still accept writes.
  request.socket.once("end", leave);
  response.once("finish", () => request.socket.removeListener("end", leave));
  response.on("error", () => {});

  let written = 0;
  const identified = { "request-id": requestId, "x-request-id": requestId };
  const downstream: Downstream = {
    get opened() {
      return response.headersSent;
    },
    get full() {
      return response.writableNeedDrain;
    },
    get status() {
      return response.statusCode;
    },
    get written() {
      return written;
    },
    gone: gone.signal,
    open(status, headers) {
      if (response.headersSent || gone.signal.aborted) return;
      response.writeHead(status, { ...identified, ...headers });
    },
    write(chunk) {
      if (gone.signal.aborted) return true;
      written += chunk.length;
      return response.write(chunk);
    },
    drained(then) {
      response.once("drain", then);
    },
    answer({ status, headers, body }) {
      if (gone.signal.aborted || response.headersSent) return;
      const text = body === undefined ? "" : stringifyExactly(body);
      response.writeHead(status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
        ...headers,
        ...identified,
      });
      if (request.method === "HEAD") return void response.end();
      if (request.complete || request.readableEnded) return void response.end(text);
      response.write(text);
      drop(response);
    },
    end(last) {
      if (gone.signal.aborted || response.writableEnded) return;
      if (last === undefined || last === "") return void response.end();
      written += last.length;
      response.end(last);
    },
    destroy() {
      // Node sends what was written in this tick only at its end, and would drop it if destroyed earlier.
      setImmediate(() => response.destroy());
    },
  };
  return downstream;
}

/**
 * The client is still sending a body that nobody wants. Closing now would reset the connection, and the answer could be lost with it:
 * the answer is complete by its content-length, and the rest of the body is dropped for a while.
 */
function drop(response: ServerResponse): void {
  const request = response.req;
  let dropped = 0;
  const end = () => {
    clearTimeout(timer);
    if (!response.writableEnded) response.end();
  };
  const give = () => {
    end();
    request.destroy();
  };
  const timer = setTimeout(give, longestDropping);
  request.on("data", (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > mostDropped) give();
  });
  request.once("end", end);
  request.once("close", end);
  request.resume();
}
