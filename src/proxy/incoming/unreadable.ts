import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers what is not a valid HTTP request, or did not come in time. It has no endpoint, so the error has a form that every client can read.
 * While another answer is being sent on this connection, the refusal would end up inside it: then the connection is only closed.
 */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex, requestId: string): void {
  if (!socket.writable || error.code === "ECONNRESET" || isAnswering(socket)) return void socket.destroy();
  const message = `This is not a request that can be read here: ${error.message.replace(/^Parse Error: /, "")}.`;
  end(socket, statuses[error.code ?? ""] ?? 400, { type: "invalid_request_error", message }, requestId);
}

/** Refuses CONNECT, from clients that take this for an HTTP proxy. */
export function refuseTunnel(socket: Duplex, requestId: string): void {
  socket.on("error", () => {});
  end(socket, 403, { type: "permission_error", message: "This is no HTTP proxy: no tunnel leads through it." }, requestId);
}

function end(socket: Duplex, status: number, error: { readonly type: string; readonly message: string }, requestId: string): void {
  const body = JSON.stringify({ type: "error", error, request_id: requestId });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "connection: close",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    `request-id: ${requestId}`,
    `x-request-id: ${requestId}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Node keeps the answer that is being sent on a connection in `_httpMessage`; its own handler of such errors looks there too. */
function isAnswering(socket: Duplex): boolean {
  return "_httpMessage" in socket && socket._httpMessage !== null && socket._httpMessage !== undefined;
}
