import type { Failure, FailureKind } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { ofConversation, ofForm } from "./refusals/conversation.ts";
import { ofEfforts } from "./refusals/efforts.ts";
import { ofFields } from "./refusals/fields.ts";
import { type Lesson, lessonIn } from "./refusals/lesson.ts";
import { ofMedia } from "./refusals/media.ts";
import { ofReplySchema } from "./refusals/reply-schema.ts";
import { ofStreaming } from "./refusals/streaming.ts";
import { ofThinking } from "./refusals/thinking.ts";
import { ofTools } from "./refusals/tools.ts";
import { ofWires } from "./refusals/wires.ts";
import type { Target } from "./target.ts";

/**
 * What the same request could leave out, or say otherwise, to be taken by the target that has just refused it; `quirks`: what it was sent by.
 * `client`, `program`: who asks, since Claude Code leaves out by itself what a capability is refused for, and a program by an SDK does not.
 */
export function refusedBy(
  failure: Failure,
  native: boolean,
  { target, quirks }: { readonly target: Target; readonly quirks: Quirks },
  client?: WireName,
  program = false,
): Quirks | undefined {
  // A request that was malformed to begin with names a field too, and no provider has seen it.
  if (failure.origin !== "provider") return undefined;
  const { message, limit, refused } = failure;
  const clientLeavesOut = !program && (client === undefined || client === "messages");
  const { speaks } = target.provider;
  return lessonIn(lessons[failure.kind] ?? [], { ...refused, message, limit, native, quirks, clientLeavesOut, speaks });
}

/**
 * The first row that says something counts. A sentence that is known comes before a capability or a field that it names, and what can be
 * said otherwise before what can only be left out.
 */
const ofTheRequest: readonly Lesson[] = [
  // A template that takes no system turns takes none in any request: they are folded from now on, and bytes no longer pass.
  {
    when: ({ native, capability }) => native && capability === "mid_conv_system",
    quirks: { nativeFaults: ["system-turns"], systemAnywhere: false },
  },
  ...ofWires,
  ...ofMedia,
  ...ofStreaming,
  // Bedrock, of one that it does not name.
  { says: /invalid beta flag/i, when: ({ native }) => native, quirks: { betas: "none" } },
  ...ofConversation,
  ...ofEfforts,
  ...ofReplySchema,
  ...ofThinking,
  ...ofTools,
  ...ofFields,
];

const lessons: Readonly<Partial<Record<FailureKind, readonly Lesson[]>>> = {
  "bad-request": ofTheRequest,
  "refused-capability": ofTheRequest,
  // An item of the client's own bytes may be what is not found.
  "not-found": [...ofWires, { when: ({ native }) => native, quirks: (refused) => lessonIn(ofForm, refused) }],
};
