import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { WireName } from "../model/opaque.ts";
import { answerCountTokens } from "./answers/count-tokens.ts";
import { answerModels } from "./answers/models.ts";
import { answerReply } from "./answers/reply.ts";
import { type Refusal, refuseBrowsers, refuseStrangers } from "./door.ts";
import { createOutlet, type Outlet } from "./outlet.ts";
import { readBody } from "./read-body.ts";
import { createSession, type ProxyOptions, type Session } from "./session.ts";

export type { ProxyOptions } from "./session.ts";

export interface StartedProxy {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  /** Ends what is open, on both sides. */
  close(): Promise<void>;
}

/** The server of one launch, on a port of its own on loopback, for whoever has its token. */
export async function startProxy(options: ProxyOptions): Promise<StartedProxy> {
  const token = options.token ?? randomBytes(32).toString("base64url");
  const session = createSession(options);
  const handle = (request: IncomingMessage, response: ServerResponse, proceed?: () => void) => {
    const id = options.ids.next("req_");
    const outlet = createOutlet(response, id);
    serve(session, token, request, outlet, id, proceed).catch((error: unknown) => {
      // A bug of fcc's. The client is told, and the stack goes to whoever watches.
      const message = `fcc failed on this request: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      const failure = { kind: "upstream", origin: "fcc", message } as const;
      options.sink({ type: "failed", id, at: options.clock(), failure });
      if (outlet.opened) outlet.destroy();
      else outlet.answer(options.wires.clients[shapeOf(request)].tell({ ...failure, message: message.split("\n")[0] ?? message }, id));
    });
  };
  // No limit on the time of a request: the model decides how long it takes.
  const server = createServer({ requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 120_000, noDelay: true }, handle);
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) =>
    handle(request, response, () => response.writeContinue()),
  );
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Endpoint {
  readonly method: "POST" | "GET";
  readonly wire: WireName;
  readonly kind: "reply" | "count" | "models";
}

const endpoints: Readonly<Record<string, Endpoint>> = {
  "/v1/messages": { method: "POST", wire: "messages", kind: "reply" },
  "/v1/messages/count_tokens": { method: "POST", wire: "messages", kind: "count" },
  "/v1/responses": { method: "POST", wire: "responses", kind: "reply" },
  "/v1/chat/completions": { method: "POST", wire: "chat", kind: "reply" },
  "/v1/models": { method: "GET", wire: "chat", kind: "models" },
};
/** Asked by clients before they have a token, and by people. */
const open = new Set(["/", "/health", "/api/hello"]);

async function serve(
  session: Session,
  token: string,
  request: IncomingMessage,
  outlet: Outlet,
  id: string,
  proceed: (() => void) | undefined,
): Promise<void> {
  const path = pathOf(request);
  const refuse = ({ status, failure, headers }: Refusal) => {
    outlet.answer(session.options.wires.clients[shapeOf(request)].tell(failure, id), status, headers);
  };
  const browser = refuseBrowsers(request.headers);
  if (browser !== undefined) return refuse(browser);
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (open.has(path) && method === "GET") return outlet.answer({ status: 200, headers: {}, body: { status: "ok" } });
  const stranger = refuseStrangers(request.headers, token);
  if (stranger !== undefined) return refuse(stranger);

  const model = /^\/v1\/models\/(.+)$/.exec(path)?.[1];
  const endpoint = endpoints[model === undefined ? path : "/v1/models"];
  if (endpoint === undefined) return refuse(noSuchEndpoint(path));
  if (method !== endpoint.method) return refuse(wrongMethod(request.method ?? "", path, endpoint.method));
  if (endpoint.kind === "models") return answerModels(session, request, outlet, id, model === undefined ? undefined : decode(model));

  proceed?.();
  const body = await readBody(request);
  if (body === undefined) return;
  if ("refusal" in body) return refuse(body.refusal);
  if (endpoint.kind === "count") return answerCountTokens(session, request, body, outlet, id);
  return answerReply(session, endpoint.wire, request, body, outlet, id);
}

function noSuchEndpoint(path: string): Refusal {
  const message = `There is nothing at ${path}. The endpoints are ${Object.keys(endpoints).join(", ")}, /health.`;
  return { status: 404, failure: { kind: "not-found", origin: "client", message } };
}

function wrongMethod(method: string, path: string, right: string): Refusal {
  const message = `${method} is not understood at ${path}: it takes ${right}.`;
  return {
    status: 405,
    failure: { kind: "bad-request", origin: "client", message },
    headers: { allow: right === "GET" ? "GET, HEAD" : right },
  };
}

/** In whose words a request is refused that has not got to its endpoint. */
function shapeOf(request: IncomingMessage): WireName {
  const path = pathOf(request);
  if (path.startsWith("/v1/messages") || request.headers["anthropic-version"] !== undefined) return "messages";
  return path.startsWith("/v1/responses") ? "responses" : "chat";
}

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? "/").replace(/[?#].*$/, "").replace(/\/{2,}/g, "/");
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
