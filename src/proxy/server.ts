import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Failure } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import { answerCompact } from "./answers/compact.ts";
import { answerCountTokens, type CountingWire } from "./answers/count-tokens.ts";
import { answerModels } from "./answers/models.ts";
import { answerReply } from "./answers/reply.ts";
import { answerStored } from "./answers/stored.ts";
import { createDownstream, type Downstream } from "./downstream.ts";
import { type Refusal, refuseBrowsers, refuseStrangers } from "./incoming/door.ts";
import { type Handle, openPort } from "./incoming/port.ts";
import { readBody } from "./incoming/read-body.ts";
import { createSession, type ProxyOptions, type Session } from "./session.ts";
import { isTooDeep } from "./too-deep.ts";

export type { ProxyOptions } from "./session.ts";

export interface StartedProxy {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  /** Ends what is open, on both sides. */
  close(): Promise<void>;
}

/** A proxy on a port of its own on loopback, for whoever has its token. */
export async function startProxy(options: ProxyOptions): Promise<StartedProxy> {
  const token = options.token ?? randomBytes(32).toString("base64url");
  const answer = answerFor({ ...options, token });
  const { url, close } = await openPort(options.ids, async () => answer);
  return { url, token, close };
}

/** What answers at a port. */
export function answerFor(options: ProxyOptions & { readonly token: string }): Handle {
  const session = createSession(options);
  return (request, response, proceed) => {
    const id = options.ids.next("req_");
    const downstream = createDownstream(response, id);
    const fail = (failure: Failure, shown: Failure) => {
      options.sink({ type: "failed", id, at: options.clock(), failure });
      if (downstream.opened) downstream.destroy();
      else downstream.answer(options.wires.clients[shapeOf(request)].writeFailure(shown, id));
      options.sink({ type: "answered", id, at: options.clock(), status: downstream.status });
    };
    serve(session, options.token, request, downstream, id, proceed).catch((error: unknown) => {
      if (isTooDeep(error) && !downstream.opened) return fail(tooDeep, tooDeep);
      // A bug of fcc's. The client is told, and the stack goes to whoever watches.
      const message = `fcc failed on this request: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      const failure = { kind: "upstream", origin: "fcc", message } as const;
      fail(failure, { ...failure, message: message.split("\n")[0] ?? message });
    });
  };
}

/** No bug here, and it does not get better when it is sent again. */
const tooDeep: Failure = { kind: "bad-request", origin: "client", message: "The body is nested too deep." };

type Endpoint =
  | { readonly method: "POST"; readonly wire: WireName; readonly kind: "reply" }
  | { readonly method: "POST"; readonly wire: CountingWire; readonly kind: "count" }
  | { readonly method: "POST"; readonly wire: "responses"; readonly kind: "compact" }
  | { readonly method: "GET"; readonly wire: WireName; readonly kind: "models" };

const endpoints: Readonly<Record<string, Endpoint>> = {
  "/v1/messages": { method: "POST", wire: "messages", kind: "reply" },
  "/v1/messages/count_tokens": { method: "POST", wire: "messages", kind: "count" },
  "/v1/responses": { method: "POST", wire: "responses", kind: "reply" },
  "/v1/responses/input_tokens": { method: "POST", wire: "responses", kind: "count" },
  "/v1/responses/compact": { method: "POST", wire: "responses", kind: "compact" },
  "/v1/chat/completions": { method: "POST", wire: "chat", kind: "reply" },
  "/v1/models": { method: "GET", wire: "chat", kind: "models" },
};
/** Asked by clients before they have a token, and by people. */
const open = new Set(["HEAD /", "HEAD /api/hello", "HEAD /health", "GET /health"]);

async function serve(
  session: Session,
  token: string,
  request: IncomingMessage,
  downstream: Downstream,
  id: string,
  proceed: (() => void) | undefined,
): Promise<void> {
  const path = pathOf(request);
  const refuse = ({ status, failure, headers }: Refusal) => {
    downstream.answer(session.options.wires.clients[shapeOf(request)].writeFailure(failure, id), status, headers);
  };
  const browser = refuseBrowsers(request.headers, hostsOf(request));
  if (browser !== undefined) return refuse(browser);
  if (open.has(`${request.method} ${path}`)) return downstream.answer({ status: 200, headers: {}, body: { status: "ok" } });
  const stranger = refuseStrangers(request.headers, token);
  if (stranger !== undefined) return refuse(stranger);

  if (request.headers.upgrade?.toLowerCase() === "websocket") return refuse(plainHttpOnly);

  const method = request.method === "HEAD" ? "GET" : request.method;
  const stored = endpoints[path] === undefined ? /^\/v1\/responses\/([^/]+)$/.exec(path)?.[1] : undefined;
  if (stored !== undefined && (method === "GET" || method === "DELETE"))
    return answerStored(session, downstream, id, decode(stored), method === "DELETE");
  const model = /^\/v1\/models\/(.+)$/.exec(path)?.[1];
  const endpoint = endpoints[model === undefined ? path : "/v1/models"];
  if (endpoint === undefined) return refuse(noSuchEndpoint(`There is nothing at ${path}.`));
  if (method !== endpoint.method)
    return refuse(noSuchEndpoint(`${request.method} is not understood at ${path}: it takes ${endpoint.method}.`));
  if (endpoint.kind === "models") return answerModels(session, request, downstream, id, model === undefined ? undefined : decode(model));

  proceed?.();
  const body = await readBody(request);
  if (body === undefined) return;
  if ("refusal" in body) return refuse(body.refusal);
  if (endpoint.kind === "count") return answerCountTokens(session, endpoint.wire, request, body, downstream, id);
  if (endpoint.kind === "compact") return answerCompact(session, request, body, downstream, id);
  return answerReply(session, endpoint.wire, request, body, downstream, id);
}

/** Codex tries a WebSocket where its user turned that on; at this status it goes back to HTTP at once, at any other after seven tries. */
const plainHttpOnly: Refusal = {
  status: 426,
  failure: { kind: "bad-request", origin: "fcc", message: "There is no WebSocket here; send the request over HTTP." },
  headers: { upgrade: "HTTP/1.1" },
};

function noSuchEndpoint(why: string): Refusal {
  const message = `${why} The endpoints are ${Object.keys(endpoints).join(", ")}, /health.`;
  return { status: 404, failure: { kind: "not-found", origin: "client", message } };
}

/** In whose words a request is refused that has not got to its endpoint. */
function shapeOf(request: IncomingMessage): WireName {
  const path = pathOf(request);
  if (path.startsWith("/v1/messages") || request.headers["anthropic-version"] !== undefined) return "messages";
  return path.startsWith("/v1/responses") ? "responses" : "chat";
}

/** The whole address in the request line, as clients of an HTTP proxy write it (RFC 9112 3.2.2): it counts instead of the Host. */
function absoluteTarget(request: IncomingMessage): URL | undefined {
  const target = request.url ?? "";
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(target) && URL.canParse(target) ? new URL(target) : undefined;
}

/** Every host that the request names, however often: a server behind another one may believe any of them. */
function hostsOf(request: IncomingMessage): readonly string[] {
  const target = absoluteTarget(request);
  return [...(request.headersDistinct["host"] ?? [""]), ...(target === undefined ? [] : [target.host])];
}

function pathOf(request: IncomingMessage): string {
  const path = (absoluteTarget(request)?.pathname ?? request.url ?? "/").replace(/[?#].*$/, "").replace(/\/{2,}/g, "/");
  const plain = path.length > 1 ? path.replace(/\/$/, "") : path;
  const below = belowVersion.exec(plain)?.[1];
  return below === undefined ? plain : `/v1${below}`;
}

/** SDKs part the address at the version in two ways: of the same one, some make `/v1/v1/messages`, or others `/messages`. */
const belowVersion = /^(?:\/v1)*(\/(?:messages|responses|chat\/completions|models)(?:\/.*)?)$/;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
