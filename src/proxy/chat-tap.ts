import type { Usage } from "../model/event.ts";
import { isObject } from "../wire/chat/json.ts";
import { takeUsage, type UsageSoFar } from "../wire/chat/usage.ts";
import { readSse } from "../wire/sse.ts";

/** Usage from the bytes of a Chat Completions stream. Only chunks that carry some are parsed: one, with most servers. */
export function tapChat(): { push(bytes: Uint8Array): void; end(): void; usage(): Usage | undefined } {
  const sse = readSse();
  const known: UsageSoFar = {};
  const see = (messages: ReturnType<typeof sse.push>) => {
    for (const { data } of messages) if (/"usage"\s*:\s*\{/.test(data)) takeFrom(JSON.parse(data) as unknown, known);
  };
  return {
    push: (bytes) => see(sse.push(bytes)),
    end: () => see(sse.end()),
    usage: () => (known.input === undefined && known.output === undefined ? undefined : known),
  };
}

/** The usage of a whole reply's body. */
export function usageOfChat(body: unknown): Usage | undefined {
  const known: UsageSoFar = {};
  takeFrom(body, known);
  return known.input === undefined && known.output === undefined ? undefined : known;
}

function takeFrom(body: unknown, known: UsageSoFar): void {
  if (!isObject(body)) return;
  const choice = Array.isArray(body.choices) ? (body.choices[0] as unknown) : undefined;
  takeUsage(body, isObject(choice) ? choice : undefined, known);
}
