import type { Capability } from "../../model/failure.ts";
import { type Sentences, saysAny } from "./sentences.ts";

/** Words that refuse something. */
export const unsupported =
  /not (?:currently |yet )?(?:support|permit|allow|accept|recogni|available|enabled)|un(?:supported|known|recogni[sz]ed|expected)|extra (?:inputs|fields)|n(?:o|ot) (?:a )?multimodal|invalid|doesn't (?:support|accept|allow)|only .* (?:is|are) supported|cannot|can't|should be|must|signature: field required|does not match|no endpoints found|不支持/i;

/** The first capability that a sentence refuses, in the order in which Claude Code tries its recoveries. */
export function refusedCapability(message: string, field: string | undefined): Capability | undefined {
  // Claude Code's own tokens, as a gateway behind us says them.
  const own = /capability_rejected: ([\w:.-]+)/.exec(message)?.[1];
  if (own !== undefined && own !== "prompt_too_long") return own as Capability;
  for (const { capability, pattern, unless = [], refuses } of capabilities) {
    const isRefused = refuses === true || unsupported.test(message);
    if (isRefused && saysAny(message, pattern) && !saysAny(message, unless)) return capability;
  }
  if (field === "cache_control") return "cache_control_field";
  if (field === "reasoning_effort" || field === "output_config" || field === "output_config.effort") return "effort_unsupported";
  const beta =
    /unexpected value\(s\) [`'"]([\w.-]+)[`'"][^.]* for the [`'"]?anthropic-beta/i.exec(message) ??
    /anthropic-beta[^.]*?(?:invalid|unsupported|unknown|unexpected)[^.]*?[`'"]([\w.-]+)[`'"]/i.exec(message);
  return beta?.[1] === undefined ? undefined : `beta_header:${beta[1]}`;
}

/**
 * Reasoning that another organization's model sealed. OpenAI: "The encrypted content gAAA... could not be verified. Reason: Encrypted content
 * organization_id did not match"; xAI: "Could not decrypt the provided encrypted_content"; vLLM: "Encrypted content is not supported."; Meta, at
 * OpenCode Zen: "reasoning `encrypted_content` was not issued to this caller" (anomalyco/opencode#48795). Where it is not supported "with this
 * model", OpenAI speaks of `include`.
 */
export const encryptedRefused =
  /\bencrypted content\b.{0,600}\bcould not be\b|\bencrypted content is not supported\.|\bcould not decrypt\b.{0,60}\bencrypted_content\b|\bencrypted_content[`'"]? was not issued to\b|\binvalid_encrypted_content\b/is;

/** "Expected `thinking` or `redacted_thinking`, but found `tool_use`", of calls without any before them: another model made them. */
export const thinkingMissing = /expected [`'"]?thinking\b.{0,40}\bfound\b/i;

/** Gemini, of one that it does not know again: "Corrupted thought signature.", "Invalid thought signature.", "Thought signature is not valid". */
export const thoughtSignatureRefused = /\b(?:corrupted|invalid) thought signature\b|\bthought signature is not valid\b/i;

/** Ollama and others, of a model; CLIProxyAPI: "thinking not supported for this model". */
export const neverThinks: readonly RegExp[] = [
  /does not support thinking/i,
  /\bthinking not supported for this model/i,
  // Of thinking in a certain form, or beside something else, a sentence says more.
  /^thinking is (?:not supported|unsupported)(?: (?:for|by|on) (?:this|the) model)?\.?$/i,
];

/** Google, of a model that always thinks: "Budget 0 is invalid. This model only works in thinking mode." */
export const alwaysThinks: readonly RegExp[] = [
  /only works in thinking mode/i,
  /thinking can't be disabled/i,
  /setting thinking_budget to 0/i,
];

/** `refuses`: the sentence says by itself that something is refused. */
const capabilities: readonly {
  readonly capability: Capability;
  readonly pattern: Sentences;
  readonly unless?: Sentences;
  readonly refuses?: true;
}[] = [
  {
    capability: "mid_conv_system",
    pattern: [
      /messages\.\d+\.role: input should be/i, // vLLM 0.11: "messages.1.role: Input should be 'user' or 'assistant'"
      /\binput should be 'user' or 'assistant'/i,
      /messages?\[\d+\]\.role: unknown variant [`'"]system/i, // DeepSeek
      /\bunknown variant `system`, expected `user` or `assistant`/i, // agentgateway, without the place
      /\brole must be (?:either )?['"`]?user['"`]? or ['"`]?assistant\b/i, // "messages[1].role must be either 'user' or 'assistant', but got 'system'"
      /\b(?:invalid|unsupported|unknown) (?:\w+ )?role:? ['"`]?system\b/i, // MiniMax: "chat content has invalid message role: system"; nyro
      /不支持 role=["']system/i, // grok2api: "Messages API 不支持 role="system""
      /\brole\b.{0,60}\bnot valid: invalid value: `system/i, // Volcengine
      /role ['"`]?system['"`]? (?:is|must|can)/i,
      /unexpected role ['"`]?system/i,
      /['"`]system['"`] role/i,
      /mid-conversation system/i,
      /system messages? must be (?:at the beginning|the first|first)/i, // Qwen's template
      /system messages? (?:is|are) (?:only|not) (?:allowed|supported)/i,
      /cache_control.{0,60}\bsystem (?:role|messages?|turns?)\b/i,
      /\bsystem (?:role|messages?|turns?)\b.{0,60}cache_control/i,
    ],
  },
  // Validators of other languages, of which each has its own words around the place: gin, Jackson, .NET, NestJS, Joi, and helm-api's "invalid_value
  // messages[].role". A role that is refused for where it stands is another's, one of a chat's is no system turn, and one that is missing or that
  // nobody knows is the program's own fault.
  {
    capability: "mid_conv_system",
    pattern: /\bmessages(?:\[(?:[1-9]\d*)?\]|[./][1-9]\d*)[./]role\b|\bstring "system": not one of the values accepted/i,
    unless: [
      /\b(?:developer|tool|function|alternat\w*|consecutive|follows?|first|last|previous|end|required|missing|empty|null|length)\b/i,
      /\bstring\b(?! "system")/i,
      /\bsystem[`'"]? ?[,|]/i,
      /[,|] ?[`'"]?system[`'"]?(?:[\].)]|$)/i,
      /\b(?:got|received|found|variant|value|role):? ?[`'"](?!system|user\b)\w/i,
    ],
    refuses: true,
  },
  // Bedrock, of models of others that a gateway asks by its own Converse: "extraneous key [cachePoint] is not permitted".
  { capability: "cache_control_field", pattern: /cache_control|\[cachePoint\]/i, unless: /maximum of \d+ blocks|ttl|empty text/i },
  {
    capability: "thinking_signature",
    pattern: [
      /signature.{0,40}\bthinking/is,
      /\bthinking\b.{0,60}signature/is,
      /(?:, not|['"`]input['"`]:) ['"`]thinking['"`]/is,
      /\bthinking\b.{0,80}(?:cannot be modified|blocks must match the parameters)/is,
      /expected [`'"]?thinking/is,
      /thinking block must contain thinking/is,
      /\bfirst block\b.{0,60}\bthinking\b/is,
      /cannot contain [`'"]?thinking\b/is,
      /redacted_thinking.{0,60}(?:invalid|decrypt|data)/is,
      /invalid.{0,40}redacted_thinking/is,
    ],
    unless: /thought_signature/i,
  },
  { capability: "thinking_signature", pattern: encryptedRefused, refuses: true },
  { capability: "thinking_signature", pattern: thoughtSignatureRefused, refuses: true },
  {
    capability: "thinking_type:adaptive",
    pattern: [
      /thinking\.type[.:"' ]*adaptive/i,
      /^[^"]*\badaptive\b.{0,40}(?:not|un)/i,
      /thinking[^.]{0,40}['"`]adaptive['"`]/i,
      /thinking\.adaptive/i,
      /thinking\.type: input should be (?!.*adaptive)/i,
      // A server from before adaptive thinking lists what it knows.
      /thinking[. ]type[`'"]? (?:must|should) be [`'"]?enabled[`'"]? or [`'"]?disabled/i,
    ],
    unless: /thinking\.type\.(?:enabled|disabled)\b.{0,30}not supported|thinking\.type: input should be.*adaptive|thinking\.adaptive\.\w/i,
  },
  {
    capability: "thinking_type:enabled",
    pattern:
      /thinking\.type[.:"' ]*enabled|thinking[^.]{0,40}['"`]enabled['"`]|thinking\.enabled|thinking\.type: input should be (?!.*enabled)/i,
    unless:
      /thinking\.type: input should be.*enabled|thinking\.enabled\.\w|thinking\.type\.disabled\b.{0,30}not supported|thinking[. ]type[`'"]? (?:must|should) be [`'"]?enabled/i,
  },
  {
    capability: "structured_outputs_unsupported",
    pattern: /output_config\.format|output_format|structured[ _]outputs?|response_format|json_schema/i,
  },
  {
    capability: "effort_unsupported",
    pattern: [/\b(?:reasoning_)?effort\b/i, ...neverThinks, /output_config(?!\.(?!effort))/i],
  },
  // vLLM, of a model that sees, started for text alone: "At most 0 image(s) may be provided in one prompt."
  { capability: "image_block", pattern: /\bat most 0 image/i, refuses: true },
  {
    capability: "media_budget",
    pattern: [
      /too (?:many|much) (?:total )?(?:images?|media|documents?|pages|pdf)/i,
      /(?:at most|maximum of|more than|up to) \d+ (?:images?|media|documents?|pdf pages|pages)/i,
      /\b\d+ images?,? exceed(?:s|ing) the maximum of \d/i,
      /\bimage count \d+ exceeds/i,
    ],
    refuses: true,
  },
  {
    capability: "image_block",
    // No part of a model's name.
    pattern: [
      /image (?:input|url|content|data)s?.{0,40}(?:not|un)/i,
      /(?:support|accept|allow|process).{0,30}\b(?<!-)(?:images?|image_url|vision)\b(?!-)/i,
      /\b(?<!-)(?:images?|image_url|vision)\b(?!-).{0,60}not.{0,20}(?:support|allow|accept|permit)/i,
      /not a multimodal/i,
      /unknown variant [`'"]image/i,
      /(?:, not|['"`]input['"`]:) ['"`]image(?:_url)?['"`]/i,
      /input tag ['"`]image(?:_url)?['"`]/i,
      /image_url is only supported/i,
      /only ['"`]?text['"`]? content type is supported(?! (?:for|in)\b)/i,
    ],
  },
  {
    capability: "document_block",
    pattern: [
      /\b(?:document|pdf|input_file|file) (?:block|content|input|part)?s?.{0,40}not.{0,20}(?:support|allow|accept|permit)/i,
      /\bdocument_url\b.{0,60}not.{0,20}(?:support|allow|accept|permit)/i,
      /(?:support|accept|allow)s?.{0,20}\b(?:documents?|document_url|pdfs?|files?)\b/i,
      /unknown variant [`'"](?:document|file)/i,
      /(?:, not|['"`]input['"`]:) ['"`]document(?:_url)?['"`]/i,
      /input tag ['"`](?:document(?:_url)?|file)['"`]/i,
    ],
  },
];
