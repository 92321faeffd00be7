import { type Target, targetName } from "../../route/target.ts";
import type { Exchange } from "../exchange.ts";

/** Notes the provider's count of a prompt, `input`, if it gave one. */
export function learnCount({ session, parsed, anew, body }: Exchange, target: Target, input: number | undefined): void {
  if (input !== undefined) session.counts.learn(targetName(target), { request: parsed(), anew, bytes: body.bytes.length, input });
}
