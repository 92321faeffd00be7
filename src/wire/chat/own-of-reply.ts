import type { ReplyEvent } from "../../model/event.ts";
import type { Own } from "../../model/opaque.ts";
import { type JsonObject, listOf } from "../json.ts";
import { ownOf } from "../own-fields.ts";

/** `obfuscation` is padding of one chunk. */
const ofChunk = new Set(["id", "object", "created", "model", "choices", "error", "obfuscation"]);
const known = new Set([
  ...["usage.", "usage.prompt_tokens", "usage.completion_tokens", "usage.total_tokens"],
  ...["usage.prompt_tokens_details.", "usage.prompt_tokens_details.cached_tokens", "usage.prompt_tokens_details.cache_write_tokens"],
  ...["usage.completion_tokens_details.", "usage.completion_tokens_details.reasoning_tokens"],
]);

/** Gathers what the chunks of a reply say of it as a whole: `system_fingerprint`, `service_tier`, what it cost, the pages that it draws on. */
export function followOwn() {
  const told: Record<string, unknown> = {};
  return {
    take(chunk: JsonObject): void {
      // Hot: run for each chunk, and nearly always with nothing of its own.
      for (const name in chunk) if (!ofChunk.has(name) && chunk[name] !== null) told[name] = chunk[name];
    },
    said: (): { own?: Own } => ownOf("chat", told, known),
  };
}

/** Spreads that over the chunks of a stream that is written. */
export function spreadOwn() {
  const words: Record<string, unknown> = {};
  const long: Record<string, unknown> = {};
  let untold: Record<string, unknown> = {};
  return {
    take(own: JsonObject): void {
      for (const [name, value] of Object.entries(own)) {
        if (typeof value !== "object") words[name] = value;
        else if (long[name] !== value) long[name] = untold[name] = value;
      }
    },
    /** What the next chunk says: words each, as servers do, and a list or an object one alone. vLLM's `prompt_token_ids` is as long as the prompt. */
    next(): JsonObject {
      const said = { ...words, ...untold };
      untold = {};
      return said;
    },
  };
}

/** The pages that a delta cites, for a client of this wire. */
export function annotationsOf({ annotations }: JsonObject): readonly ReplyEvent[] {
  const cited = listOf(annotations);
  return cited.length === 0 ? [] : [{ type: "own", own: { wire: "chat", fields: { annotations: cited } } }];
}
