import type { Headers } from "../../model/wire.ts";
import { nativeHeaders } from "../../route/headers.ts";
import { firstAttempt } from "../../route/next.ts";
import { resolveModel } from "../../route/plan.ts";
import { targetName } from "../../route/target.ts";
import { readCount } from "../counts/count-if-near.ts";
import type { Body } from "../incoming/body.ts";
import type { Incoming } from "../incoming/incoming.ts";
import { nativeBody } from "../native/body.ts";
import { refusedHistory } from "../native/refused-history.ts";
import type { Session } from "../session.ts";
import { ask } from "../upstream.ts";
import { acceptBody } from "./accept.ts";

/** The path of each wire's count below its endpoint, and its answer. */
const forms = {
  messages: { below: "/count_tokens", answer: (tokens: number) => ({ input_tokens: tokens }) },
  responses: { below: "/input_tokens", answer: (tokens: number) => ({ object: "response.input_tokens", input_tokens: tokens }) },
} as const;
export type CountingWire = keyof typeof forms;

/**
 * POST /v1/messages/count_tokens, /v1/responses/input_tokens: the target's own count, if it can count; otherwise a figure from what was
 * learned of it, or an estimate that errs high, with the header `x-fcc-estimate`. A failed count is not tried again elsewhere: Claude Code
 * asks for some thirty at once.
 */
export async function answerCountTokens(
  session: Session,
  { id, request, downstream }: Incoming,
  wire: CountingWire,
  body: Body,
): Promise<void> {
  const { profile, clock, wires } = session.options;
  const client = wires.clients[wire];
  const { below, answer } = forms[wire];
  const parsed = body.parse();
  if (parsed.failure !== undefined) return downstream.answer(client.writeFailure(parsed.failure, id));
  const { json } = parsed;
  // A count needs no output limit; a reply does.
  const asked = typeof json === "object" && json !== null && !("max_tokens" in json) ? { ...json, max_tokens: 1 } : json;
  const accepted = acceptBody(session, wire, asked);
  if ("failure" in accepted) return downstream.answer(client.writeFailure(accepted.failure, id));
  const plan = resolveModel(profile, accepted.request.model, session.options.listed);
  if ("failure" in plan) return downstream.answer(client.writeFailure(plan.failure, id));
  const attempt = firstAttempt(plan, session.memory, clock());
  const { target, quirks } = attempt;

  if (quirks.countsTokens === true && target.provider.speaks[wire] !== undefined && !session.responses.knows(json)) {
    const named = nativeBody(body, wire, target.model, targetName(target));
    const bytes = refusedHistory(session, wire, attempt).reduce((rest, kind) => kind.without(rest), named);
    const counted = await session.serverCounts.count(`${targetName(target)} ${wire}`, bytes, async (signal) => {
      const answered = await ask(session, {
        attempt,
        wire,
        below,
        headers: (to) => nativeHeaders(to, quirks, request.headers as Headers),
        body: bytes,
        signal: AbortSignal.any([signal, downstream.gone]),
      });
      return readCount(answered);
    });
    if (counted !== undefined) return downstream.answer({ status: 200, headers: {}, body: answer(counted) });
  }
  const { tokens } = session.counts.count(targetName(target), accepted.request);
  downstream.answer({ status: 200, headers: { "x-fcc-estimate": "true" }, body: answer(Math.max(1, tokens)) });
}
