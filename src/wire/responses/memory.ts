import type { Failure } from "../../model/failure.ts";
import { isObject, type JsonObject, parseJson, textOf } from "../json.ts";
import { inputItems } from "./accept-items.ts";

/**
 * What was said before, for clients that send `previous_response_id` in place of the history. Bounded in entries and in bytes; the
 * longest unused goes first. Each entry holds its whole conversation (the items are shared, the bytes are counted in full), so that
 * losing an old one never breaks a newer one.
 */
export interface ResponseMemory {
  /** Whether the body goes on from a reply that is kept here. */
  knows(body: unknown): boolean;
  /** The body with the history in its `input`, as `accept` wants it; other bodies as they are. */
  expand(body: unknown): { readonly body: unknown } | { readonly failure: Failure };
  /** `body` as `expand` gave it, `response` the object of a reply that ended well; nothing is kept where the client said `store: false`. */
  remember(body: unknown, response: unknown): void;
  /** Sees what a stream writer puts out and remembers its last event. */
  watch(body: unknown): (text: string) => void;
}

interface Entry {
  readonly items: readonly JsonObject[];
  readonly bytes: number;
}

/** The event that ends a reply well. A line begins it, and its JSON has no line in it. */
const ending = /(?:^|\n)event: response\.(?:completed|incomplete)\ndata: (.*)/;

/** Survives a copy of the object and never reaches JSON. */
const mark = Symbol("previous response");

export function expandedFrom(body: object): string | undefined {
  const from = (body as { readonly [mark]?: unknown })[mark];
  return typeof from === "string" ? from : undefined;
}

export function createResponseMemory({ entries = 128, bytes = 64 * 1024 * 1024 } = {}): ResponseMemory {
  const known = new Map<string, Entry>();
  let held = 0;

  const forget = (id: string) => {
    held -= known.get(id)?.bytes ?? 0;
    known.delete(id);
  };
  const remember = (body: unknown, response: unknown) => {
    if (!isObject(body) || body.store === false || !isObject(response) || !Array.isArray(response.output)) return;
    const id = textOf(response.id);
    if (id === undefined || response.status === "failed") return;
    const items = [...(inputItems(body.input) ?? []), ...response.output.filter(isObject)];
    const size = JSON.stringify(items).length;
    forget(id);
    known.set(id, { items, bytes: size });
    held += size;
    for (const oldest of known.keys()) {
      if (known.size <= entries && held <= bytes) break;
      forget(oldest);
    }
  };
  return {
    knows: (body) => isObject(body) && known.has(textOf(body.previous_response_id) ?? ""),
    expand(body) {
      const id = isObject(body) ? textOf(body.previous_response_id) : undefined;
      if (!isObject(body) || id === undefined || expandedFrom(body) !== undefined) return { body };
      const entry = known.get(id);
      if (entry === undefined) {
        const message = `Previous response with id '${id}' not found.`;
        return { failure: { kind: "bad-request", origin: "client", message, refused: { field: "previous_response_id" } } };
      }
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
