import { wires } from "../../src/cli/wires.ts";
import { mend } from "../../src/mend/mend.ts";
import type { ReplyEvent } from "../../src/model/event.ts";
import type { WireName } from "../../src/model/opaque.ts";
import { pipe, runStage } from "../../src/model/pipe.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { Stage } from "../../src/model/stage.ts";
import { quirksOf, rows } from "../../src/providers/index.ts";
import { readSse } from "../../src/wire/sse.ts";
import { readChatStream } from "../support/chat-grammar.ts";
import { readMessagesStream } from "../support/messages-grammar.ts";
import { problemsOfResponse, readResponsesStream } from "../support/responses-grammar.ts";

export const wireNames: readonly WireName[] = ["messages", "chat", "responses"];

/** Every set of quirks that some row has, for itself or for a model of its. */
export const someQuirks: readonly Quirks[] = [
  {},
  ...Object.values(rows).flatMap((row) => ["x", ...Object.keys(row.modelQuirks ?? {})].map((model) => quirksOf(row, model))),
];

/** What is wrong with a stream as a client gets it, by its wire and its provider's. */
export function problemsIn(client: WireName, provider: WireName, text: string): string[] {
  const reading = { foreign: client === provider };
  if (client === "messages") return readMessagesStream(text, reading).problems;
  return client === "chat" ? readChatStream(text).problems : readResponsesStream(text, reading).problems;
}

/** The same of a reply that comes whole, parsed. */
export function problemsInReply(client: WireName, provider: WireName, reply: ReturnType<typeof JSON.parse>): string[] {
  if (client === "responses") return problemsOfResponse(reply, { foreign: client === provider });
  if (client === "messages")
    return reply?.type === "message" && Array.isArray(reply.content) && typeof reply.stop_reason === "string" ? [] : ["no message"];
  const isCompletion = reply?.object === "chat.completion" && typeof reply.choices?.[0]?.finish_reason === "string";
  return isCompletion ? [] : ["no completion"];
}

function countingIds() {
  let count = 0;
  return { next: (prefix: string) => `${prefix}${String(++count).padStart(6, "0")}` };
}

export interface Way {
  readonly body: unknown;
  readonly stream: () => Stage<Uint8Array, string>;
  readonly events: (reply: unknown) => ReplyEvent[];
  readonly write: (events: readonly ReplyEvent[]) => unknown;
}

/** The way of a request from one wire to another and of its reply back, as the proxy goes it, without a socket. */
export function wayOf(client: WireName, provider: WireName, quirks: Quirks, request: unknown): Way | undefined {
  const ids = countingIds();
  const accepted = wires.clients[client].accept(request, { ids, now: 1_700_000_000 });
  if ("failure" in accepted) return undefined;
  const mended = mend(accepted.request, { quirks, ids, wire: provider, inputEstimate: () => 50 });
  const opened = wires.providers[provider].open(mended.request, { ids, model: "m", maker: "lab/m", quirks });
  return {
    body: opened.body,
    stream: () => pipe(pipe(pipe(readSse(), opened.read.stream()), mended.events()), accepted.write.stream("req_1")),
    events: (reply) => runStage(mended.events(), opened.read.reply(reply)),
    write: (events) => accepted.write.reply(events),
  };
}

const tool = (name: string, properties: object) => ({ name, description: name, schema: { type: "object", properties } });
const tools = [
  tool("Read", { file_path: { type: "string" } }),
  tool("Bash", { command: { type: "string" }, timeout: { type: "number" } }),
  tool("get_weather", { city: { type: "string" } }),
];
/** A request with tools, which every reply here answers. */
export const plainRequests: Readonly<Record<WireName, unknown>> = {
  messages: {
    model: "opus",
    max_tokens: 500,
    stream: true,
    messages: [{ role: "user", content: "hi" }],
    tools: tools.map(({ name, description, schema }) => ({ name, description, input_schema: schema })),
  },
  chat: {
    model: "m",
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "user", content: "hi" }],
    tools: tools.map(({ name, description, schema }) => ({ type: "function", function: { name, description, parameters: schema } })),
  },
  responses: {
    model: "m",
    stream: true,
    input: "hi",
    tools: [
      ...tools.slice(0, 2).map(({ name, description, schema }) => ({ type: "function", name, description, parameters: schema })),
      { type: "custom", name: "apply_patch", format: { type: "text" } },
      { type: "namespace", name: "mcp__w", tools: [{ type: "function", name: "get_weather", parameters: tools[2]?.schema }] },
    ],
  },
};
