import type { Failure } from "../../model/failure.ts";
import { isObject, type JsonObject, listOf, parseJson, textOf } from "../json.ts";
import { refuse } from "../refuse.ts";
import { inputItems } from "./input-items.ts";

/**
 * What was said before, for clients that send `previous_response_id` in place of the history, or, as the AI SDK does, an
 * `item_reference` in place of each item that they got. Bounded in entries and in bytes; the
 * longest unused goes first. Each entry holds its whole conversation (the items are shared, the bytes are counted in full), so that
 * losing an old one never breaks a newer one.
 */
export interface ResponseMemory {
  /** Whether the body goes on from a reply that is kept here, or refers to an item of one. */
  knows(body: unknown): boolean;
  /** The response object of a reply that is kept here. */
  find(id: string): unknown;
  /** All that it was asked with, what went before it included. */
  inputOf(id: string): readonly JsonObject[];
  /** Lets go of a reply; replies that went on from it stay. */
  forget(id: string): void;
  /** The body with the history in its `input`, as `accept` wants it; other bodies as they are. */
  expand(body: unknown): { readonly body: unknown } | { readonly failure: Failure };
  /** `body` as `expand` gave it, `response` the object of a reply that ended well; nothing is kept where the client said `store: false`. */
  remember(body: unknown, response: unknown): void;
  /** Sees what a stream writer puts out and remembers its last event. */
  watch(body: unknown): (text: string) => void;
}

interface Entry {
  readonly response: JsonObject;
  readonly items: readonly JsonObject[];
  readonly bytes: number;
}

/** The event that ends a reply well. A line begins it, and its JSON has no line in it. */
const ending = /(?:^|\n)event: response\.(?:completed|incomplete)\ndata: ([^\n]*)/;

/** Survives a copy of the object and never reaches JSON. */
const mark = Symbol("previous response");

export function expandedFrom(body: object): string | undefined {
  const from = (body as { readonly [mark]?: unknown })[mark];
  return typeof from === "string" ? from : undefined;
}

/** Whether a body says that it goes on from a reply or refers to an item of one, whatever is kept of them by now. */
export const refersBack = (body: unknown): boolean =>
  isObject(body) && (textOf(body.previous_response_id) !== undefined || listOf(body.input).some(isReference));

const isReference = (item: unknown): item is JsonObject => isObject(item) && item.type === "item_reference";

/** What is wrong with a request that goes on from a reply which is not kept. */
export function unknownResponse(id: string): readonly [message: string, field: string] {
  return [`Previous response with id '${id}' not found.`, "previous_response_id"];
}

export function createResponseMemory({ entries = 128, bytes = 64 * 1024 * 1024 } = {}): ResponseMemory {
  const known = new Map<string, Entry>();
  /** Items by id, with how many of the entries have them. */
  const kept = new Map<string, { readonly item: JsonObject; entries: number }>();
  let held = 0;

  const keep = (item: JsonObject) => {
    const id = textOf(item.id);
    const before = id === undefined ? undefined : kept.get(id);
    if (before !== undefined) before.entries++;
    else if (id !== undefined) kept.set(id, { item, entries: 1 });
  };
  const drop = (item: JsonObject) => {
    const id = textOf(item.id) ?? "";
    const before = kept.get(id);
    if (before !== undefined && --before.entries === 0) kept.delete(id);
  };
  const forget = (id: string) => {
    const entry = known.get(id);
    held -= entry?.bytes ?? 0;
    entry?.items.forEach(drop);
    known.delete(id);
  };
  const referred = (item: unknown) => (isReference(item) ? kept.get(textOf(item.id) ?? "")?.item : undefined);
  const refers = (input: unknown) => kept.size > 0 && Array.isArray(input) && input.some((item) => referred(item) !== undefined);
  const resolve = (body: JsonObject): JsonObject =>
    refers(body.input) ? { ...body, input: (inputItems(body.input) ?? []).map((item) => referred(item) ?? item) } : body;
  const remember = (body: unknown, response: unknown) => {
    if (!isObject(body) || body.store === false || !isObject(response) || !Array.isArray(response.output)) return;
    const id = textOf(response.id);
    if (id === undefined || response.status === "failed") return;
    const items = [...(inputItems(body.input) ?? []), ...response.output.filter(isObject)];
    const size = JSON.stringify(items).length + JSON.stringify({ ...response, output: [] }).length;
    forget(id);
    known.set(id, { response, items, bytes: size });
    items.forEach(keep);
    held += size;
    for (const oldest of known.keys()) {
      if (known.size <= entries && held <= bytes) break;
      forget(oldest);
    }
  };
  return {
    find: (id) => known.get(id)?.response,
    inputOf(id) {
      const { items = [], response } = known.get(id) ?? {};
      return items.slice(0, items.length - listOf(response?.output).filter(isObject).length);
    },
    forget,
    knows: (body) => isObject(body) && (known.has(textOf(body.previous_response_id) ?? "") || refers(body.input)),
    expand(given) {
      if (!isObject(given) || expandedFrom(given) !== undefined) return { body: given };
      const body = resolve(given);
      const id = textOf(body.previous_response_id);
      if (id === undefined) return { body };
      const entry = known.get(id);
      if (entry === undefined) return refuse(...unknownResponse(id));
      known.delete(id);
      known.set(id, entry);
      return { body: { ...body, input: [...entry.items, ...(inputItems(body.input) ?? [])], [mark]: id } };
    },
    remember,
    watch: (body) => (text) => {
      const data = ending.exec(text)?.[1];
      const event = data === undefined ? undefined : parseJson(data);
      if (isObject(event)) remember(body, event.response);
    },
  };
}
