import { type Target, targetName } from "../../route/target.ts";
import type { Exchange } from "../exchange.ts";
import type { Session } from "../session.ts";

/** Notes the provider's count of a prompt, `input`, if it gave one. */
export function learnCount(session: Session, { read, anew, body }: Exchange, target: Target, input: number | undefined): void {
  if (input !== undefined) session.counts.learn(targetName(target), { request: read, anew, bytes: body.bytes.length, input });
}
