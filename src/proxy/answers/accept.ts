import type { WireName } from "../../model/opaque.ts";
import type { Stage } from "../../model/stage.ts";
import type { Accepted, Audience, ClientWire } from "../../model/wire.ts";
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
