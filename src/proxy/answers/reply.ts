import { audienceOf } from "../../clients/audience.ts";
import type { Failure } from "../../model/failure.ts";
import type { WireName } from "../../model/opaque.ts";
import type { Accepted, Headers } from "../../model/wire.ts";
import { resolveModel } from "../../route/plan.ts";
import { call } from "../call.ts";
import type { Incoming } from "../exchange.ts";
import type { Body } from "../incoming/body.ts";
import { isPlainlyMalformed } from "../incoming/plainly-malformed.ts";
import { createKeepAlive } from "../keep-alive.ts";
import { largestKept, type Session } from "../session.ts";
import { acceptBody, readingOf } from "./accept.ts";

/** An endpoint below one that replies, which reads the body and writes the reply, whole, in its own way. */
export interface Form {
  readonly below: string;
  readonly accept: (json: unknown) => Accepted | { readonly failure: Failure };
}

/** POST /v1/messages, /v1/responses, /v1/chat/completions: a model's reply, streamed or whole. */
export async function answerReply(incoming: Incoming, wire: WireName, body: Body, form?: Form): Promise<void> {
  const { session, id, request, downstream, report } = incoming;
  const { profile, wires, traceBodies } = session.options;
  const { bytes, fields } = body;
  const stream = form === undefined && fields["stream"] === true;
  const model = typeof fields["model"] === "string" ? fields["model"] : "";
  report({
    type: "request",
    endpoint: (request.url ?? "").split("?", 1)[0] ?? "",
    model,
    stream,
    bytes: bytes.length,
    ...(traceBodies === true ? { body: () => bytes.toString("utf8") } : {}),
  });
  const refuse = (failure: Failure) => {
    const told = wires.clients[wire].writeFailure(failure, id);
    downstream.answer(told);
    report({ type: "failed", failure });
    report({ type: "answered", status: told.status });
  };

  const headers = request.headers as Headers;
  const reading = readingOf(body, accepting(session, wire, headers, form), { id, stream });
  // Without a model's name there is no target; the wire says what is wrong with such a body.
  if (model === "") {
    const looked = reading.accepted();
    return refuse("failure" in looked ? looked.failure : { kind: "bad-request", origin: "client", message: "model: Field required" });
  }
  if (form === undefined && isPlainlyMalformed(wire, body)) {
    const looked = reading.accepted();
    if ("failure" in looked) return refuse(looked.failure);
  }
  const plan = resolveModel(profile, model, session.options.listed);
  if ("failure" in plan) return refuse(plan.failure);

  const keepAlive = createKeepAlive(profile.keepAliveAfter);
  try {
    await call({ ...incoming, ...reading, wire, headers, body, stream, plan, keepAlive, below: form?.below });
  } finally {
    keepAlive.end();
    if (downstream.written > largestKept) delete session.latest;
  }
}

/** What turns a body into a request. Outside `answerReply`, since a closure there would keep all its variables in memory. */
function accepting(session: Session, wire: WireName, headers: Headers, form: Form | undefined): Parameters<typeof readingOf>[1] {
  return (body) => {
    const parsed = body.parse();
    if (parsed.failure !== undefined) return parsed;
    return form === undefined ? acceptBody(session, wire, parsed.json, audienceOf(headers)) : form.accept(parsed.json);
  };
}
