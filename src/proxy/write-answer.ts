import type { ReplyEvent } from "../model/event.ts";
import { stringifyExactly } from "../model/exact-json.ts";
import type { Accepted } from "../model/wire.ts";
import type { Exchange, Result } from "./exchange.ts";

/** Spends the status on a stream. */
export function openStream({ downstream }: Exchange): void {
  if (!downstream.opened) downstream.open(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
}

/** A reply that is there already. */
export function answerEvents(exchange: Exchange, accepted: Accepted, events: readonly ReplyEvent[]): Result {
  const { downstream, keepAlive } = exchange;
  keepAlive.end();
  const end = events.at(-1);
  const writer = exchange.stream ? exchange.writer() : undefined;
  if (writer !== undefined) {
    openStream(exchange);
    downstream.end([...events.flatMap((event) => writer.push(event)), ...writer.end()].join(""));
  } else answerWhole(exchange, accepted.write.reply(events));
  return { done: true, ...(end?.type === "reply-end" ? { usage: end.usage } : {}) };
}

export function answerWhole({ downstream }: Exchange, body: unknown): void {
  // After white space the status is spent and the JSON follows.
  if (downstream.opened) downstream.end(stringifyExactly(body));
  else downstream.answer({ status: 200, headers: {}, body });
}

/** One sign of life: events that this client counts as such, or white space before JSON. */
export function beat(exchange: Exchange): void {
  const { downstream } = exchange;
  if (downstream.gone.aborted || downstream.full) return;
  if (exchange.stream) {
    const text = exchange.writer()?.idle().join("") ?? "";
    if (text === "") return;
    openStream(exchange);
    downstream.write(text);
    return;
  }
  if (!downstream.opened) downstream.open(200, { "content-type": "application/json" });
  downstream.write(" ");
}
