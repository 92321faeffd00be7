import { createHash } from "node:crypto";

/** Asks servers to count prompts, without slowing down their replies. */
export interface ServerCounts {
  /**
   * @param target whose count it is
   * @param body what is counted: the same body is sent only once
   * @param send sends it; gives undefined where there was no figure, "missing" where the server has no such endpoint
   */
  count(target: string, body: Uint8Array | string, send: (signal: AbortSignal) => Promise<Counted>): Promise<number | undefined>;
  /** The target has no such endpoint, as far as is known. */
  lacks(target: string): boolean;
}

export type Counted = number | "missing" | undefined;

/** Requests to one target at a time: counting takes the server's own processors. */
const mostOpen = 2;
/** Milliseconds, with the time in the queue, after which an estimate serves the client better. */
const patience = 2_000;
/** Milliseconds for which a server that was too busy to answer, or is away, is not asked again. */
const rest = 30_000;
/** Claude Code's `/context` asks for some thirty counts, and for the same ones the next time. */
const mostKnown = 128;

export function createServerCounts(clock: () => number): ServerCounts {
  const places = new Map<string, { open: number; restUntil: number; counts: boolean; readonly waiting: (() => void)[] }>();
  const known = new Map<string, number>();
  return {
    lacks: (target) => places.get(target)?.restUntil === Number.POSITIVE_INFINITY,
    async count(target, body, send) {
      const key = `${target} ${createHash("sha256").update(body).digest("base64")}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const place = places.get(target) ?? { open: 0, restUntil: 0, counts: false, waiting: [] };
      places.set(target, place);
      const signal = AbortSignal.timeout(patience);
      if (place.open >= mostOpen) await turn(place.waiting, signal);
      if (signal.aborted || place.restUntil > clock()) {
        place.waiting.shift()?.();
        return undefined;
      }
      place.open += 1;
      try {
        const answer = await send(signal);
        // Where it has counted before, it is away: a gateway's server is being replaced.
        if (answer === "missing" && !place.counts) place.restUntil = Number.POSITIVE_INFINITY;
        else if (answer === "missing" || (answer === undefined && signal.aborted)) place.restUntil = clock() + rest;
        if (answer === "missing" || answer === undefined) return undefined;
        place.counts = true;
        known.set(key, answer);
        const [oldest] = known.keys();
        if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
        return answer;
      } finally {
        place.open -= 1;
        place.waiting.shift()?.();
      }
    },
  };
}

function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
