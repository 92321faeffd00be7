import type { IncomingMessage } from "node:http";
import type { Failure } from "../../model/failure.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Accepted, Headers } from "../../model/wire.ts";
import { resolveModel } from "../../route/plan.ts";
import { call } from "../call.ts";
import type { Exchange } from "../exchange.ts";
import type { Outlet } from "../outlet.ts";
import type { Body } from "../read-body.ts";
import type { Session } from "../session.ts";
import { createSilence } from "../silence.ts";

/** POST /v1/messages, /v1/responses, /v1/chat/completions: a reply of a model, streamed or whole. */
export async function answerReply(
  session: Session,
  wire: WireName,
  request: IncomingMessage,
  body: Body,
  outlet: Outlet,
  id: string,
): Promise<void> {
  const { profile, sink, clock, wires, ids, traceBodies } = session.options;
  const json = typeof body.json === "object" && body.json !== null ? (body.json as Record<string, unknown>) : {};
  const stream = json["stream"] === true;
  const model = typeof json["model"] === "string" ? json["model"] : "";
  sink({
    type: "request",
    id,
    at: clock(),
    endpoint: (request.url ?? "").replace(/\?.*$/, ""),
    model,
    stream,
    bytes: body.bytes.length,
    ...(traceBodies === true ? { body: () => body.bytes.toString("utf8") } : {}),
  });
  const refuse = (failure: Failure) => {
    const told = wires.clients[wire].tell(failure, id);
    outlet.answer(told);
    sink({ type: "failed", id, at: clock(), failure });
    sink({ type: "answered", id, at: clock(), status: told.status });
  };

  let accepted: Accepted | { readonly failure: Failure } | undefined;
  const accept = () => {
    accepted ??= wires.clients[wire].accept(body.json, { ids, now: Math.floor(clock() / 1000) });
    return accepted;
  };
  // Without a model's name there is nothing to decide on; the wire says what is wrong with such a body.
  if (model === "") {
    const looked = accept();
    return refuse("failure" in looked ? looked.failure : { kind: "bad-request", origin: "client", message: "model: Field required" });
  }
  const plan = resolveModel(profile, model);
  if ("failure" in plan) return refuse(plan.failure);

  const silence = createSilence(profile.keepAliveAfter, () => {});
  const exchange: Exchange = {
    id,
    wire,
    headers: request.headers as Headers,
    bytes: body.bytes,
    json,
    stream,
    plan,
    outlet,
    silence,
    accepted: accept,
  };
  try {
    await call(session, exchange);
  } finally {
    silence.end();
  }
}
