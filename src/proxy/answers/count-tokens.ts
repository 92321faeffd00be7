import type { Failure } from "../../model/failure.ts";
import type { Headers } from "../../model/wire.ts";
import { nativeHeaders } from "../../route/headers.ts";
import { firstAttempt } from "../../route/next.ts";
import { resolveModel } from "../../route/plan.ts";
import { targetName } from "../../route/target.ts";
import { type Counting, type CountingWire, countAtServer } from "../counts/count-at-server.ts";
import type { Incoming } from "../exchange.ts";
import type { Body } from "../incoming/body.ts";
import { nativeBody } from "../native/body.ts";
import { refusedHistory, withoutRefusedHistory } from "../refused-history.ts";
import { acceptBody } from "./accept.ts";

/** How each wire tells a count. */
const answers: Readonly<Record<CountingWire, (tokens: number) => object>> = {
  messages: (tokens) => ({ input_tokens: tokens }),
  responses: (tokens) => ({ object: "response.input_tokens", input_tokens: tokens }),
};

/**
 * POST /v1/messages/count_tokens, /v1/responses/input_tokens: the target's own count, if it can count; otherwise a figure from what was
 * learned of it, or an estimate that errs high, with the header `x-fcc-estimate`. A failed count is not tried again elsewhere: Claude Code
 * asks for some thirty at once.
 */
export async function answerCountTokens({ session, id, request, downstream }: Incoming, wire: CountingWire, body: Body): Promise<void> {
  const { profile, clock, wires } = session.options;
  const refuse = (failure: Failure) => downstream.answer(wires.clients[wire].writeFailure(failure, id));
  const answer = answers[wire];
  const parsed = body.parse();
  if (parsed.failure !== undefined) return refuse(parsed.failure);
  const { json } = parsed;
  // A count needs no output limit; a reply does.
  const asked = typeof json === "object" && json !== null && !("max_tokens" in json) ? { ...json, max_tokens: 1 } : json;
  const accepted = acceptBody(session, wire, asked);
  if ("failure" in accepted) return refuse(accepted.failure);
  const plan = resolveModel(profile, accepted.request.model, session.options.listed);
  if ("failure" in plan) return refuse(plan.failure);
  const attempt = firstAttempt(plan, session.memory, clock());
  const { target, quirks } = attempt;

  if (quirks.countsTokens === true && target.provider.speaks[wire] !== undefined && !session.responses.knows(json)) {
    const named = nativeBody(body, wire, target.model, targetName(target));
    const bytes = withoutRefusedHistory(refusedHistory(session, wire, attempt), named);
    const headers: Counting["headers"] = (to) => nativeHeaders(to, quirks, request.headers as Headers);
    const counted = await countAtServer(session, { attempt, wire, headers, body: bytes }, downstream.gone);
    if (counted !== undefined) return downstream.answer({ status: 200, headers: {}, body: answer(counted) });
  }
  const { tokens } = session.counts.count(targetName(target), accepted.request);
  downstream.answer({ status: 200, headers: { "x-fcc-estimate": "true" }, body: answer(Math.max(1, tokens)) });
}
