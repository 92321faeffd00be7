import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { listen } from "../reach/loopback.ts";
import { parseJson } from "../wire/json.ts";
import { answerTo } from "./answer.ts";
import { chunks, complete, wholeReply } from "./completion.ts";
import { tokensOf } from "./report.ts";
import { readDemoRequest } from "./request.ts";

/** The model's name at the stand-in. Any other name is taken too. */
const demoModel = "demo";

const contextWindow = 200_000;
const largestBody = 64 * 1024 * 1024;
/** Milliseconds between two pieces: quick, but to be seen as a stream. */
const rhythm = 6;

export interface Demo {
  /** Without `/v1`. */
  readonly url: string;
  /** Made for this launch; every request carries it as a bearer. */
  readonly key: string;
  close(): Promise<void>;
}

/** Starts the stand-in for a model server: Chat Completions on a random port of the loopback interface. */
export async function startDemo(): Promise<Demo> {
  const key = randomBytes(32).toString("base64url");
  const server = createServer((request, response) => {
    response.on("error", () => {});
    void answer(request, response, key).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.on("clientError", (_error, socket) => socket.destroy());
  return { key, ...(await listen(server)) };
}

async function answer(request: IncomingMessage, response: ServerResponse, key: string): Promise<void> {
  const refuse = (
    status: number,
    message: string,
    more: { readonly type?: string; readonly code?: string; readonly param?: string } = {},
  ) => send(response, status, { error: { message, type: "invalid_request_error", param: null, code: null, ...more } });
  // A page in a browser may reach this port by a name of its own; it has no business here.
  if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(request.headers.host ?? "") || request.headers.origin !== undefined) {
    return refuse(403, "Only local programs are answered here.", { type: "permission_error" });
  }
  if (!same(request.headers.authorization ?? "", `Bearer ${key}`))
    return refuse(401, "Incorrect API key provided.", { type: "authentication_error", code: "invalid_api_key" });
  const path = (request.url ?? "").split("?")[0] ?? "";
  if (request.method === "GET" && path === "/v1/models") return send(response, 200, { object: "list", data: [model()] });
  if (request.method === "GET" && path.startsWith("/v1/models/")) return send(response, 200, model());
  if (request.method !== "POST" || path !== "/v1/chat/completions")
    return refuse(404, `Unknown request URL: ${request.method} ${path}`, { code: "unknown_url" });

  const body = await read(request);
  if (body === undefined) return refuse(413, "The request is too large.", { code: "request_too_large" });
  const parsed = parseJson(body);
  if (parsed === undefined) return refuse(400, "We could not parse the JSON body of your request.");
  const asked = readDemoRequest(parsed);
  if ("wrong" in asked) return refuse(400, asked.wrong, { param: asked.param });
  const tokens = tokensOf(asked.size);
  if (tokens > contextWindow) {
    const sentence = `This model's maximum context length is ${contextWindow} tokens. However, your messages resulted in ${tokens} tokens.`;
    return refuse(400, sentence, { code: "context_length_exceeded", param: "messages" });
  }
  const completion = complete(asked, answerTo(asked), randomBytes(12).toString("hex"), Math.floor(Date.now() / 1000));
  if (!asked.stream) return send(response, 200, wholeReply(completion));

  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  for (const chunk of chunks(completion, asked.includeUsage)) {
    if (response.destroyed) return;
    if (!response.write(`data: ${JSON.stringify(chunk)}\n\n`)) await drained(response);
    await wait(rhythm);
  }
  response.end("data: [DONE]\n\n");
}

const model = () => ({
  id: demoModel,
  object: "model",
  created: 0,
  owned_by: "fcc",
  max_model_len: contextWindow,
  capabilities: { function_calling: true, vision: false },
});

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) }).end(text);
}

/** In constant time, whatever the lengths. */
function same(given: string, expected: string): boolean {
  const hash = (value: string) => createHash("sha256").update(value).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

/** undefined: more than is taken. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= largestBody) parts.push(part);
  }
  return length > largestBody ? undefined : Buffer.concat(parts).toString("utf8");
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve);
    response.once("close", resolve);
  });
}
