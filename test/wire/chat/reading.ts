import type { ReplyEvent, Stop, Usage } from "../../../src/model/event.ts";
import type { Failure } from "../../../src/model/failure.ts";
import { pipe } from "../../../src/model/pipe.ts";
import type { Quirks } from "../../../src/model/quirks.ts";
import type { Request } from "../../../src/model/request.ts";
import type { Ids } from "../../../src/model/stage.ts";
import type { Opened } from "../../../src/model/wire.ts";
import { chatProvider } from "../../../src/wire/chat/provider.ts";
import { readSse } from "../../../src/wire/sse.ts";
import { createGrammar } from "../../support/reply-grammar.ts";
import { plainRequest } from "../../support/request.ts";

export function countingIds(): Ids {
  let count = 0;
  return { next: (prefix) => `${prefix}${++count}` };
}

export const plain: Request = {
  ...plainRequest,
  model: "opus:lab",
  turns: [{ role: "user", parts: [{ type: "text", text: "Hello" }] }],
  tools: ["Read", "Bash"].map((name) => ({ type: "function", name, parameters: { type: "object", properties: {} } })),
  stop: ["STOP"],
};

export function open(request: Partial<Request> = {}, quirks: Quirks = {}): Opened {
  return chatProvider.open({ ...plain, ...request }, { ids: countingIds(), model: "lab-model", maker: "lab/lab-model", quirks });
}

/** A delta as a chunk. */
export function chunk(delta: unknown, finish: string | null = null, more: object = {}): object {
  return { id: "chatcmpl-1", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta, finish_reason: finish }], ...more };
}

export function callChunk(entry: object, finish: string | null = null): object {
  return chunk({ tool_calls: [entry] }, finish);
}

export const end = (reason = "stop", more: object = {}): object => chunk({}, reason, more);
export const done = "[DONE]";

export function sse(chunks: readonly (object | string)[]): string {
  return chunks.map((item) => `data: ${typeof item === "string" ? item : JSON.stringify(item)}\n\n`).join("");
}

export interface Story {
  /** "text:...", "thinking:...", "tool:id:name:arguments", a seal in brackets behind its thinking. */
  readonly parts: readonly string[];
  readonly stop?: Stop;
  readonly usage?: Usage;
  readonly failure?: Failure;
}

/** What a list of events says, however it was cut; throws where it is not legal. */
export function fold(events: readonly ReplyEvent[]): Story {
  const grammar = createGrammar();
  const parts: string[] = [];
  let ending: Omit<Story, "parts"> = {};
  for (const event of events) {
    const wrong = grammar.next(event);
    if (wrong !== undefined) throw new Error(wrong);
    const last = parts.length - 1;
    if (event.type === "text-start") parts.push("text:");
    else if (event.type === "thinking-start") parts.push("thinking:");
    else if (event.type === "tool-start") parts.push(`tool:${event.id}:${event.name}:`);
    else if (event.type === "text-delta" || event.type === "thinking-delta") parts[last] += event.text;
    else if (event.type === "tool-delta") parts[last] += event.json;
    else if (event.type === "thinking-end" && event.seal !== undefined) parts[last] += `[${event.seal.maker} ${event.seal.value}]`;
    else if (event.type === "reply-end") ending = { stop: event.stop, usage: event.usage };
    else if (event.type === "failure") ending = { failure: event.failure };
  }
  const open = grammar.over();
  if (open !== undefined) throw new Error(open);
  return { parts, ...ending };
}

/** Reads stream text given in these pieces. */
export function readPieces(pieces: readonly Uint8Array[], request: Partial<Request> = {}): ReplyEvent[] {
  const stage = pipe(readSse(), open(request).read.stream());
  return [...pieces.flatMap((piece) => stage.push(piece)), ...stage.end()];
}

export function readText(text: string, request: Partial<Request> = {}): Story {
  return fold(readPieces([new TextEncoder().encode(text)], request));
}

export function read(chunks: readonly (object | string)[], request: Partial<Request> = {}): Story {
  return readText(sse(chunks), request);
}
