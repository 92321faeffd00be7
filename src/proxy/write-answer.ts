import type { ReplyEvent } from "../model/event.ts";
import { stringifyExactly } from "../model/exact-json.ts";
import type { Accepted } from "../model/wire.ts";
import type { Exchange, Result } from "./exchange.ts";

/** Spends the status on a stream. */
export function openStream({ outlet }: Exchange): void {
  if (!outlet.opened) outlet.open(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
}

/** A reply that is there already. */
export function answerEvents(exchange: Exchange, accepted: Accepted, events: readonly ReplyEvent[]): Result {
  const { outlet, keepAlive } = exchange;
  keepAlive.end();
  const end = events.at(-1);
  const writer = exchange.stream ? exchange.writer() : undefined;
  if (writer !== undefined) {
    openStream(exchange);
    outlet.end([...events.flatMap((event) => writer.push(event)), ...writer.end()].join(""));
  } else answerWhole(exchange, accepted.write.reply(events));
  return { done: true, ...(end?.type === "reply-end" ? { usage: end.usage } : {}) };
}

export function answerWhole({ outlet }: Exchange, body: unknown): void {
  // After white space the status is spent and the JSON follows.
  if (outlet.opened) outlet.end(stringifyExactly(body));
  else outlet.answer({ status: 200, headers: {}, body });
}

/** One sign of life: events that this client counts as such, or white space before JSON. */
export function beat(exchange: Exchange): void {
  const { outlet } = exchange;
  if (outlet.gone.aborted || outlet.full) return;
  if (exchange.stream) {
    const text = exchange.writer()?.idle().join("") ?? "";
    if (text === "") return;
    openStream(exchange);
    outlet.write(text);
    return;
  }
  if (!outlet.opened) outlet.open(200, { "content-type": "application/json" });
  outlet.write(" ");
}
