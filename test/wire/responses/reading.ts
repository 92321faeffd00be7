import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ReplyEvent } from "../../../src/model/event.ts";
import type { Ids, Stage } from "../../../src/model/stage.ts";
import type { AcceptContext, Accepted, Audience, OpenContext } from "../../../src/model/wire.ts";
import { responsesClient } from "../../../src/wire/responses/client.ts";
import { readSse } from "../../../src/wire/sse.ts";
import { createGrammar } from "../../support/reply-grammar.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON that they know
export type Json = any;

export function countingIds(): Ids {
  let count = 0;
  return { next: (prefix) => `${prefix}${String(++count).padStart(4, "0")}` };
}

export const acceptContext = (): AcceptContext => ({ ids: countingIds(), now: 1_700_000_000 });
export const openContext = (quirks: OpenContext["quirks"] = {}): OpenContext => ({
  ids: countingIds(),
  model: "m",
  maker: "lab/m",
  quirks,
});

export function recording(path: string): Json {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../../recordings", path), "utf8"));
}

/** The body accepted; anything else is a broken test. */
export function accepted(body: object, audience?: Audience): Accepted {
  const result = responsesClient.accept({ model: "m", ...body }, { ...acceptContext(), ...(audience === undefined ? {} : { audience }) });
  if ("failure" in result) throw new Error(result.failure.message);
  return result;
}

export function run<A, B>(stage: Stage<A, B>, inputs: readonly A[]): B[] {
  return [...inputs.flatMap((input) => stage.push(input)), ...stage.end()];
}

export function events(text: string): { event: string | undefined; data: Json }[] {
  return run(readSse(), [new TextEncoder().encode(text)]).map((message) => ({ event: message.event, data: JSON.parse(message.data) }));
}

/** What is wrong with the language's events, or undefined. */
export function illegal(list: readonly ReplyEvent[]): string | undefined {
  const grammar = createGrammar();
  for (const event of list) {
    const wrong = grammar.next(event);
    if (wrong !== undefined) return wrong;
  }
  return grammar.over();
}

/** Neighbouring deltas joined: how a text was cut is no part of what was said. */
export function folded(list: readonly ReplyEvent[]): ReplyEvent[] {
  const out: ReplyEvent[] = [];
  for (const event of list) {
    const last = out.at(-1);
    if (event.type === "tool-delta" && last?.type === "tool-delta") out[out.length - 1] = { ...last, json: last.json + event.json };
    else if ((event.type === "text-delta" || event.type === "thinking-delta") && last?.type === event.type)
      out[out.length - 1] = { ...last, text: last.text + event.text };
    else out.push(event);
  }
  return out;
}

/** Reads a stream as a strict client would: throws where it breaks the wire's order. */
export function readResponsesStream(text: string): { readonly items: Json[]; readonly response: Json; readonly ended: string } {
  const items: Json[] = [];
  const open = new Map<number, { item: Json; text: string; done: string | undefined }>();
  let response: Json;
  let ended = "";
  let next = 0;
  for (const [position, { event, data }] of events(text).entries()) {
    const demand = (condition: boolean, what: string) => {
      if (!condition) throw new Error(`event ${position} ${data.type}: ${what}`);
    };
    demand(event === data.type, `named ${event}`);
    demand(data.sequence_number === position, `sequence number ${data.sequence_number}`);
    demand(ended === "", "after the end");
    demand(position !== 0 || data.type === "response.created", "first");
    demand(position !== 1 || data.type === "response.in_progress", "second");
    const of = open.get(data.output_index);
    if (data.item_id !== undefined) demand(of?.item.id === data.item_id, "for an item that is not open");
    switch (data.type) {
      case "response.output_item.added":
        demand(data.output_index === next++, `index ${data.output_index}`);
        open.set(data.output_index, { item: data.item, text: "", done: undefined });
        break;
      case "response.output_item.done":
        demand(of !== undefined && of.item.id === data.item.id && of.item.type === data.item.type, "of another item than was added");
        if (of?.done !== undefined) demand(of.done === of.text, "the deltas are not what was said at the end");
        open.delete(data.output_index);
        items.push(data.item);
        break;
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
        ended = data.type.slice("response.".length);
        response = data.response;
        demand(response.status === ended, `status ${response.status}`);
        if (ended === "completed") demand(open.size === 0, "items are open");
        break;
      default:
        if (data.type.endsWith(".delta") && of) of.text += data.delta;
        else if (of && /(?:text|refusal|arguments|input)\.done$/.test(data.type))
          of.done = data.text ?? data.refusal ?? data.arguments ?? data.input;
    }
  }
  if (ended === "") throw new Error("no end");
  return { items, response, ended };
}

export const say = {
  start: { type: "reply-start", id: "x" } as const,
  text: (...pieces: string[]): ReplyEvent[] => [
    { type: "text-start" },
    ...pieces.map((text) => ({ type: "text-delta", text }) as const),
    { type: "text-end" },
  ],
  thinking: (pieces: string[], seal?: { wire: "responses" | "messages"; maker?: string; value: string }): ReplyEvent[] => [
    { type: "thinking-start" },
    ...pieces.map((text) => ({ type: "thinking-delta", text }) as const),
    { type: "thinking-end", ...(seal === undefined ? {} : { seal }) },
  ],
  call: (id: string, name: string, ...pieces: string[]): ReplyEvent[] => [
    { type: "tool-start", id, name },
    ...pieces.map((json) => ({ type: "tool-delta", json }) as const),
    { type: "tool-end" },
  ],
  end: (reason: "end" | "tool-use" | "max-output" | "window-full" = "end"): ReplyEvent => ({
    type: "reply-end",
    stop: { reason },
    usage: { input: 10, output: 5 },
  }),
};

/** The stream that a client gets for these events. */
export function streamed(list: readonly ReplyEvent[], body: object = { input: "hi" }): string {
  return run(accepted(body).write.stream("req_1"), list).join("");
}
