import { audienceOf } from "../../clients/audience.ts";
import type { Failure } from "../../model/failure.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Accepted, Headers } from "../../model/wire.ts";
import { resolveModel } from "../../route/plan.ts";
import { call } from "../call.ts";
import type { Exchange } from "../exchange.ts";
import { type Body, bodyOf } from "../incoming/body.ts";
import type { Incoming } from "../incoming/incoming.ts";
import { isPlainlyMalformed } from "../incoming/plainly-malformed.ts";
import { createKeepAlive } from "../keep-alive.ts";
import type { Session } from "../session.ts";
import { acceptBody } from "./accept.ts";

/** An endpoint below one that replies, which reads the body and writes the reply, whole, in its own way. */
export interface Form {
  readonly below: string;
  readonly accept: (json: unknown) => Accepted | { readonly failure: Failure };
}

/** POST /v1/messages, /v1/responses, /v1/chat/completions: a model's reply, streamed or whole. */
export async function answerReply(
  session: Session,
  { id, request, downstream }: Incoming,
  wire: WireName,
  body: Body,
  form?: Form,
): Promise<void> {
  const { profile, sink, clock, wires, traceBodies } = session.options;
  const { bytes, fields } = body;
  const stream = form === undefined && fields["stream"] === true;
  const model = typeof fields["model"] === "string" ? fields["model"] : "";
  sink({
    type: "request",
    id,
    at: clock(),
    endpoint: (request.url ?? "").split("?", 1)[0] ?? "",
    model,
    stream,
    bytes: bytes.length,
    ...(traceBodies === true ? { body: () => bytes.toString("utf8") } : {}),
  });
  const refuse = (failure: Failure) => {
    const told = wires.clients[wire].writeFailure(failure, id);
    downstream.answer(told);
    sink({ type: "failed", id, at: clock(), failure });
    sink({ type: "answered", id, at: clock(), status: told.status });
  };

  const reader = readerOf(session, wire, request.headers as Headers, form);
  let accepted: ReturnType<Reader> | undefined;
  const accept = () => {
    accepted ??= reader(body);
    return accepted;
  };
  // Without a model's name there is no target; the wire says what is wrong with such a body.
  if (model === "") {
    const looked = accept();
    return refuse("failure" in looked ? looked.failure : { kind: "bad-request", origin: "client", message: "model: Field required" });
  }
  if (form === undefined && isPlainlyMalformed(wire, body)) {
    const looked = accept();
    if ("failure" in looked) return refuse(looked.failure);
  }
  const plan = resolveModel(profile, model, session.options.listed);
  if ("failure" in plan) return refuse(plan.failure);

  const keepAlive = createKeepAlive(profile.keepAliveAfter);
  let writer: ReturnType<Exchange["writer"]>;
  const exchange: Exchange = {
    id,
    wire,
    headers: request.headers as Headers,
    body,
    stream,
    plan,
    downstream,
    keepAlive,
    accepted: accept,
    get read() {
      return accepted === undefined || "failure" in accepted ? undefined : accepted.request;
    },
    anew: anewFrom(bytes, reader),
    writer() {
      const found = accept();
      if (!("failure" in found)) writer ??= found.write.stream(id);
      return writer;
    },
    below: form?.below,
  };
  try {
    await call(session, exchange);
  } finally {
    keepAlive.end();
  }
}

type Reader = (body: Body) => Accepted | { readonly failure: Failure };

/** Turns a body into a request. */
function readerOf(session: Session, wire: WireName, headers: Headers, form: Form | undefined): Reader {
  return (body) => {
    const parsed = body.parse();
    if (parsed.failure !== undefined) return parsed;
    return form === undefined ? acceptBody(session, wire, parsed.json, audienceOf(headers)) : form.accept(parsed.json);
  };
}

/** Outside `answerReply`, since a closure there would keep all its variables in memory. */
function anewFrom(bytes: Buffer, reader: Reader): Exchange["anew"] {
  return () => {
    const body = bodyOf(bytes);
    const accepted = "failure" in body ? body : reader(body);
    return "failure" in accepted ? undefined : accepted.request;
  };
}
