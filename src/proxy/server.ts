import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Failure } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import { holdInHeap } from "../system/heap.ts";
import { answerCompact } from "./answers/compact.ts";
import { answerCountTokens } from "./answers/count-tokens.ts";
import { answerModels } from "./answers/models.ts";
import { answerReply } from "./answers/reply.ts";
import { answerStored } from "./answers/stored.ts";
import { createDownstream } from "./downstream.ts";
import type { Incoming } from "./exchange.ts";
import { type Refusal, refuseBrowsers, refuseStrangers } from "./incoming/door.ts";
import { endpointAt, isHealthCheck } from "./incoming/endpoint.ts";
import { openPort, type RequestHandler } from "./incoming/port.ts";
import { readBody } from "./incoming/read-body.ts";
import { hostsOf, pathOf } from "./incoming/request-target.ts";
import { createSession, type ProxyOptions } from "./session.ts";
import { isTooDeep } from "./too-deep.ts";

export type { ProxyOptions } from "./session.ts";

export interface StartedProxy {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  /** Ends all connections, to clients and to providers. */
  close(): Promise<void>;
}

/** Starts a proxy on a random loopback port, for whoever has its token. */
export async function startProxy(options: ProxyOptions): Promise<StartedProxy> {
  const token = options.token ?? randomBytes(32).toString("base64url");
  const handler = requestHandler({ ...options, token });
  const { url, close } = await openPort(options.ids, async () => handler);
  return { url, token, close };
}

/** What answers the requests at a port, for one launch. */
export function requestHandler(options: ProxyOptions & { readonly token: string }): RequestHandler {
  const session = createSession(options);
  return (request, response, sendContinue) => {
    const id = options.ids.next("req_");
    const downstream = createDownstream(response, id);
    const report: Incoming["report"] = (happening) => {
      options.sink(Object.assign({ type: happening.type, id, at: options.clock() }, happening));
    };
    const fail = (failure: Failure, shown: Failure) => {
      report({ type: "failed", failure });
      if (downstream.opened) downstream.destroy();
      else downstream.answer(options.wires.clients[shapeOf(request)].writeFailure(shown, id));
      report({ type: "answered", status: downstream.status });
    };
    serve({ session, id, request, downstream, report }, options.token, sendContinue).catch((error: unknown) => {
      if (isTooDeep(error) && !downstream.opened) return fail(tooDeep, tooDeep);
      // A bug in fcc. The client gets the first line; whoever watches gets the stack.
      const message = `fcc failed on this request: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      const failure = { kind: "upstream", origin: "fcc", message } as const;
      fail(failure, { ...failure, message: message.split("\n")[0] ?? message });
    });
  };
}

/** Not a bug in fcc, and not worth sending again. */
const tooDeep: Failure = { kind: "bad-request", origin: "client", message: "The body is nested too deep." };

async function serve(incoming: Incoming, token: string, sendContinue: (() => void) | undefined): Promise<void> {
  const { session, request, downstream, id } = incoming;
  const { method = "GET", headers } = request;
  const path = pathOf(request);
  const refuse = ({ status, failure, headers: more }: Refusal) => {
    const told = session.options.wires.clients[shapeOf(request)].writeFailure(failure, id);
    downstream.answer({ ...told, status, headers: { ...told.headers, ...more } });
  };

  const browser = refuseBrowsers(headers, hostsOf(request));
  if (browser !== undefined) return refuse(browser);
  if (isHealthCheck(method, path)) return downstream.answer({ status: 200, headers: {}, body: { status: "ok" } });
  const stranger = refuseStrangers(headers, token);
  if (stranger !== undefined) return refuse(stranger);
  if (headers.upgrade?.toLowerCase() === "websocket") return refuse(plainHttpOnly);

  const endpoint = endpointAt(method, path);
  if ("refusal" in endpoint) return refuse(endpoint.refusal);
  if (endpoint.kind === "models") return answerModels(incoming, endpoint.asked);
  if (endpoint.kind === "stored") return answerStored(incoming, endpoint.asked, endpoint.wants);

  sendContinue?.();
  const body = await readBody(request);
  if (body === undefined) return;
  if ("refusal" in body) return refuse(body.refusal);
  const release = holdInHeap(body.bytes.length);
  try {
    switch (endpoint.kind) {
      case "reply":
        return await answerReply(incoming, endpoint.wire, body);
      case "count":
        return await answerCountTokens(incoming, endpoint.wire, body);
      case "compact":
        return await answerCompact(incoming, body);
    }
  } finally {
    release();
  }
}

/** Codex tries a WebSocket where its user switched that on. At this status it goes back to HTTP at once; at any other, after seven attempts. */
const plainHttpOnly: Refusal = {
  status: 426,
  failure: { kind: "bad-request", origin: "fcc", message: "There is no WebSocket here; send the request over HTTP." },
  headers: { upgrade: "HTTP/1.1" },
};

/** The wire in whose form a request is refused that has not reached its endpoint. */
function shapeOf(request: IncomingMessage): WireName {
  const path = pathOf(request);
  if (path.startsWith("/v1/messages") || request.headers["anthropic-version"] !== undefined) return "messages";
  return path.startsWith("/v1/responses") ? "responses" : "chat";
}
