import type { WireName } from "../../model/opaque.ts";
import type { Stage } from "../../model/stage.ts";
import type { Accepted, Audience, ClientWire, ReplyWriter } from "../../model/wire.ts";
import type { Reading } from "../exchange.ts";
import { type Body, bodyOf } from "../incoming/body.ts";
import type { Session } from "../session.ts";

type Result = ReturnType<ClientWire["accept"]>;

/** A client's body as a request. On the Responses wire one that goes on from an earlier reply gets its history back, and its reply is remembered. */
export function acceptBody(session: Session, wire: WireName, body: unknown, audience?: Audience): Result {
  const { wires, ids, clock } = session.options;
  const context = { ids, now: Math.floor(clock() / 1000), audience };
  if (wire !== "responses") return wires.clients[wire].accept(body, context);
  const expanded = session.responses.expand(body);
  if ("failure" in expanded) return expanded;
  const accepted = wires.clients.responses.accept(expanded.body, context);
  return "failure" in accepted ? accepted : remembered(session, accepted, expanded.body);
}

/** @param accept turns the body into a request */
export function readingOf(
  body: Body,
  accept: (body: Body) => Result,
  { id, stream }: { readonly id: string; readonly stream: boolean },
): Reading {
  let accepted: Result | undefined;
  let write: ReplyWriter | undefined;
  let writer: ReturnType<Reading["writer"]>;
  const reading: Reading = {
    accepted() {
      if (accepted !== undefined) return accepted;
      accepted = accept(body);
      if ("failure" in accepted) return accepted;
      // One for all attempts: it has the reply's id and time.
      write ??= accepted.write;
      accepted = { request: accepted.request, write };
      return accepted;
    },
    release() {
      accepted = undefined;
      body.release();
    },
    parsed: () => (accepted === undefined || "failure" in accepted ? undefined : accepted.request),
    anew: anewFrom(body.bytes, accept),
    writer() {
      if (!stream) return undefined;
      if (write === undefined) reading.accepted();
      writer ??= write?.stream(id);
      return writer;
    },
  };
  return reading;
}

/** Outside `readingOf`, since a closure there would keep all its variables in memory. */
function anewFrom(bytes: Buffer, accept: (body: Body) => Result): Reading["anew"] {
  return () => {
    const body = bodyOf(bytes);
    const accepted = "failure" in body ? body : accept(body);
    return "failure" in accepted ? undefined : accepted.request;
  };
}

/** Remembers the reply, unless the request says `store: false`, as agents do, which send their history themselves. */
function remembered({ responses }: Session, accepted: Accepted, body: unknown): Accepted {
  if (typeof body === "object" && body !== null && "store" in body && body.store === false) return accepted;
  const { request, write } = accepted;
  return {
    request,
    write: {
      stream: (requestId) => watched(write.stream(requestId), responses.watch(body)),
      reply(events) {
        const reply = write.reply(events);
        responses.remember(body, reply);
        return reply;
      },
    },
  };
}

function watched<In>(stage: Stage<In, string>, watch: (text: string) => void): Stage<In, string> {
  const seen = (out: readonly string[]) => {
    for (const text of out) watch(text);
    return out;
  };
  return { push: (input) => seen(stage.push(input)), idle: stage.idle, fail: stage.fail, end: stage.end };
}
