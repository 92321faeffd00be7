import type { Failure } from "../../model/failure.ts";
import type { Reasoning, Request } from "../../model/request.ts";
import { limitsOf } from "../../providers/quirks-of.ts";
import type { Attempt } from "../../route/memory.ts";
import { type Target, targetName } from "../../route/target.ts";
import { countIfNear } from "../counts/count-if-near.ts";
import type { Counts } from "../counts/counts.ts";
import { hasMedia, surelyFits } from "../counts/surely-fits.ts";
import type { Exchange } from "../exchange.ts";
import { windowOf } from "../session.ts";

/** By what factor a count must exceed the window to be surely too long: an estimate errs high by up to a third, a learned count hardly. */
const clearlyOver = { estimated: 1.35, learned: 1.02, exact: 1 };
/** Tokens that a template adds around a prompt. */
const margin = 64;
/** The least output that is worth asking for, where the estimate leaves less. */
const leastOutput = 1024;

export interface Fitted {
  readonly request: Request;
  /** The prompt's tokens, as exactly as is known; computed when first asked. */
  readonly tokens: () => number;
  /** A quick figure for the beginning of a reply, which must not wait until megabytes are read again. */
  readonly roughly: () => number;
}

/**
 * The request as a target can take it: with what the profile fixes, and no more output than fits beside the prompt. A prompt that is clearly
 * longer than the window is refused here, before a server truncates it silently or works on it for minutes.
 *
 * @param read gives the request, which what remains of this for the reply does not keep in memory
 */
export async function fitToTarget(
  exchange: Exchange,
  read: () => Request,
  attempt: Attempt,
): Promise<Fitted | { readonly failure: Failure }> {
  const { session } = exchange;
  const request = read();
  const { target, quirks } = attempt;
  const counted = await countIfNear(exchange, request, attempt);
  const window = windowOf(session, target);
  const asked = request.maxOutput ?? target.maxOutput ?? attempt.maxOutput;
  const count = countOnce(exchange, read, target, counted);
  // A server that truncates silently will not say that a prompt is too long: better to refuse it too early than too late.
  const isExact = counted !== undefined || quirks.nativeFaults?.includes("silent-truncation") === true;
  let room = Number.POSITIVE_INFINITY;
  if (window !== undefined && (isExact || !surelyFits(exchange, request, window - (asked ?? 0)))) {
    const { tokens, learned } = count.now();
    const limit = window * clearlyOver[isExact ? "exact" : learned ? "learned" : "estimated"];
    if (tokens > limit) return { failure: tooLong(target, tokens, window) };
    room = Math.max(window - tokens - margin, Math.min(leastOutput, Math.floor(window / 8)));
  }
  const allowed = target.maxOutput ?? limitsOf(target.provider.row, target.model).maxOutput;
  const most = Math.min(allowed ?? room, quirks.maxOutput ?? room, attempt.maxOutput ?? room, room);
  const { sampling } = target;
  return {
    tokens: () => count.now().tokens,
    roughly: roughly(exchange, target, count, hasMedia(request)),
    request: {
      ...request,
      ...(asked === undefined ? {} : { maxOutput: Math.min(asked, most) }),
      ...(sampling === undefined ? {} : { sampling: { ...request.sampling, ...sampling } }),
      ...(target.reasoning === undefined ? {} : { reasoning: reasoningOf(target.reasoning, request.reasoning) }),
    },
  };
}

interface Count {
  now(): ReturnType<Counts["count"]>;
  known(): boolean;
}

/** @param counted what the server itself has counted */
function countOnce({ session }: Exchange, read: () => Request, target: Target, counted: number | undefined): Count {
  let known = counted === undefined ? undefined : { tokens: counted, learned: true };
  return {
    now() {
      known ??= session.counts.count(targetName(target), read());
      return known;
    },
    known: () => known !== undefined,
  };
}

const roughly =
  ({ session, body }: Exchange, target: Target, count: Count, hasImages: boolean): Fitted["roughly"] =>
  () =>
    count.known() || hasImages ? count.now().tokens : session.counts.roughly(targetName(target), body.bytes.length);

function reasoningOf(fixed: NonNullable<Target["reasoning"]>, { summary }: Reasoning): Reasoning {
  return fixed === "off" ? { enabled: false } : { enabled: true, effort: fixed, ...(summary === undefined ? {} : { summary }) };
}

function tooLong(target: Target, used: number, max: number): Failure {
  return {
    kind: "too-long",
    origin: "fcc",
    message: `prompt is too long: ${used} tokens > ${max} maximum`,
    provider: targetName(target),
    limit: { used, max },
  };
}
