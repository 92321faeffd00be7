import { isCut, type ReplyEvent, type Stop, type TokenLogprob, type Usage } from "../../model/event.ts";
import { append } from "../../model/lists.ts";
import type { Opaque, Seal } from "../../model/opaque.ts";
import type { AcceptContext } from "../../model/wire.ts";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "../json.ts";
import { ownFields, withOwnOfReply } from "../own-fields.ts";
import type { ToolSpelling } from "./accept-tools.ts";
import type { Echo } from "./response-object.ts";
import { writeUsage } from "./usage.ts";
import { openCall } from "./write-call-item.ts";
import { errorInReply } from "./write-failure.ts";
import { type Close, createItems, type OpenItem, type Send } from "./write-item.ts";
import { openMessage } from "./write-message-item.ts";
import { openReasoning } from "./write-reasoning-item.ts";

/**
 * Events of the language to items of the wire. An item begins with the first thing in it, so that empty parts take no output index. It ends
 * (`output_item.done`, on which Codex acts) with its part, but for two: a message waits for the next event, since its status tells whether
 * the reply was cut there, and so does a call with broken arguments, which must not be run where the reply was cut. Where anything follows, it was
 * not: the model sees then what it wrote, and no item begins while another is open.
 */
export function createItemWriter(
  echo: Echo,
  spelling: ReadonlyMap<string, ToolSpelling>,
  { ids, audience = "agent" }: AcceptContext,
  send: Send,
) {
  const items = createItems(ids, send);
  const foreignIds = new Set<string>();
  let open: OpenItem | undefined;
  /** A part that has ended, and whose item waits for what comes next. */
  let held: { readonly item: OpenItem; readonly close: Close } | undefined;
  let final: JsonObject | undefined;
  let phase: string | undefined;
  /** Of the text that comes next. */
  let logprobs: TokenLogprob[] | undefined;
  /** The same, where a server cites before it says the text, whose start is held back until there is some. */
  let citations: JsonObject[] = [];

  const cite = () => {
    if (open?.cite === undefined) return;
    open.cite(citations);
    citations = [];
  };
  /** Clients keep items by their ids, and providers send items without one, or two with the same. */
  const ownId = (given = ""): string => {
    if (given === "" || foreignIds.has(given)) return ids.next("item_");
    foreignIds.add(given);
    return given;
  };
  const hold = (item: OpenItem, seal?: Seal) => {
    const close = item.end(seal);
    held = close && { item, close };
  };
  const putWhole = (item: JsonObject) => items.done(items.add(item), item);
  const putOpaque = (part: Opaque) => {
    if (part.wire === "responses" && isObject(part.value) && typeof part.value.type === "string") {
      if (part.value.type === "phase") phase = textOf(part.value.phase);
      else putWhole({ ...part.value, id: ownId(textOf(part.value.id)) });
    } else if (part.search !== undefined) {
      const { query, found } = part.search;
      const sources = found.map(({ url }) => ({ type: "url", url }));
      putWhole({ id: ids.next("ws_"), type: "web_search_call", status: "completed", action: { type: "search", query, sources } });
    } else if (part.text !== undefined && part.wire !== "responses") {
      const message = openMessage(items, "output_text");
      message.delta(part.text);
      hold(message);
    }
  };

  const fail = (error: { readonly code: string; readonly message: string }, usage?: Usage) => {
    final = echo.object({ status: "failed", output: [...items.all], error, usage: usage && writeUsage(usage) });
    send("response.failed", { response: final });
  };

  const finish = ({ stop, usage, ...event }: Extract<ReplyEvent, { readonly type: "reply-end" }>) => {
    if (stop.reason === "refusal" && stop.explanation !== undefined && stop.explanation !== "") {
      const refusal = openMessage(items, "refusal");
      refusal.delta(stop.explanation);
      refusal.end()?.("completed");
    }
    // A program reads in a whole answer what the model declined with; Codex shows nothing of it. A call that stays unfinished makes it none.
    const isAnswer = audience !== "agent" && !items.isBroken() && stop.reason === "refusal" && stop.declined === true;
    const incomplete = isAnswer ? undefined : incompleteReason(stop);
    // Codex takes an empty reply for the end of its task; a failure is tried again.
    if (items.all.length === 0 && incomplete === undefined) return fail({ code: "server_error", message: emptyReply }, usage);
    const status = incomplete === undefined ? "completed" : "incomplete";
    const own = ownFields(event, "responses");
    const written = echo.object({ status, output: [...items.all], usage: writeUsage(usage), incomplete });
    final = withOwnOfReply({ ...written, service_tier: own.service_tier ?? written.service_tier }, own);
    send(`response.${status}`, { response: final });
  };

  return {
    put(event: ReplyEvent): void {
      if (final !== undefined) return;
      if (held !== undefined) {
        const { close } = held;
        held = undefined;
        close(event.type === "failure" ? "failed" : event.type === "reply-end" && isCut(event.stop.reason) ? "incomplete" : "completed");
      }
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
          open = openMessage(items, "output_text", phase);
          cite();
          phase = undefined;
          return;
        case "thinking-start":
          open = openReasoning(items);
          return;
        case "tool-start":
          open = openCall(items, event.id, spelling.get(event.name) ?? { kind: "function", name: event.name });
          return;
        case "text-end":
        case "tool-end":
        case "thinking-end":
          if (open !== undefined) hold(open, event.type === "thinking-end" ? event.seal : undefined);
          open = undefined;
          return;
        case "opaque":
          putOpaque(event.part);
          return;
        case "reply-end":
          finish(event);
          return;
        case "failure":
          fail(errorInReply(event.failure, audience));
          return;
        case "own":
          open?.note?.(listOf(ownFields(event, "responses").annotations).filter(isObject));
          append(citations, listOf(ownFields(event, "messages").citations).filter(isObject));
          append(
            citations,
            listOf(ownFields(event, "chat").annotations).map((annotation) => objectOf(objectOf(annotation).url_citation)),
          );
          cite();
          return;
        case "reply-start":
          return;
      }
    },
    over: (): boolean => final !== undefined,
    /** The response object as it stands: at the end, or in the middle with the item that is being written. */
    response(): JsonObject {
      const unfinished = (open ?? held?.item)?.soFar();
      return (
        final ?? echo.object({ status: "in_progress", output: unfinished === undefined ? [...items.all] : [...items.all, unfinished] })
      );
    },
  };
}

const emptyReply = "The model's reply was empty.";

function incompleteReason({ reason }: Stop): string | undefined {
  if (!isCut(reason)) return undefined;
  return reason === "refusal" ? "content_filter" : "max_output_tokens";
}
