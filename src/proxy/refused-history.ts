import { createHash } from "node:crypto";
import { safeToolId } from "../mend/tool-ids.ts";
import type { Failure } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Attempt } from "../route/memory.ts";
import { toolIdsRefused } from "../route/refusals/conversation.ts";
import { targetName } from "../route/target.ts";
import { thinkingMissing } from "../wire/failure/refused-capability.ts";
import { withEffortLeft } from "../wire/messages/lower-effort.ts";
import { replaceToolIds } from "../wire/messages/replace-tool-ids.ts";
import { withoutBudget, withoutSeals as withoutThinking } from "../wire/messages/strip-seals.ts";
import { withoutSeals as withoutReasoning } from "../wire/responses/strip-seals.ts";
import type { Result } from "./exchange.ts";
import type { Session } from "./session.ts";
import type { Answered } from "./upstream.ts";

/** One kind of what another model left in the history of a request, or the session in one of its side calls, and this target refuses. */
interface RefusedHistory {
  /** The body without what this target refused before. */
  without?(body: Buffer): Buffer;
  /**
   * What is worth one more try after this failure: the body without anything of the kind, or, where a further try can follow, without what the
   * failure may be about.
   */
  after(failure: Failure, body: Buffer, isFirst: boolean): Buffer | undefined;
}

/** All kinds of it in a history that passes as bytes, of a reply and of a count alike. */
export function refusedHistory(session: Session, wire: WireName, attempt: Attempt): readonly RefusedHistory[] {
  const thinking = refusedThinking(session, wire, attempt);
  return wire === "messages" ? [...thinking, missingThinking, refusedToolIds(session, attempt), refusedEffort] : thinking;
}

/** A body without what was refused of its history before. */
export const withoutRefusedHistory = (kinds: readonly RefusedHistory[], given: Buffer): Buffer =>
  kinds.reduce((body, kind) => kind.without?.(body) ?? body, given);

/**
 * Sends a body without what was refused of its history before, and again without what is refused now: each kind is left out once, and one
 * that was left out in part may be whole.
 *
 * @param told what came for the same body with a status of 200
 */
export async function sendWithoutRefused(
  kinds: readonly RefusedHistory[],
  given: Buffer,
  send: (body: Buffer) => Promise<Answered>,
  told?: Failure,
): Promise<Answered> {
  let body = withoutRefusedHistory(kinds, given);
  let answered = told === undefined ? await send(body) : { failure: told };
  for (let tries = 0; answered.failure !== undefined && tries <= kinds.length; tries += 1) {
    const { failure } = answered;
    const isFirst = tries === 0 && told === undefined;
    const less = kinds.map((kind) => kind.after(failure, body, isFirst)).find((bytes) => bytes !== undefined);
    if (less === undefined) break;
    body = less;
    answered = await send(body);
  }
  return answered;
}

/**
 * What an answer with a status of 200 says was refused of the history: gateways that answer before they ask the model tell it inside the stream,
 * by an error or, of the Responses wire, by `response.failed`.
 */
export function refusedInReply({ failure }: Result): Failure | undefined {
  if (failure?.origin !== "provider") return undefined;
  const { refused, message } = failure;
  const isOfHistory = refused?.capability === "thinking_signature" || thinkingMissing.test(message) || toolIdsRefused.test(message);
  return isOfHistory ? failure : undefined;
}

/** Takes out thinking that only its maker can open, as each wire keeps it. */
const withoutSome = { messages: withoutThinking, responses: withoutReasoning } as const;

/**
 * A signature holds for the model that made it: where a session changes from one to another, "Invalid `signature` in `thinking` block" is
 * the answer, to this turn and to every later one; of a Responses server "The encrypted content ... could not be verified", to another
 * organization's too. What was refused is remembered, so that only the first of them is sent twice.
 */
export function refusedThinking({ refusedSignatures }: Session, wire: WireName, { target }: Attempt): readonly RefusedHistory[] {
  if (wire === "chat") return [];
  const without = withoutSome[wire];
  const name = targetName(target);
  const known = refusedSignatures.get(name);
  return [
    {
      without: (body) => (known === undefined ? body : without(body, (signature) => known.has(digest(signature)))),
      after(failure, body, isFirst) {
        if (failure.refused?.capability !== "thinking_signature" || thinkingMissing.test(failure.message)) return undefined;
        const found: { readonly signature: string; readonly place: string }[] = [];
        without(body, (signature, place) => {
          found.push({ signature, place });
          return false;
        });
        // Anthropic names the first: those before it are the model's own, and its cache holds what they stand in.
        const named = isFirst && wire === "messages" ? found.findIndex(({ place }) => failure.message.includes(`${place}:`)) : -1;
        const signatures = found.slice(Math.max(named, 0)).map(({ signature }) => signature);
        if (signatures.length === 0) return undefined;
        const bare = without(body, (signature) => signatures.includes(signature));
        // Another conversation's may have been refused meanwhile.
        refusedSignatures.set(name, new Set([...(refusedSignatures.get(name) ?? []), ...signatures.map(digest)]));
        return bare;
      },
    },
  ];
}

/** Calls that another model made without a thought, in the middle of a turn: what thinking there is was not refused, and stays. */
const missingThinking: RefusedHistory = {
  after: ({ message }, body) => (thinkingMissing.test(message) ? withoutBudget(body) : undefined),
};

/**
 * Ids of calls that another model wrote, where a session changes to one whose server takes letters, digits, `_` and `-` only. Servers that
 * write others want them back, so that they are sent as they are to one that is not known to refuse them, and as others once it has.
 */
function refusedToolIds({ refusedIds }: Session, { target, quirks }: Attempt): RefusedHistory {
  const name = targetName(target);
  return {
    without: (body) => (quirks.toolIds === "safe" || refusedIds.has(name) ? replaceToolIds(body, safeToolId) : body),
    after(failure, body) {
      if (!toolIdsRefused.test(failure.message)) return undefined;
      const replaced = replaceToolIds(body, safeToolId);
      if (replaced === body) return undefined;
      refusedIds.add(name);
      return replaced;
    },
  };
}

/**
 * The session's effort in a side call of Claude Code's that switches thinking off (a web search, a title), where the model takes the higher ones
 * beside thinking only. Claude Code would ask by no effort at all from then on, in the conversation too.
 */
const refusedEffort: RefusedHistory = { after: ({ message }, body) => withEffortLeft(body, message) };

function digest(signature: string): string {
  return createHash("sha256").update(signature).digest("base64");
}
