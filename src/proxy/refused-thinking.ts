import { createHash } from "node:crypto";
import type { Failure } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import { type Target, targetName } from "../route/target.ts";
import { thinkingMissing } from "../wire/failure/refused-capability.ts";
import { withoutBudget, withoutSeals as withoutThinking } from "../wire/messages/strip-seals.ts";
import { withoutSeals as withoutReasoning } from "../wire/responses/strip-seals.ts";
import type { Session } from "./session.ts";

/** What another model left in the history of a request, and this target refuses. */
export interface RefusedHistory {
  /** The body without what this target refused before. */
  without(body: Buffer): Buffer;
  /** What is worth one more try after this failure: the body without anything of the kind. */
  after(failure: Failure, body: Buffer): Buffer | undefined;
}

/** Takes out thinking that only its maker can open, as each wire keeps it. */
const withoutSome = { messages: withoutThinking, responses: withoutReasoning } as const;

/**
 * A signature holds for the model that made it: where a session changes from one to another, "Invalid `signature` in `thinking` block" is
 * the answer, to this turn and to every later one; of a Responses server "The encrypted content ... could not be verified", to another
 * organization's too. What was refused is remembered, so that only the first of them is sent twice.
 */
export function refusedThinking({ refusedSignatures }: Session, wire: WireName, target: Target): RefusedHistory {
  if (wire === "chat") return { without: (body) => body, after: () => undefined };
  const without = withoutSome[wire];
  const name = targetName(target);
  const known = refusedSignatures.get(name);
  return {
    without: (body) => (known === undefined ? body : without(body, (signature) => known.has(digest(signature)))),
    after(failure, body) {
      if (failure.refused?.capability !== "thinking_signature" || thinkingMissing.test(failure.message)) return undefined;
      const signatures: string[] = [];
      const bare = without(body, (signature) => {
        signatures.push(signature);
        return true;
      });
      if (signatures.length === 0) return undefined;
      // Another conversation's may have been refused meanwhile.
      refusedSignatures.set(name, new Set([...(refusedSignatures.get(name) ?? []), ...signatures.map(digest)]));
      return bare;
    },
  };
}

/** Calls that another model made without a thought, in the middle of a turn: what thinking there is was not refused, and stays. */
export function missingThinking(wire: WireName): RefusedHistory {
  return {
    without: (body) => body,
    after: ({ message }, body) => (wire === "messages" && thinkingMissing.test(message) ? withoutBudget(body) : undefined),
  };
}

function digest(signature: string): string {
  return createHash("sha256").update(signature).digest("base64");
}
