import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Ids } from "../../model/stage.ts";
import { refuseTunnel, refuseUnreadable } from "./unreadable.ts";

/** What answers a request. `proceed` is there where the client waits to be asked for its body (RFC 9110 10.1.1). */
export type Handle = (request: IncomingMessage, response: ServerResponse, proceed?: () => void) => void;

/** A port of its own on loopback, which is known before what answers there is loaded. */
export interface Port {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Loads what answers, if nothing has called for it yet. */
  warm(): void;
  /** Ends what is open. */
  close(): Promise<void>;
}

/** `load` is called once: when the first client connects, or before by `warm`. Requests wait for it. */
export async function openPort(ids: Ids, load: () => Promise<Handle>): Promise<Port> {
  let loading: Promise<Handle> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  const handle: Handle = (request, response, proceed) => {
    void loaded().then((answer) => {
      if (!response.destroyed) answer(request, response, proceed);
    });
  };
  // No limit on the time of a request: the model decides how long it takes.
  const server = createServer({ requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 120_000, noDelay: true }, handle);
  server.on("connection", loaded);
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) =>
    handle(request, response, () => response.writeContinue()),
  );
  server.on("connect", (_request, socket) => refuseTunnel(socket, ids.next("req_")));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuseUnreadable(error, socket, ids.next("req_")));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    warm: () => void loaded(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
