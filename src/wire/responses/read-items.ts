import type { Search } from "../../model/opaque.ts";
import type { OpenContext } from "../../model/wire.ts";
import { isObject, type JsonObject, listOf, textOf } from "../json.ts";
import { readFreeformCall, readFunctionCall } from "./read-call.ts";
import { readMessage } from "./read-message.ts";
import { type ItemParts, tellOpaque } from "./read-parts.ts";
import { readReasoning } from "./read-reasoning.ts";

/** Reads one item of a reply into its parts. */
export interface ItemReader {
  /** What is known of it before its end: its name and id above all. */
  announced(given: JsonObject): void;
  /** An event about this kind of item. */
  event(type: string, event: JsonObject): void;
  /** The whole item brings what no event brought. */
  whole(given: JsonObject): void;
  /** In what words the model declined. */
  refusal?(): string;
  /** It is a call that can be made. */
  isCall?(): boolean;
  /** Its text was told, and is not whole without its end. */
  isTold?(): boolean;
}

/** The kind of item that each event is about. */
export const kindOfEvent: ReadonlyMap<string, string> = new Map([
  ["response.output_text.delta", "message"],
  ["response.output_text.done", "message"],
  ["response.refusal.delta", "message"],
  ["response.refusal.done", "message"],
  ["response.reasoning_summary_part.added", "reasoning"],
  ["response.reasoning_summary_text.delta", "reasoning"],
  ["response.reasoning_text.delta", "reasoning"],
  // Open Responses' own name for it.
  ["response.reasoning.delta", "reasoning"],
  ["response.function_call_arguments.delta", "function_call"],
  ["response.function_call_arguments.done", "function_call"],
  ["response.custom_tool_call_input.delta", "custom_tool_call"],
]);

/** A reader for each item of one reply. */
export function createItemReaders(parts: ItemParts, { ids, maker }: OpenContext): (type: string) => ItemReader {
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
        return readMessage(parts);
      case "reasoning":
        return readReasoning(parts, maker);
      case "function_call":
        return readFunctionCall(parts, ids);
      case "custom_tool_call":
        return readFreeformCall(parts, ids);
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
  const sources = listOf(action.sources).filter(isObject);
  const found = sources.flatMap((source) => {
    const url = textOf(source.url);
    return url === undefined ? [] : [{ url, title: textOf(source.title) ?? url }];
  });
  return { id, query, found };
}
