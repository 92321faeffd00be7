import type { DemoAnswer } from "./answer.ts";
import { tokensOf } from "./report.ts";
import type { DemoRequest } from "./request.ts";

/** What of an answer fits the request's limits, in the pieces in which it is streamed. */
interface Completion {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly pieces: readonly string[];
  readonly call?: { readonly id: string; readonly name: string; readonly pieces: readonly string[] };
  readonly finish: "stop" | "length" | "tool_calls";
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number };
}

export function complete(request: DemoRequest, answer: DemoAnswer, id: string, created: number): Completion {
  const stopped = cutAtStop(answer.text, request.stop);
  const room = request.maxOutput === undefined ? Number.POSITIVE_INFINITY : request.maxOutput * 4;
  const text = stopped.slice(0, room);
  const whole = text.length === answer.text.length;
  // A call is made whole or not at all.
  const call = whole && answer.call && answer.text.length + answer.call.arguments.length <= room ? answer.call : undefined;
  const cut = text.length < stopped.length || (whole && answer.call !== undefined && call === undefined);
  const prompt = tokensOf(request.size);
  const output = tokensOf(text.length + (call?.arguments.length ?? 0));
  return {
    id: `chatcmpl-${id}`,
    created,
    model: request.model,
    pieces: text.match(/\s*\S+|\s+$/g) ?? [],
    ...(call && { call: { id: `call_${id}`, name: call.name, pieces: call.arguments.match(/[\s\S]{1,12}/g) ?? [] } }),
    finish: cut ? "length" : call ? "tool_calls" : "stop",
    usage: { prompt_tokens: prompt, completion_tokens: output, total_tokens: prompt + output },
  };
}

function cutAtStop(text: string, stop: readonly string[]): string {
  const places = stop.map((word) => text.indexOf(word)).filter((place) => place >= 0);
  return places.length === 0 ? text : text.slice(0, Math.min(...places));
}

export function wholeReply({ id, created, model, pieces, call, finish, usage }: Completion): object {
  const message = {
    role: "assistant",
    content: pieces.length === 0 && call ? null : pieces.join(""),
    ...(call && { tool_calls: [{ id: call.id, type: "function", function: { name: call.name, arguments: call.pieces.join("") } }] }),
  };
  return { id, object: "chat.completion", created, model, choices: [{ index: 0, message, logprobs: null, finish_reason: finish }], usage };
}

/** The chunks of the stream, without `[DONE]`. */
export function* chunks({ id, created, model, pieces, call, finish, usage }: Completion, includeUsage: boolean): Generator<object> {
  const base = { id, object: "chat.completion.chunk", created, model };
  const chunk = (delta: object, reason: string | null = null) => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    ...(includeUsage && { usage: null }),
  });
  yield chunk({ role: "assistant", content: "" });
  for (const content of pieces) yield chunk({ content });
  if (call) {
    yield chunk({ tool_calls: [{ index: 0, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] });
    for (const piece of call.pieces) yield chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] });
  }
  yield chunk({}, finish);
  if (includeUsage) yield { ...base, choices: [], usage };
}
