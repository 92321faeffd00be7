import type { Failure, FailureKind } from "../model/failure.ts";
import type { Quirks } from "../model/quirks.ts";
import { isCommon } from "../wire/common-fields.ts";
import { firstVersion } from "./endpoint.ts";
import { quirksOn } from "./lessons.ts";
import { bytesPassed, type Circumstances } from "./memory.ts";
import { ofConversation, ofForm } from "./refusals/conversation.ts";
import { ofEfforts } from "./refusals/efforts.ts";
import { ofFields } from "./refusals/fields.ts";
import { isOnOwnWire, type Lesson, lessonIn, type Refused } from "./refusals/lesson.ts";
import { ofMedia } from "./refusals/media.ts";
import { ofReplySchema } from "./refusals/reply-schema.ts";
import { ofStreaming } from "./refusals/streaming.ts";
import { ofThinking } from "./refusals/thinking.ts";
import { ofTools } from "./refusals/tools.ts";
import { ofWires } from "./refusals/wires.ts";

/**
 * The quirks by which the same request might be accepted by the target that has just refused it: what to leave out, or write in another form.
 * Undefined where nothing is known to help.
 */
export function refusedBy(failure: Failure, made: Circumstances): Quirks | undefined {
  const { attempt, wire, audience, sent } = made;
  // A client's malformed request names a field too, but no provider has seen it.
  if (failure.origin !== "provider") return undefined;
  const { message, limit, refused } = failure;
  const quirks = quirksOn(attempt, wire);
  const learned = lessonIn(lessons[failure.kind] ?? [], {
    ...refused,
    ...made,
    native: bytesPassed(sent),
    message,
    limit,
    quirks,
    clientLeavesOut: adaptsItself(made),
    speaks: attempt.target.provider.speaks,
  });
  if (lessons[failure.kind] !== ofTheRequest) return learned;
  if (sent === "translated") return learned;
  // An agent's next version says what an older server has never heard of, in each request. A program's mistake is its author's to read.
  const isNew = audience === "agent" && learned === undefined && refused?.capability === undefined;
  if (sent === "bytes") return isNew ? withoutUncommon(refused?.field, made, quirks, undefined) : learned;
  const isCarrying = sent === "own-parts" && !quirks.nativeFaults?.includes("unknown-parts");
  return withoutUncommon(refused?.field, made, quirks, learned) ?? (isCarrying ? { nativeFaults: ["unknown-parts"] } : undefined);
}

/** After so many fields that were refused one by one, a server gets no more than those that nearly all of them know. */
export const mostSingle = 3;

/** The same of a request on the client's own wire, in which fields go on that fcc knows nothing of: what is refused by name is left out. */
function withoutUncommon(
  field: string | undefined,
  { client, forms, has }: Circumstances,
  { nativeFaults, refusedFields, refusedMessagesFields }: Quirks,
  learned: Quirks | undefined,
): Quirks | undefined {
  if (field === undefined || nativeFaults?.includes("unknown-fields")) return learned;
  if (learned !== undefined) return forms < mostSingle ? learned : { ...learned, nativeFaults: ["unknown-fields"] };
  // Of a sentence that names no field of it the same request would be the next: "The item type of 'tags' is not supported in a schema."
  if (!has(field.split(".")[0] ?? field)) return undefined;
  const leftOut = (client === "messages" ? refusedMessagesFields : refusedFields) ?? [];
  if (isCommon(client, field) || leftOut.includes(field)) return undefined;
  return client === "messages" ? { refusedMessagesFields: [field] } : { refusedFields: [field] };
}

/** Whether the client changes a refused request itself: Claude Code leaves out what a capability is refused for, and asks for less output. */
export function adaptsItself({ client, audience }: Circumstances): boolean {
  return audience !== "program" && client === "messages";
}

/**
 * The first row that yields quirks counts. So a known sentence comes before the capability or field that it names, and what can be written in
 * another form before what can only be left out.
 */
const ofTheRequest: readonly Lesson[] = [
  // A template that refuses system turns does so in every request: from now on they are folded, so that bytes no longer pass.
  {
    when: ({ native, capability }) => native && capability === "mid_conv_system",
    quirks: { nativeFaults: ["system-turns"], systemAnywhere: false },
  },
  ...ofWires,
  ...ofMedia,
  ...ofStreaming,
  // Bedrock, which does not say which one.
  { says: /invalid beta flag/i, when: hasBetas, quirks: { betas: "none" } },
  { quirks: refusedBeta },
  // Anthropic: 'anthropic-version: "2023-10-01" is not a valid version' (directus-labs/extensions#285); others, which know one version only:
  // 'Unsupported anthropic-version: "2026-10-21".' Whatever a later version takes, the first one takes too.
  {
    says: /anthropic-version\b.{0,40}\bnot (?:a )?(?:valid|supported)|\b(?:invalid|unsupported|unknown) anthropic-version\b/i,
    when: isOnOwnWire,
    quirks: { apiVersion: firstVersion },
  },
  ...ofConversation,
  ...ofEfforts,
  ...ofReplySchema,
  ...ofThinking,
  ...ofTools,
  ...ofFields,
];

/** Whether the client's `anthropic-beta` went on: with its own form of a request, and to a Messages server. */
function hasBetas(refused: Refused): boolean {
  return isOnOwnWire(refused) || refused.wire === "messages";
}

/** Anthropic, and gateways before it: "Unexpected value(s) `x-2026-01-01` for the `anthropic-beta` header." */
function refusedBeta(refused: Refused): Quirks | undefined {
  const { capability, clientLeavesOut, quirks } = refused;
  const beta = capability?.startsWith("beta_header:") ? capability.slice("beta_header:".length) : undefined;
  if (beta === undefined || clientLeavesOut || !hasBetas(refused) || quirks.refusedBetas?.includes(beta)) return undefined;
  return { refusedBetas: [beta] };
}

const lessons: Readonly<Partial<Record<FailureKind, readonly Lesson[]>>> = {
  "bad-request": ofTheRequest,
  "refused-capability": ofTheRequest,
  // What is not found may be an item in the client's own bytes.
  "not-found": [...ofWires, { when: ({ native }) => native, quirks: (refused) => lessonIn(ofForm, refused) }],
};
