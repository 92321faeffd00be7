import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Ids } from "../../model/stage.ts";
import { listen } from "../../reach/loopback.ts";
import { refuseTunnel, refuseUnreadable } from "./unreadable.ts";

/** Answers a request. `sendContinue` is given where the client waits for a 100 before it sends the body (RFC 9110 10.1.1). */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse, sendContinue?: () => void) => void;

/** A port on loopback. It is open before the code that answers there is loaded, so that the client can start meanwhile. */
export interface Port {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Loads that code, unless a request has done so already. */
  warm(): void;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** `load` is called once, by `warm` or when the first client connects. Requests wait for it. */
export async function openPort(ids: Ids, load: () => Promise<RequestHandler>): Promise<Port> {
  let loading: Promise<RequestHandler> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  const handle: RequestHandler = (request, response, sendContinue) => {
    void loaded().then((answer) => {
      if (!response.destroyed) answer(request, response, sendContinue);
    });
  };
  // No limit on a request's time: the model decides how long it takes.
  const server = createServer({ requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 120_000, noDelay: true }, handle);
  server.on("connection", loaded);
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) =>
    handle(request, response, () => response.writeContinue()),
  );
  server.on("connect", (_request, socket) => refuseTunnel(socket, ids.next("req_")));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuseUnreadable(error, socket, ids.next("req_")));
  return { ...(await listen(server)), warm: () => void loaded() };
}
