import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { WireName } from "../../src/model/opaque.ts";
import { chatStream, messagesStream } from "../support/upstream.ts";

/** What real servers and clients said, by wire. */
export interface Corpus {
  readonly streams: Readonly<Record<WireName, readonly string[]>>;
  readonly replies: Readonly<Record<WireName, readonly unknown[]>>;
  readonly requests: Readonly<Record<WireName, readonly unknown[]>>;
  readonly errors: readonly string[];
}

interface Recorded {
  readonly request?: unknown;
  readonly reply?: unknown;
  readonly body?: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: recordings of several shapes.
type Json = any;

export function readCorpus(root: string): Corpus {
  const folder = join(root, "test/recordings");
  const streams: Record<WireName, string[]> = {
    messages: [messagesStream(["a", "b"]).join("")],
    chat: [chatStream(["a", "b"]).join("")],
    responses: [],
  };
  const replies: Record<WireName, unknown[]> = { messages: [], chat: [], responses: [] };
  const requests: Record<WireName, unknown[]> = { messages: [], chat: [], responses: [] };
  const errors: string[] = [
    "",
    "<html><head><title>502</title></head><body>no</body></html>",
    '{"error":{"message":"This model\'s maximum context length is 8192 tokens. However, you requested 9000 tokens."}}',
    '{"detail":[{"loc":["body","messages",0],"msg":"bad","type":"x"}]}',
    '{"error":{"message":"slow","type":"rate_limit_error","code":429,"metadata":{"raw":"{}","provider_name":"A"}}}',
  ];
  const take = (wire: WireName, reply: unknown): void => {
    const text = typeof reply === "string" ? reply : JSON.stringify(reply);
    if (/^(?:event|data|id|:)/.test(text)) return void streams[wire].push(text);
    const parsed = parse(text);
    if (parsed !== undefined) isError(parsed) ? errors.push(text) : replies[wire].push(parsed);
  };
  for (const wire of ["messages", "responses"] as const) {
    for (const name of readdirSync(join(folder, wire))) {
      const { request, reply, body } = JSON.parse(readFileSync(join(folder, wire, name), "utf8")) as Recorded;
      if (request !== undefined) requests[wire].push(request);
      take(wire, reply ?? body);
    }
  }
  for (const name of readdirSync(join(folder, "native"))) {
    for (const one of JSON.parse(readFileSync(join(folder, "native", name), "utf8")) as Json[]) {
      const wire = /messages/.test(one.path) ? "messages" : /responses/.test(one.path) ? "responses" : "chat";
      take(wire, one.reply);
      const request = typeof one.request === "string" ? parse(one.request) : one.request;
      if (request !== undefined) requests[wire].push(request);
    }
  }
  for (const server of readdirSync(join(folder, "chat"))) {
    for (const name of readdirSync(join(folder, "chat", server))) {
      const text = readFileSync(join(folder, "chat", server, name), "utf8");
      if (name.endsWith(".request.json")) requests.chat.push(JSON.parse(text));
      else take("chat", text);
    }
  }
  for (const name of readdirSync(join(folder, "requests"))) {
    const recorded = JSON.parse(readFileSync(join(folder, "requests", name), "utf8")) as Json;
    for (const { body } of recorded.requests) requests[name.startsWith("codex") ? "responses" : "messages"].push(small(body));
  }
  return { streams, replies, requests, errors };
}

const isError = (value: Json) => typeof value === "object" && value !== null && "error" in value && value.error !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Real requests carry fifty tools; the shapes of a few say as much, a hundred times as often. */
function small(body: Json): unknown {
  const shorten = (value: Json): Json => {
    if (typeof value === "string") return value.length > 400 ? value.slice(0, 400) : value;
    if (Array.isArray(value)) return value.map(shorten);
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner)]))
      : value;
  };
  const { tools, ...rest } = body;
  return shorten({
    ...rest,
    ...(Array.isArray(tools)
      ? { tools: tools.filter((tool: Json, at: number) => at < 4 || !["function", undefined].includes(tool.type)).slice(0, 8) }
      : {}),
  });
}
