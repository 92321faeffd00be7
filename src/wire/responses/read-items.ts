import { stringifyExactly } from "../../model/exact-json.ts";
import type { Search } from "../../model/opaque.ts";
import type { OpenContext } from "../../model/wire.ts";
import { freeformParameter } from "../freeform-tool.ts";
import { isObject, type JsonObject, listOf, textOf } from "../json.ts";
import { partsText } from "./item-text.ts";
import type { Part, PartQueue } from "./read-parts.ts";

/** An item of the reply as far as it has been seen. */
export interface Item {
  readonly type: string;
  begun: boolean;
  done: boolean;
  /** As it was announced. */
  given: JsonObject;
  /** The part that is being written, or was last. */
  part: Part | undefined;
  /** Content parts of a message, or summary parts, that have begun. */
  parts: number;
  /** Where its reasoning is read from: servers send the same thoughts as summary and as content. */
  source: "summary" | "content" | undefined;
  /** The summary part that the last text was for, and whether the next begins another. */
  summary: unknown;
  gap: boolean;
  refusal: string;
  /** How much of a freeform call's text went into JSON; undefined: not even the beginning of that. */
  input: number | undefined;
}

export const createItem = (type: string): Item => ({
  type,
  begun: false,
  done: false,
  given: {},
  part: undefined,
  parts: 0,
  source: undefined,
  summary: undefined,
  gap: false,
  refusal: "",
  input: undefined,
});

/** What each kind of item says, into the queue of parts; `.done` forms bring what no delta brought. */
export interface ItemReader {
  begin(item: Item, given: JsonObject): void;
  text(item: Item, delta: string): void;
  /** `index`: which part of the message, where the server says it. */
  textDone(item: Item, text: unknown, index?: unknown): void;
  reasoning(item: Item, source: "summary" | "content", delta: string, part: unknown): void;
  arguments(item: Item, delta: string): void;
  argumentsDone(item: Item, whole: unknown): void;
  input(item: Item, delta: string): void;
  done(item: Item, given: JsonObject): void;
}

export function createItemReader(queue: PartQueue, context: OpenContext): ItemReader {
  const open = (item: Item, kind: Part["kind"]): Part => {
    if (item.part === undefined || (item.part.ended && kind !== "tool")) item.part = queue.create(kind);
    return item.part;
  };
  const rest = (part: Part, whole: string) => {
    if (whole.length > part.length) queue.delta(part, whole.slice(part.length));
  };
  const name = (item: Item, given: JsonObject) => {
    const part = open(item, "tool");
    if (part.id === "") part.id = textOf(given.call_id) ?? textOf(given.id) ?? context.ids.next("call_");
    part.name ??= textOf(given.name);
  };
  const input = (item: Item, text: string) => {
    const part = open(item, "tool");
    if (item.input === undefined) queue.delta(part, `{"${freeformParameter}":"`);
    item.input = (item.input ?? 0) + text.length;
    queue.delta(part, JSON.stringify(text).slice(1, -1));
  };

  const searched = new Set<string>();
  /** A client of another wire ties what was found to its search by the id; servers send searches without one, or two with the same. */
  const searchId = ({ id }: JsonObject): string => {
    const own = textOf(id);
    if (own === undefined || searched.has(own)) return context.ids.next("ws_");
    searched.add(own);
    return own;
  };

  const reader: ItemReader = {
    begin(item, given) {
      if (item.type === "function_call" || item.type === "custom_tool_call") name(item, given);
      if (!item.begun) item.given = given;
      const phase = item.type === "message" && !item.begun ? textOf(given.phase) : undefined;
      item.begun = true;
      if (phase !== undefined) queue.opaque({ wire: "responses", value: { type: "phase", phase } });
    },
    text(item, delta) {
      if (delta === "") return;
      if (item.part === undefined || item.part.ended) item.parts++;
      queue.delta(open(item, "text"), delta);
    },
    textDone(item, text, index) {
      const fresh = item.part === undefined || item.part.ended;
      if (typeof text === "string" && text !== "") {
        const unseen = typeof index === "number" ? index >= item.parts : item.parts === 0;
        if (fresh && unseen) reader.text(item, text);
        else if (!fresh && item.part !== undefined) rest(item.part, text);
      }
      if (item.part !== undefined) queue.end(item.part);
    },
    reasoning(item, source, delta, part) {
      item.source ??= source;
      if (item.source !== source || delta === "") return;
      const thinking = item.part ?? open(item, "thinking");
      const another = item.gap || (part !== undefined && item.summary !== undefined && part !== item.summary);
      queue.delta(thinking, another && thinking.length > 0 ? `\n\n${delta}` : delta);
      item.gap = false;
      item.summary = part;
    },
    arguments(item, delta) {
      queue.delta(open(item, "tool"), delta);
    },
    argumentsDone(item, whole) {
      const json = typeof whole === "string" ? whole : isObject(whole) ? stringifyExactly(whole) : "";
      rest(open(item, "tool"), json);
    },
    input,
    done(item, given) {
      if (item.done) return;
      item.done = true;
      switch (item.type) {
        case "message": {
          if (item.part !== undefined && !item.part.ended) item.parts--;
          const content = listOf(given.content).filter(isObject);
          const texts = content.filter((part) => part.type !== "refusal" && part.text !== "");
          for (const [index, part] of texts.entries()) if (index >= item.parts) reader.textDone(item, part.text, index);
          if (item.part !== undefined) queue.end(item.part);
          if (item.refusal === "")
            item.refusal = content.map((part) => (part.type === "refusal" ? (textOf(part.refusal) ?? "") : "")).join("");
          return;
        }
        case "reasoning": {
          const summary = partsText(given.summary);
          const content = partsText(given.content);
          const whole = item.source === "content" ? content || summary : summary || content;
          const thinking = open(item, "thinking");
          rest(thinking, whole);
          const value = textOf(given.encrypted_content);
          queue.end(thinking, value === undefined ? undefined : { wire: "responses", maker: context.maker, value });
          return;
        }
        case "function_call":
          name(item, given);
          reader.argumentsDone(item, given.arguments);
          queue.end(open(item, "tool"));
          return;
        case "custom_tool_call":
          name(item, given);
          input(item, (textOf(given.input) ?? "").slice(item.input ?? 0));
          queue.delta(open(item, "tool"), '"}');
          queue.end(open(item, "tool"));
          return;
        default: {
          const search = item.type === "web_search_call" ? readSearch(given, searchId(given)) : undefined;
          queue.opaque({ wire: "responses", value: given, ...(search === undefined ? {} : { search }) });
        }
      }
    },
  };
  return reader;
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
