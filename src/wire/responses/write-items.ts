import { isCut, type ReplyEvent, type Stop, type TokenLogprob, type Usage } from "../../model/event.ts";
import { append } from "../../model/lists.ts";
import type { Opaque, Seal } from "../../model/opaque.ts";
import type { AcceptContext } from "../../model/wire.ts";
import { isObject, type JsonObject, textOf } from "../json.ts";
import type { ToolSpelling } from "./accept-tools.ts";
import type { Echo } from "./response-object.ts";
import { writeUsage } from "./usage.ts";
import { openCall } from "./write-call-item.ts";
import { errorInReply } from "./write-failure.ts";
import type { Close, ItemSink, OpenItem, Send } from "./write-item.ts";
import { openMessage } from "./write-message-item.ts";
import { openReasoning } from "./write-reasoning-item.ts";

export interface ItemWriter {
  put(event: ReplyEvent): void;
  over(): boolean;
  /** The response object as it stands: at the end, or in the middle with the item that is being written. */
  response(): JsonObject;
}

interface Held {
  readonly item: OpenItem;
  readonly close: Close;
  /** Of the item, where it is announced. */
  readonly index: number;
}

/**
 * Events of the language to items of the wire. An item begins with the first thing in it, so that empty parts take no output index. It ends
 * (`output_item.done`, on which Codex acts) with its part, but for two: a message waits for the next event, since its status tells whether
 * the reply was cut there, and a call with broken arguments for the end of the reply, since it must not be run where the reply was cut: a chat
 * server's refusal is told behind such a call.
 */
export function createItemWriter(
  echo: Echo,
  spelling: ReadonlyMap<string, ToolSpelling>,
  { ids, audience = "agent" }: AcceptContext,
  send: Send,
): ItemWriter {
  /** By their index; an item that is not over yet leaves its place empty. */
  const output: unknown[] = [];
  const foreignIds = new Set<string>();
  let next = 0;
  let open: OpenItem | undefined;
  /** Parts that have ended: the one whose item waits for what comes next, and the calls that wait for the end. */
  let last: Held | undefined;
  const brokenCalls: Held[] = [];
  let final: JsonObject | undefined;
  let phase: string | undefined;
  /** Of the text that comes next. */
  let logprobs: TokenLogprob[] | undefined;

  /** Clients keep items by their ids, and providers send items without one, or two with the same. */
  const ownId = (given = ""): string => {
    if (given === "" || foreignIds.has(given)) return ids.next("item_");
    foreignIds.add(given);
    return given;
  };
  const add = (item: JsonObject): number => {
    send("response.output_item.added", { output_index: next, item });
    return next++;
  };
  const done = (index: number, item: JsonObject) => {
    output[index] = item;
    send("response.output_item.done", { output_index: index, item });
  };

  const hold = (item: OpenItem, isCall: boolean, seal?: Seal) => {
    const close = item.end(seal);
    if (close === undefined) return;
    const held = { item, close, index: next - 1 };
    if (isCall) brokenCalls.push(held);
    else last = held;
  };
  /** Ends what waits no longer once this has come. */
  const release = (event: ReplyEvent) => {
    const isOver = event.type === "reply-end" || event.type === "failure";
    const ending =
      event.type === "failure" ? "failed" : event.type === "reply-end" && isCut(event.stop.reason) ? "incomplete" : "completed";
    if (isOver) for (const { close } of brokenCalls.splice(0)) close(ending);
    const released = last;
    last = undefined;
    released?.close(ending);
  };
  let isBroken = false;
  const leave: ItemSink["leave"] = (index, item) => {
    isBroken = true;
    output[index] = item;
  };
  const sink: ItemSink = { ids, send, add, done, leave };

  const putOpaque = (part: Opaque) => {
    if (part.wire === "responses" && isObject(part.value) && typeof part.value.type === "string") {
      if (part.value.type === "phase") phase = textOf(part.value.phase);
      else {
        const item = { ...part.value, id: ownId(textOf(part.value.id)) };
        done(add(item), item);
      }
    } else if (part.search !== undefined) {
      const { query, found } = part.search;
      const sources = found.map(({ url }) => ({ type: "url", url }));
      const item = { id: ids.next("ws_"), type: "web_search_call", status: "completed", action: { type: "search", query, sources } };
      done(add(item), item);
    } else if (part.text !== undefined && part.wire !== "responses") {
      const message = openMessage(sink, "output_text");
      message.delta(part.text);
      hold(message, false);
    }
  };

  const fail = (error: { readonly code: string; readonly message: string }, usage?: Usage) => {
    final = echo.object({ status: "failed", output: [...output], error, usage: usage && writeUsage(usage) });
    send("response.failed", { response: final });
  };

  const finish = (stop: Stop, usage: Usage) => {
    if (stop.reason === "refusal" && stop.explanation !== undefined && stop.explanation !== "") {
      const refusal = openMessage(sink, "refusal");
      refusal.delta(stop.explanation);
      refusal.end()?.("completed");
    }
    // A program reads in a whole answer what the model declined with; Codex shows nothing of it. A call that stays unfinished makes it none.
    const isAnswer = audience !== "agent" && !isBroken && stop.reason === "refusal" && stop.declined === true;
    const incomplete = isAnswer ? undefined : incompleteReason(stop);
    // Codex takes an empty reply for the end of its task; a failure is tried again.
    if (output.length === 0 && incomplete === undefined) return fail({ code: "server_error", message: emptyReply }, usage);
    const status = incomplete === undefined ? "completed" : "incomplete";
    final = echo.object({ status, output: [...output], usage: writeUsage(usage), incomplete });
    send(`response.${status}`, { response: final });
  };

  return {
    put(event) {
      if (final !== undefined) return;
      release(event);
      switch (event.type) {
        case "logprobs":
          logprobs ??= [];
          append(logprobs, event.tokens);
          return;
        case "text-delta":
          open?.delta(event.text, logprobs);
          logprobs = undefined;
          return;
        case "thinking-delta":
          open?.delta(event.text);
          return;
        case "tool-delta":
          open?.delta(event.json);
          return;
        case "text-start":
          open = openMessage(sink, "output_text", phase);
          phase = undefined;
          return;
        case "thinking-start":
          open = openReasoning(sink);
          return;
        case "tool-start":
          open = openCall(sink, event.id, spelling.get(event.name) ?? { kind: "function", name: event.name });
          return;
        case "text-end":
        case "tool-end":
        case "thinking-end":
          if (open !== undefined) hold(open, event.type === "tool-end", event.type === "thinking-end" ? event.seal : undefined);
          open = undefined;
          return;
        case "opaque":
          putOpaque(event.part);
          return;
        case "reply-end":
          finish(event.stop, event.usage);
          return;
        case "failure":
          fail(errorInReply(event.failure, audience));
          return;
        case "reply-start":
          return;
      }
    },
    over: () => final !== undefined,
    response() {
      if (final !== undefined) return final;
      const items = [...output];
      for (const { item, index } of last === undefined ? brokenCalls : [...brokenCalls, last]) items[index] = item.soFar() ?? items[index];
      return echo.object({ status: "in_progress", output: [...items, open?.soFar()].filter((item) => item !== undefined) });
    },
  };
}

const emptyReply = "The model's reply was empty.";

function incompleteReason({ reason }: Stop): string | undefined {
  if (!isCut(reason)) return undefined;
  return reason === "refusal" ? "content_filter" : "max_output_tokens";
}
