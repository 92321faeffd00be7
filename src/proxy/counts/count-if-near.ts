import { mendToolSchemas } from "../../mend/requests/tool-schema.ts";
import { stringifyExactly } from "../../model/exact-json.ts";
import type { Request } from "../../model/request.ts";
import { translatedHeaders } from "../../route/headers.ts";
import type { Attempt } from "../../route/memory.ts";
import { targetName } from "../../route/target.ts";
import type { Exchange } from "../exchange.ts";
import { windowOf } from "../session.ts";
import { type Counting, countAtServer, lacksCount } from "./count-at-server.ts";
import { learnCount } from "./learn-count.ts";
import { surelyFits } from "./surely-fits.ts";

/** Shares of the window below which a prompt surely fits: an estimate errs by up to a third, a learned count by a few hundredths. */
const near = { estimated: 0.7, learned: 0.95 };

/** The server's own count of a prompt that may or may not fit its window. Undefined: it surely fits, or the server cannot count. */
export async function countIfNear(exchange: Exchange, request: Request, attempt: Attempt): Promise<number | undefined> {
  const { session } = exchange;
  const { target, quirks } = attempt;
  const window = windowOf(session, target);
  if (window === undefined || quirks.countsTokens !== true || target.provider.speaks.messages === undefined) return undefined;
  if (surelyFits(exchange, request, window * near.estimated)) return undefined;
  const name = targetName(target);
  if (lacksCount(session, target, "messages")) return undefined;
  const { tokens, learned } = session.counts.count(name, request);
  if (tokens <= window * (learned ? near.learned : near.estimated)) return undefined;

  const { wires, ids } = session.options;
  const opened = wires.providers.messages.open(mendToolSchemas(request, quirks), { ids, model: target.model, maker: name, quirks });
  const { stream: _, max_tokens: __, ...counted } = opened.body as Record<string, unknown>;
  const body = stringifyExactly(counted);
  const counting: Counting = { attempt, wire: "messages", headers: (to) => translatedHeaders(to, false), body };
  const exact = await countAtServer(session, counting, exchange.downstream.gone);
  learnCount(exchange, target, exact);
  return exact;
}
