import type { ReplyEvent, Stop, Usage } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { OpenContext } from "../../model/wire.ts";
import { readErrorInReply } from "../failure.ts";
import { isObject, type JsonObject, listOf, textOf } from "../json.ts";
import { ownOf } from "../own-fields.ts";
import { tellInOrder } from "../parts-in-order.ts";
import { callsInOrder } from "./calls-in-order.ts";
import { endings, endStatuses } from "./endings.ts";
import { readErrorEvent } from "./error-event.ts";
import { createItemReaders, itemEvents } from "./read-items.ts";
import { endOf, type ItemPart, startOf } from "./read-parts.ts";
import { repeatedDeltas } from "./repeated-deltas.ts";
import { createReplyItems, type Item } from "./reply-items.ts";
import { readUsage } from "./usage.ts";

/**
 * Reads one reply from the events of its stream. Nothing is read after the end.
 *
 * @param maxOutput the limit that was sent
 */
export function readEvents(context: OpenContext, maxOutput: number | undefined) {
  const out = createOutbox<ReplyEvent>();
  const parts = tellInOrder<ItemPart>(out.put, startOf, endOf);
  const calls = callsInOrder(parts);
  const items = createReplyItems(createItemReaders(parts, calls, context, out.put));
  const isRepeated = repeatedDeltas();
  let id: string | undefined;
  let state: "before" | "open" | "over" = "before";

  const announce = (item: Item, given: JsonObject): void => {
    item.given ??= given;
    item.reader.announced(given);
  };
  const end = (item: Item, given: JsonObject): void => {
    if (item.done) return;
    announce(item, given);
    item.done = true;
    item.reader.whole(given);
  };
  const start = (): ReplyEvent[] => {
    if (state !== "before") return [];
    state = "open";
    return [{ type: "reply-start", id: id ?? context.ids.next("resp_") }];
  };
  const fail = (failure: Failure): ReplyEvent[] => {
    if (state === "over") return [];
    const said = state === "open" ? out.take() : [];
    state = "over";
    return [...said, { type: "failure", failure }];
  };
  const remember = (response: unknown) => {
    if (isObject(response)) id ??= textOf(response.id);
  };

  /** The reply is over, with the response object as it ended. */
  const over = (response: JsonObject): ReplyEvent[] => {
    if (response.status === "failed" || response.status === "cancelled") {
      const error = isObject(response.error) ? response.error : { message: `The provider's reply was ${response.status}.` };
      return fail(readErrorInReply({ error }));
    }
    remember(response);
    for (const [item, given] of items.inOutput(listOf(response.output).filter(isObject))) end(item, given);
    const usage = readUsage(response.usage);
    const status = isCut(usage) ? "incomplete" : response.status;
    // Of a reply that is whole a call may have been announced with its arguments, or told in deltas, and never ended.
    for (const item of items.all) {
      if (status !== "completed") item.reader.cut?.();
      else if (item.reader.isCall?.() || hasArguments(item.given)) end(item, item.given ?? {});
    }
    calls.close();
    const begun = start();
    state = "over";
    return [
      ...begun,
      ...out.take(),
      { type: "reply-end", stop: readStop({ ...response, status }), usage, ...ownOf("responses", response, known) },
    ];
  };

  /** llama.cpp calls a reply complete that it cut at the limit, and the call that was cut there. */
  const isCut = ({ output }: Usage): boolean =>
    maxOutput !== undefined && output !== undefined && output >= maxOutput && items.all.at(-1)?.reader.isWhole?.() !== true;

  const readStop = (response: JsonObject): Stop => {
    const refusal = items.all.map(({ reader }) => reader.refusal?.() ?? "").join("");
    const reason = isObject(response.incomplete_details) ? response.incomplete_details.reason : undefined;
    if (response.status === "incomplete" && reason === "content_filter")
      return { reason: "refusal", ...(refusal ? { explanation: refusal } : {}) };
    if (response.status === "incomplete") return { reason: "max-output" };
    if (refusal !== "") return { reason: "refusal", explanation: refusal, declined: true };
    return { reason: items.all.some(({ reader }) => reader.isCall?.()) ? "tool-use" : "end" };
  };

  const read = (type: string | undefined, event: JsonObject): void => {
    if (type === "response.output_item.added" || type === "response.output_item.done") {
      if (!isObject(event.item)) return;
      const isEnd = type === "response.output_item.done";
      const item = items.within(event, event.item, !isEnd);
      if (isEnd) end(item, event.item);
      else announce(item, event.item);
      return;
    }
    const about = itemEvents.get(type);
    if (about !== undefined) items.about(event, about.type).reader.event(about.brings, event);
  };

  return {
    /** `name`: the event's, which counts where its data have no type. */
    take(event: JsonObject, name?: string): readonly ReplyEvent[] {
      if (state === "over") return [];
      const type = textOf(event.type) ?? name;
      if (name === "error" || type === "error" || (isObject(event.error) && type?.startsWith("response.") !== true)) {
        return fail(readErrorEvent(event));
      }
      const status = endings.get(type);
      if (status !== undefined && isObject(event.response)) {
        // vLLM ends every reply with `response.completed` and leaves what happened to the status.
        const said = status === "completed" && endStatuses.has(event.response.status) ? event.response.status : status;
        // Gateways put what went wrong beside the response.
        return over({ ...event.response, status: said, error: event.response.error ?? event.error });
      }
      remember(event.response);
      if (!isRepeated(type, event)) read(type, event);
      // Not with `response.created`: until the model has said something, another target may be tried.
      return items.all.length === 0 ? [] : [...start(), ...out.take()];
    },
    fail,
    over,
  };
}

function hasArguments(item: JsonObject | undefined): boolean {
  return isObject(item?.arguments) || textOf(item?.arguments) !== undefined;
}

/** What every response object has, and is told by fcc. Beside it a server says by which tier it was served, and at what price. */
const known = new Set([
  ...["id", "object", "created_at", "completed_at", "status", "error", "incomplete_details", "model", "output", "output_text"],
  ...["previous_response_id", "conversation", "prompt", "instructions", "tools", "tool_choice", "parallel_tool_calls", "truncation"],
  ...["text", "reasoning", "temperature", "top_p", "top_k", "presence_penalty", "frequency_penalty", "top_logprobs", "max_output_tokens"],
  ...["max_tool_calls", "store", "background", "metadata", "safety_identifier", "prompt_cache_key", "user", "include", "client_metadata"],
  ...["usage.", "usage.input_tokens", "usage.output_tokens", "usage.total_tokens"],
  ...["usage.input_tokens_details.", "usage.input_tokens_details.cached_tokens", "usage.input_tokens_details.cache_write_tokens"],
  ...["usage.output_tokens_details.", "usage.output_tokens_details.reasoning_tokens"],
]);
