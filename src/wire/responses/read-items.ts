import type { ReplyEvent } from "../../model/event.ts";
import type { Search } from "../../model/opaque.ts";
import type { OpenContext } from "../../model/wire.ts";
import { isObject, type JsonObject, textOf } from "../json.ts";
import { pagesIn } from "../web-search.ts";
import type { CallsInOrder } from "./calls-in-order.ts";
import { readFreeformCall, readFunctionCall } from "./read-call.ts";
import { readMessage } from "./read-message.ts";
import { type ItemParts, tellOpaque } from "./read-parts.ts";
import { readReasoning } from "./read-reasoning.ts";

/** Reads one item of a reply into its parts. */
export interface ItemReader {
  /** What is known of it before its end: its name and id above all. */
  announced(given: JsonObject): void;
  /** An event about this type of item. */
  event(brings: Brought, event: JsonObject): void;
  /** The whole item brings what no event brought. */
  whole(given: JsonObject): void;
  /** The output limit came before its end. */
  cut?(): void;
  /** In what words the model declined. */
  refusal?(): string;
  /** It is a call that was told. */
  isCall?(): boolean;
  /** It ended, and with arguments that are whole. */
  isWhole?(): boolean;
}

/** What an event brings of its item: a piece, the whole of what came in pieces, or that another part begins. */
type Brought =
  | "text"
  | "whole-text"
  | "annotation"
  | "refusal"
  | "whole-refusal"
  | "summary-part"
  | "summary"
  | "content"
  | "arguments"
  | "whole-arguments"
  | "input";

/** The events about an item, each with the type of item that it is about. */
export const itemEvents: ReadonlyMap<unknown, { readonly type: string; readonly brings: Brought }> = new Map([
  ["response.output_text.delta", { type: "message", brings: "text" }],
  ["response.output_text.done", { type: "message", brings: "whole-text" }],
  ["response.output_text.annotation.added", { type: "message", brings: "annotation" }],
  ["response.refusal.delta", { type: "message", brings: "refusal" }],
  ["response.refusal.done", { type: "message", brings: "whole-refusal" }],
  ["response.reasoning_summary_part.added", { type: "reasoning", brings: "summary-part" }],
  ["response.reasoning_summary_text.delta", { type: "reasoning", brings: "summary" }],
  ["response.reasoning_text.delta", { type: "reasoning", brings: "content" }],
  // Open Responses' own name for it.
  ["response.reasoning.delta", { type: "reasoning", brings: "content" }],
  ["response.function_call_arguments.delta", { type: "function_call", brings: "arguments" }],
  ["response.function_call_arguments.done", { type: "function_call", brings: "whole-arguments" }],
  ["response.custom_tool_call_input.delta", { type: "custom_tool_call", brings: "input" }],
]);

/** A reader for each item of one reply. `tell`: for what is no part of it. */
export function createItemReaders(
  parts: ItemParts,
  calls: CallsInOrder,
  { ids, maker }: OpenContext,
  tell: (event: ReplyEvent) => void,
): (type: string) => ItemReader {
  const searched = new Set<string>();
  /** A client of another wire ties what was found to its search by the id; servers send searches without one, or two with the same. */
  const searchId = (id: unknown): string => {
    const own = textOf(id);
    if (own === undefined || searched.has(own)) return ids.next("ws_");
    searched.add(own);
    return own;
  };
  return (type) => {
    switch (type) {
      case "message":
        return readMessage(parts, tell);
      case "reasoning":
        return readReasoning(parts, maker);
      case "function_call":
        return readFunctionCall(calls);
      case "custom_tool_call":
        return readFreeformCall(calls);
      default:
        return {
          announced() {},
          event() {},
          whole(given) {
            const search = type === "web_search_call" ? readSearch(given, searchId(given.id)) : undefined;
            tellOpaque(parts, { wire: "responses", value: given, ...(search === undefined ? {} : { search }) });
          },
        };
    }
  };
}

/** A page that was opened or searched is a search for its address. */
function readSearch({ action }: JsonObject, id: string): Search | undefined {
  if (!isObject(action)) return undefined;
  const queries = Array.isArray(action.queries) ? action.queries.map(textOf).filter((query) => query !== undefined) : [];
  const query = textOf(action.query) ?? (queries.length > 0 ? queries.join("; ") : textOf(action.url));
  if (query === undefined) return undefined;
  return { id, query, found: pagesIn(action.sources) };
}
