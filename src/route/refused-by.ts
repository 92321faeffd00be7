import type { Failure } from "../model/failure.ts";
import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { encryptedRefused } from "../wire/failure/refused-capability.ts";
import { itemsRefused } from "./broken-rules.ts";
import { effortsLeftBy } from "./effort-refusals.ts";
import { type Lesson, ofField, type Refused, removable } from "./field-refusals.ts";
import { streamingRefusedBy } from "./streaming.ts";
import type { Target } from "./target.ts";
import { confessedBy, longDescriptionsRefused, refusedBesideTools, rewrittenFor } from "./template-refusals.ts";

/**
 * What the same request could leave out, or say otherwise, to be taken by the target that has just refused it; `quirks`: what it was sent by.
 * `client`: who asks, since Claude Code leaves out by itself what a capability is refused for.
 */
export function refusedBy(
  failure: Failure,
  native: boolean,
  { target, quirks }: { readonly target: Target; readonly quirks: Quirks },
  client?: WireName,
): Quirks | undefined {
  // A request that was malformed to begin with names a field too, and no provider has seen it.
  if (failure.origin !== "provider") return undefined;
  // A template that takes no system turns takes none in any request: they are folded from now on, and bytes no longer pass.
  if (native && failure.refused?.capability === "mid_conv_system") return { nativeFaults: ["system-turns"], systemAnywhere: false };
  if (!ofTheRequest.has(failure.kind)) return undefined;
  const wire = wireNamedBy(failure.message);
  if (wire !== undefined && wire !== quirks.wire && target.provider.speaks[wire] !== undefined) return { wire };
  if (failure.kind === "not-found") return native ? rewrittenFor(failure.message) : undefined;
  const refused = { ...failure.refused, message: failure.message, limit: failure.limit, native, quirks, client };
  for (const read of [ofMedia, ofForm, ofReplySchema, ofThinking, ofTools, ofField]) {
    const lesson = read(refused);
    if (lesson !== undefined) return lesson ?? undefined;
  }
  return undefined;
}

const ofTheRequest = new Set<Failure["kind"]>(["bad-request", "refused-capability", "not-found"]);

/**
 * OpenAI: "Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions. Please use /v1/responses instead.",
 * "This model is only supported in v1/responses and not in v1/chat/completions."; Copilot: "... is not accessible via the /chat/completions
 * endpoint"; Azure: "The chatCompletion operation does not work with the specified model, gpt-5.2-codex."
 */
const otherWires: readonly { readonly wire: WireName; readonly says: RegExp }[] = [
  {
    wire: "responses",
    says: /\b(?:use|only supported in) (?:the )?[`'"]?\/?v1\/responses\b|not (?:accessible via|supported in) the \/?(?:v1\/)?chat\/completions\b|\bchatCompletion operation does not work\b/i,
  },
  { wire: "chat", says: /not (?:accessible via|supported in) the \/?(?:v1\/)?responses\b|does not support (?:the )?responses api\b/i },
];

function wireNamedBy(message: string): WireName | undefined {
  return otherWires.find(({ says }) => says.test(message))?.wire;
}

const leavesNothingOut = (client: WireName | undefined): boolean => client !== undefined && client !== "messages";

/** Of this one only: the model sees others. */
const ofOne =
  /\b(?:formats?|mime|(?:media|image|file)[_ ]types?|size|dimensions?|pixels|too large|valid|encrypted|decode|download|fetch|urls?|polic(?:y|ies))\b|\b(?:jpe?g|png|webp|gif|svg|heic|docx?|xlsx?|audio|video|search)\b/i;

/** A model that takes text alone is told in a picture's or a file's place that there was one: in the history each later request would be refused. */
function ofMedia({ capability, message, native, quirks, client }: Refused): Lesson {
  if (!leavesNothingOut(client) || ofOne.test(message)) return undefined;
  // Bytes that passed kept to neither.
  const rewritten = native ? ({ nativeFaults: ["conversation"] } as const) : {};
  if (capability === "image_block" && (native || quirks.images !== false)) return { images: false, ...rewritten };
  if (capability === "document_block" && (native || quirks.documents !== "placeholder")) return { documents: "placeholder", ...rewritten };
  return undefined;
}

/** Bedrock, of one that it does not name. */
const betasRefused = /invalid beta flag/i;

function ofForm({ message, field, capability, native, quirks, client }: Refused): Lesson {
  const streaming = streamingRefusedBy(message, quirks);
  if (streaming !== undefined) return streaming;
  if (native && betasRefused.test(message)) return quirks.betas === "none" ? null : { betas: "none" };
  const left = effortsLeftBy(message, field, quirks);
  const nearest = left && leavesNothingOut(client) ? ({ ...left, nativeFaults: ["conversation"] } as const) : undefined;
  if (native) return rewrittenFor(message) ?? longDescriptionsRefused(message) ?? nearest;
  const confessed = confessedBy(message, quirks) ?? left;
  if (confessed !== undefined) return confessed;
  if (capability === "mid_conv_system" && quirks.systemAnywhere === true) return { systemAnywhere: false };
  // Sealed for another key's organisation. In bytes that pass it is taken out by itself.
  if (encryptedRefused.test(message)) return { refusedFields: ["encrypted_content"] };
  return longDescriptionsRefused(message);
}

/** A schema for the reply is asked for in words, beside the plain JSON mode as long as that is taken. */
function ofReplySchema({ message, field, capability, native, quirks }: Refused): Lesson {
  const named = field?.startsWith("response_format") || field?.startsWith("text.format");
  if (!named && (native || capability !== "structured_outputs_unsupported")) return undefined;
  if (quirks.replySchema === "none") return null;
  if (native && refusedBesideTools.test(message)) return { schemaBesideTools: false };
  const wholly = field === "response_format" && !/json_|schema|structured|\btype\b|value/i.test(message);
  return { replySchema: wholly || quirks.replySchema === "json_object" ? "none" : "json_object" };
}

/**
 * DeepSeek: "The `reasoning_content` in the thinking mode must be passed back", on its Responses endpoint `reasoning_text`; Kimi: "thinking is
 * enabled but reasoning_content is missing".
 */
const reasoningMissing =
  /reasoning_(?:content|text)\b.{0,60}\b(?:must be passed|is missing|is required)|\bmissing\b.{0,20}\breasoning_content\b/i;
/** Ollama and others, of a model. */
const thinkingRefused = /(?:does not|doesn't) support thinking/i;

function ofThinking({ message, field, capability, native, quirks }: Refused): Lesson {
  // The model is one whose reasoning has to come back, behind a server of which nothing is known.
  if (reasoningMissing.test(message)) {
    if (quirks.refusedFields?.includes("reasoning_content")) return null;
    return { reasoningField: "reasoning_content", reasoningTurns: "all", ...(native && { nativeFaults: ["conversation"] }) };
  }
  if (!native && (capability === "thinking_type:adaptive" || capability === "thinking_type:enabled"))
    return { refusedMessagesFields: [capability === "thinking_type:adaptive" ? "thinking.adaptive" : "thinking.enabled"] };
  // Claude's models that always think: '"thinking.type.disabled" is not supported for this model. Thinking defaults to adaptive mode'.
  if (field === "thinking.type.disabled") return { refusedMessagesFields: ["thinking.disabled"] };
  // Kimi: "invalid thinking: only type=enabled is allowed for this model".
  if (/only type=enabled is allowed/i.test(message)) {
    const efforts = quirks.efforts?.filter((effort) => effort !== "none");
    return {
      refusedFields: ["thinking"],
      refusedMessagesFields: ["thinking.disabled", "thinking.adaptive"],
      ...(efforts !== undefined && { efforts }),
    };
  }
  // Without the effort Claude Code would ask for thinking all the same.
  if (thinkingRefused.test(message))
    return { refusedFields: ["reasoning_effort"], refusedMessagesFields: ["thinking", "output_config.effort"] };
  if (field === "reasoning_effort" || (!native && field === undefined && capability === "effort_unsupported"))
    return { refusedFields: ["reasoning_effort", "reasoning.effort"], refusedMessagesFields: ["output_config.effort"] };
  return undefined;
}

/** OpenAI, Azure, of what Codex says of a tool: "Unknown parameter: 'tools[0].external_web_access'." In bytes that pass it may be any field. */
const toolFieldRefused = /unknown parameter: 'tools\[\d+\]\.(?!function\b)\w+'/i;

/** Through the language every tool that the client runs is a function; what is refused then is one that the provider would run, or its call. */
function ofTools({ message, field, native, quirks }: Refused): Lesson {
  if (native) return field === "tools.type" ? { nativeFaults: ["tool-kinds"] } : undefined;
  const isHosted = toolFieldRefused.test(message) && !removable.has(field ?? "");
  if (field !== "tools.type" && !itemsRefused.test(message) && !isHosted) return undefined;
  return quirks.hostedTools === false ? null : { hostedTools: false };
}
