/**
 * Reads a Chat Completions stream as the strictest client would (openai-node's accumulator) and answers what it says, or what is wrong
 * with it. Written from the documentation of the wire, independently of fcc's own reader and writer.
 */

// biome-ignore lint/suspicious/noExplicitAny: a checker looks into anything.
type Json = any;

export interface ToldChat {
  readonly problems: string[];
  text: string;
  thinking: string;
  readonly calls: { readonly id: string; readonly name: string; json: string }[];
  finish?: string;
  error?: Json;
}

export function readChatStream(stream: string): ToldChat {
  const told: ToldChat = { problems: [], text: "", thinking: "", calls: [] };
  const problem = (what: string) => void told.problems.push(what);
  let state: "before" | "open" | "finished" | "after" = "before";
  let id: unknown;
  for (const frame of stream.split("\n\n")) {
    if (frame === "" || frame.startsWith(":")) continue;
    const match = /^data: ([^\n]+)$/.exec(frame);
    if (!match) {
      problem(`a frame that is not data: ${JSON.stringify(frame.slice(0, 80))}`);
      continue;
    }
    if (state === "after") problem("a frame after the end");
    if (match[1] === "[DONE]") {
      if (state !== "finished") problem("[DONE] without a finish_reason");
      state = "after";
      continue;
    }
    const chunk = JSON.parse(match[1] ?? "") as Json;
    if ("error" in chunk) {
      told.error = chunk.error;
      if (typeof chunk.error?.message !== "string" || chunk.error.message === "") problem("an error without a message");
      state = "after";
      continue;
    }
    if (chunk.object !== "chat.completion.chunk" || typeof chunk.id !== "string" || chunk.id === "")
      problem("a chunk without object or id");
    if (typeof chunk.created !== "number" || typeof chunk.model !== "string") problem("a chunk without created or model");
    if (id !== undefined && chunk.id !== id) problem(`id ${chunk.id} after ${id}`);
    id = chunk.id;
    if (!Array.isArray(chunk.choices)) problem("a chunk without choices");
    for (const choice of chunk.choices ?? []) {
      if (state === "finished") problem("a choice after its finish_reason");
      if (choice.index !== 0) problem(`choice ${choice.index}`);
      if (state === "before" && choice.delta?.role !== "assistant") problem("the first delta has no role");
      if (state === "before") state = "open";
      readDelta(choice.delta, told, problem);
      if (choice.finish_reason === null) continue;
      if (!["stop", "length", "tool_calls", "content_filter", "function_call"].includes(choice.finish_reason))
        problem(`finish_reason ${choice.finish_reason}`);
      told.finish = choice.finish_reason;
      state = "finished";
    }
  }
  if (state !== "after") problem(`the stream ended in state ${state}`);
  return told;
}

function readDelta(delta: Json, told: ToldChat, problem: (what: string) => void): void {
  if (typeof delta !== "object" || delta === null) {
    problem("a choice without delta");
    return;
  }
  if (typeof delta.content === "string") told.text += delta.content;
  if (typeof delta.reasoning_content === "string") told.thinking += delta.reasoning_content;
  for (const call of delta.tool_calls ?? []) {
    if (call.id !== undefined) {
      if (call.index !== told.calls.length) problem(`call ${call.index} begins after ${told.calls.length}`);
      if (typeof call.id !== "string" || call.id === "" || !call.function?.name) problem("a call without id or name");
      told.calls.push({ id: call.id, name: call.function?.name, json: "" });
    }
    const own = told.calls[call.index];
    if (own === undefined) problem(`a piece of call ${call.index}, which never began`);
    else if (typeof call.function?.arguments !== "string") problem("arguments that are no text");
    else own.json += call.function.arguments;
  }
}
