import { createHash } from "node:crypto";
import type { Failure } from "../model/failure.ts";

/**
 * Remembers failures that could be reported only inside a stream, whose status had been sent. Claude Code then asks once more without
 * `stream`; that request gets the true status and text at once, instead of a second long wait for the same failure.
 */
export interface ToldFailures {
  remember(body: unknown, failure: Failure): void;
  find(body: unknown): Failure | undefined;
}

const rememberedFor = 60_000;

export function createToldFailures(clock: () => number): ToldFailures {
  const told = new Map<string, { readonly failure: Failure; readonly until: number }>();
  const forget = () => {
    for (const [key, { until }] of told) if (until <= clock()) told.delete(key);
  };
  return {
    remember(body, failure) {
      forget();
      told.set(keyOf(body), { failure, until: clock() + rememberedFor });
    },
    find(body) {
      forget();
      // Hashing a long conversation is only worth it when there is something to find.
      return told.size === 0 ? undefined : told.get(keyOf(body))?.failure;
    },
  };
}

/** A body without what the retry may change: `stream` with its options, `max_tokens`, and after a 400 `thinking.display` too. */
function keyOf(body: unknown): string {
  const { stream: _, max_tokens: __, stream_options: ___, thinking, ...rest } = Object(body) as Readonly<Record<string, unknown>>;
  const { display: ____, ...thought } = Object(thinking) as Readonly<Record<string, unknown>>;
  return createHash("sha256")
    .update(JSON.stringify([rest, thought]))
    .digest("base64");
}
