import { mend } from "../../mend/mend.ts";
import { quirksFor } from "../../mend/quirks-for.ts";
import type { ReplyEvent } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import type { WireName } from "../../model/opaque.ts";
import { pipe, runStage } from "../../model/pipe.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Ids, SseMessage, Stage } from "../../model/stage.ts";
import type { Opened } from "../../model/wire.ts";
import { asksForStream } from "../../route/streaming.ts";
import { targetName } from "../../route/target.ts";
import { carriesOwn } from "../../wire/own-fields.ts";
import { type Exchange, requestOf, type WireAttempt } from "../exchange.ts";
import { readFailedGeneration } from "./failed-generation.ts";
import type { Fitted } from "./fit-to-target.ts";

/** How a provider's reply is read: by its wire's reader, then the mends. */
export interface OpenedAttempt {
  readonly stream: () => Stage<SseMessage, ReplyEvent>;
  readonly reply: (body: unknown) => ReplyEvent[];
  /** The reply that a failure contains, if it does. */
  readonly generated: (failure: Failure) => ReplyEvent[] | undefined;
  /** The request said what only its wire can say. */
  readonly carries: boolean;
}

/** An attempt that is still to be sent. */
export interface Unsent extends OpenedAttempt {
  readonly body: Opened["body"];
  /** The quirks by which that is written. */
  readonly quirks: Quirks;
}

export function openAttempt(exchange: Exchange, { request, tokens, roughly }: Fitted, attempt: WireAttempt): Unsent {
  const { session, wire, report } = exchange;
  const { wires } = session.options;
  const { target } = attempt;
  const quirks = quirksFor(request.reasoning, attempt.quirks);
  const ids = idsFor(wire, session.options.ids);
  const maker = targetName(target);
  const estimates = { inputEstimate: tokens, startEstimate: roughly };
  const mending = { quirks, ids, wire: attempt.wire, ...estimates, reread: () => requestOf(exchange), longIds: session.longIds(maker) };
  const { request: mended, events, notices } = mend(request, mending);
  for (const text of notices) report({ type: "notice", text });
  const sent = { ...mended, stream: asksForStream(quirks, mended.stream) };
  const { body, read } = wires.providers[attempt.wire].open(sent, { ids, model: target.model, maker, quirks });
  return {
    body,
    quirks,
    stream: () => pipe(read.stream(), events()),
    reply: (whole) => runStage(events(), read.reply(whole)),
    generated: (failure) => readFailedGeneration(failure, events, ids),
    carries: carriesOwn(sent, attempt.wire),
  };
}

/** A call to which the provider gave no id gets one in the form that the client's wire has. */
function idsFor(wire: WireName, ids: Ids): Ids {
  return wire === "messages" ? { next: (prefix) => ids.next(prefix === "call_" ? "toolu_" : prefix) } : ids;
}
