import type { ReplyEvent } from "../model/event.ts";
import { stringifyExactly } from "../model/exact-json.ts";
import type { Stage } from "../model/stage.ts";
import type { ReplyWriter } from "../model/wire.ts";
import type { Exchange, Result } from "./exchange.ts";

/** Sends the status and headers of a stream. */
export function openStream({ downstream }: Exchange): void {
  if (!downstream.opened) downstream.open(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
}

/** Sends the last of a stream. */
export function endStream(exchange: Exchange, writer: Stage<ReplyEvent, string>, last: string): void {
  openStream(exchange);
  exchange.downstream.end(last + writer.end().join(""));
}

/** Answers with a reply that is complete already. */
export function answerEvents(exchange: Exchange, write: ReplyWriter, events: readonly ReplyEvent[]): Result {
  const end = events.at(-1);
  const writer = exchange.writer();
  if (writer === undefined) answerWhole(exchange, write.reply(events));
  else endStream(exchange, writer, events.flatMap((event) => writer.push(event)).join(""));
  return { done: true, usage: end?.type === "reply-end" ? end.usage : undefined };
}

export function answerWhole({ downstream }: Exchange, body: unknown): void {
  // A beat has sent the status and white space; the JSON follows it.
  if (downstream.opened) downstream.end(stringifyExactly(body));
  else downstream.answer({ status: 200, headers: {}, body });
}

/** Writes one sign of life: for a stream, events that this client counts as such; for a whole reply, white space before the JSON. */
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
