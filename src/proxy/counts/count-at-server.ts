import { isMissing } from "../../model/failure.ts";
import { objectOf, parseJson } from "../../model/json.ts";
import { decoded } from "../../reach/decoded.ts";
import { type Target, targetName } from "../../route/target.ts";
import { readText } from "../read-bytes.ts";
import type { Session } from "../session.ts";
import { type Answered, type Asking, ask } from "../upstream.ts";
import type { Counted } from "./server-counts.ts";

/** Where each wire has its count, below its endpoint. */
const paths = { messages: "/count_tokens", responses: "/input_tokens" } as const;
export type CountingWire = keyof typeof paths;

/** What is sent for a count, and to whom. */
export interface Counting extends Pick<Asking, "attempt" | "headers" | "body"> {
  readonly wire: CountingWire;
}

const largestAnswer = 64 * 1024;

/**
 * A target's own count of a body; undefined where it has no figure to give.
 *
 * @param gone aborts where nobody waits for it any more
 */
export function countAtServer(session: Session, counting: Counting, gone: AbortSignal): Promise<number | undefined> {
  const { attempt, wire, body } = counting;
  return session.serverCounts.count(nameOf(attempt.target, wire), body, async (signal) =>
    readCount(await ask(session, { ...counting, below: paths[wire], signal: AbortSignal.any([signal, gone]) })),
  );
}

/** Whether a target is known to have no count on this wire. */
export function lacksCount(session: Session, target: Target, wire: CountingWire): boolean {
  return session.serverCounts.lacks(nameOf(target, wire));
}

const nameOf = (target: Target, wire: CountingWire) => `${targetName(target)} ${wire}`;

/** The figure in a server's answer. "missing": it has no such endpoint, and is not asked again. */
async function readCount(answered: Answered): Promise<Counted> {
  if (answered.failure !== undefined) return isMissing(answered.failure) ? "missing" : undefined;
  const { input_tokens: count } = objectOf(parseJson(await readText(decoded(answered), largestAnswer)));
  return typeof count === "number" && count > 0 ? Math.ceil(count) : undefined;
}
