import fc from "fast-check";
import { expect } from "vitest";
import { eventMend } from "../../src/mend/event-mend.ts";
import type { ReplyEvent, Stop, Usage } from "../../src/model/event.ts";
import { pipe, runStage } from "../../src/model/pipe.ts";
import type { FunctionTool, JsonSchema, Request, Turn } from "../../src/model/request.ts";
import type { Ids, Stage } from "../../src/model/stage.ts";
import { createGrammar } from "../support/reply-grammar.ts";
import { plainRequest } from "../support/request.ts";

export type Part =
  | { readonly text: string }
  | { readonly thinking: string; readonly seal?: string }
  | { readonly call: string; readonly arguments: string; readonly id: string };

export interface Reply {
  readonly parts: readonly Part[];
  readonly stop: Stop["reason"];
}

export function countingIds(): Ids {
  let count = 0;
  return { next: (prefix) => `${prefix}${++count}` };
}

/** The calls that a model wrote as text, by ids as they are received: its own, or one that counts. */
export function numbered(stage: Stage<ReplyEvent, ReplyEvent>): Stage<ReplyEvent, ReplyEvent> {
  const ids = countingIds();
  const give = (event: ReplyEvent) => (event.type === "tool-start" && event.id === "" ? { ...event, id: ids.next("call_") } : event);
  return pipe(
    stage,
    eventMend((event, out) => out.put(give(event))),
  );
}

export function request(turns: readonly Turn[] = [user("hi")], more: Partial<Request> = {}): Request {
  return { ...plainRequest, turns, ...more };
}
export const user = (...texts: readonly string[]): Turn => ({ role: "user", parts: texts.map((text) => ({ type: "text", text })) });
export const assistant = (...texts: readonly string[]): Turn => ({
  role: "assistant",
  parts: texts.map((text) => ({ type: "text", text })),
});
export const system = (...texts: readonly string[]): Turn => ({ role: "system", parts: texts.map((text) => ({ type: "text", text })) });
export const calls = (...ids: readonly string[]): Turn => ({
  role: "assistant",
  parts: ids.map((id) => ({ type: "tool-call", id, name: "Read", arguments: "{}" })),
});
export const results = (...ids: readonly string[]): Turn => ({
  role: "user",
  parts: ids.map((id) => ({ type: "tool-result", id, parts: [{ type: "text", text: `result of ${id}` }], error: false })),
});
export const tool = (name: string, properties: Record<string, unknown> = {}, more: JsonSchema = {}): FunctionTool => ({
  type: "function",
  name,
  parameters: { type: "object", properties, ...more },
});

/** Events of a reply whose deltas are what `split` makes of each text. */
export function events(
  reply: Reply,
  split: (text: string) => readonly string[] = (text) => [text],
  usage: Usage = { input: 10, output: 5 },
): ReplyEvent[] {
  const out: ReplyEvent[] = [{ type: "reply-start", id: "r", usage: { input: 10 } }];
  const deltas = (text: string, delta: (piece: string) => ReplyEvent) => {
    for (const piece of split(text)) out.push(delta(piece));
  };
  for (const part of reply.parts) {
    if ("text" in part) {
      out.push({ type: "text-start" });
      deltas(part.text, (text) => ({ type: "text-delta", text }));
      out.push({ type: "text-end" });
    } else if ("thinking" in part) {
      out.push({ type: "thinking-start" });
      deltas(part.thinking, (text) => ({ type: "thinking-delta", text }));
      out.push(part.seal === undefined ? { type: "thinking-end" } : { type: "thinking-end", seal: { wire: "chat", value: part.seal } });
    } else {
      out.push({ type: "tool-start", id: part.id, name: part.call });
      deltas(part.arguments, (json) => ({ type: "tool-delta", json }));
      out.push({ type: "tool-end" });
    }
  }
  out.push({ type: "reply-end", stop: { reason: reply.stop } as Stop, usage });
  return out;
}

/** Events to the reply that they tell, held to the grammar. */
export function fold(list: readonly ReplyEvent[]): Reply {
  const grammar = createGrammar();
  const parts: Part[] = [];
  let stop: Stop["reason"] = "end";
  for (const event of list) {
    expect(grammar.next(event)).toBeUndefined();
    const last = parts.at(-1);
    if (event.type === "text-start") parts.push({ text: "" });
    else if (event.type === "thinking-start") parts.push({ thinking: "" });
    else if (event.type === "tool-start") parts.push({ call: event.name, arguments: "", id: event.id });
    else if (event.type === "text-delta" && last !== undefined && "text" in last)
      parts[parts.length - 1] = { text: last.text + event.text };
    else if (event.type === "thinking-delta" && last !== undefined && "thinking" in last) {
      parts[parts.length - 1] = { thinking: last.thinking + event.text };
    } else if (event.type === "thinking-end" && event.seal !== undefined && last !== undefined && "thinking" in last) {
      parts[parts.length - 1] = { ...last, seal: event.seal.value };
    } else if (event.type === "tool-delta" && last !== undefined && "call" in last) {
      parts[parts.length - 1] = { ...last, arguments: last.arguments + event.json };
    } else if (event.type === "reply-end") stop = event.stop.reason;
  }
  expect(grammar.over()).toBeUndefined();
  return { parts, stop };
}

/** The same reply in one piece, in single characters and in random pieces: all must be mended to the same; answers what. */
export function walk(stage: () => Stage<ReplyEvent, ReplyEvent>, reply: Reply): Reply {
  const mended = (split?: (text: string) => readonly string[]) => fold(runStage(stage(), events(reply, split)));
  const whole = mended();
  expect(mended((text) => [...text])).toEqual(whole);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      expect(mended((text) => pieces(text, sizes))).toEqual(whole);
    }),
    { numRuns: 20 },
  );
  return whole;
}

export function pieces(text: string, sizes: readonly number[]): string[] {
  const out: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    out.push(text.slice(at, at + size));
    at += size;
  }
  return out;
}
