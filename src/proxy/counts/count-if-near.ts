import { mendToolSchemas } from "../../mend/requests/tool-schema.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import { isMissing } from "../../model/failure.ts";
import { objectOf, parseJson } from "../../model/json.ts";
import type { Request } from "../../model/request.ts";
import { decoded } from "../../reach/decoded.ts";
import { translatedHeaders } from "../../route/headers.ts";
import type { Attempt } from "../../route/memory.ts";
import { targetName } from "../../route/target.ts";
import type { Exchange } from "../exchange.ts";
import { readText } from "../read-bytes.ts";
import { type Session, windowOf } from "../session.ts";
import { type Answered, ask } from "../upstream.ts";
import { learnCount } from "./learn-count.ts";
import type { Counted } from "./server-counts.ts";
import { surelyFits } from "./surely-fits.ts";

/** Shares of the window below which a prompt surely fits: an estimate errs by up to a third, a learned count by a few hundredths. */
const near = { estimated: 0.7, learned: 0.95 };
const largestAnswer = 64 * 1024;

/** The server's own count of a prompt that may or may not fit its window. Undefined: it surely fits, or the server cannot count. */
export async function countIfNear(session: Session, exchange: Exchange, request: Request, attempt: Attempt): Promise<number | undefined> {
  const { target, quirks } = attempt;
  const window = windowOf(session, target);
  if (window === undefined || quirks.countsTokens !== true || target.provider.speaks.messages === undefined) return undefined;
  if (surelyFits(session, exchange, request, 0, window * near.estimated)) return undefined;
  const name = targetName(target);
  const asked = `${name} messages`;
  if (session.serverCounts.lacks(asked)) return undefined;
  const { tokens, learned } = session.counts.count(name, request);
  if (tokens <= window * (learned ? near.learned : near.estimated)) return undefined;

  const { wires, ids } = session.options;
  const opened = wires.providers.messages.open(mendToolSchemas(request, quirks), { ids, model: target.model, maker: name, quirks });
  const { stream: _, max_tokens: __, ...counted } = opened.body as Record<string, unknown>;
  const body = stringifyExactly(counted);
  const exact = await session.serverCounts.count(asked, body, async (signal) => {
    const answered = await ask(session, {
      attempt,
      wire: "messages",
      below: "/count_tokens",
      headers: (to) => translatedHeaders(to, false),
      body,
      signal: AbortSignal.any([signal, exchange.downstream.gone]),
    });
    return readCount(answered);
  });
  learnCount(session, exchange, target, exact);
  return exact;
}

/** The figure in a server's answer. "missing": it has no such endpoint, and is not asked again. */
export async function readCount(answered: Answered): Promise<Counted> {
  if (answered.failure !== undefined) return isMissing(answered.failure) ? "missing" : undefined;
  const { input_tokens: count } = objectOf(parseJson(await readText(decoded(answered), largestAnswer)));
  return typeof count === "number" && count > 0 ? Math.ceil(count) : undefined;
}
