import { neverThinks, thinkingMissing, thoughtSignatureRefused } from "../../wire/failure/refused-capability.ts";
import { isAsAsked, isWrittenAnew, type Lesson } from "./lesson.ts";

/** How a model thinks, and how its server wants to be asked for it. */
export const ofThinking: readonly Lesson[] = [
  // Kimi's models take an empty one for missing: "thinking is enabled but reasoning_content is missing in assistant tool call message".
  {
    says: /thinking is enabled but reasoning_content is missing/i,
    quirks: { reasoningField: "reasoning_content", reasoningTurns: "all", noReasoning: " " },
    rewrites: true,
  },
  // DeepSeek: "The `reasoning_content` in the thinking mode must be passed back", on its Responses endpoint `reasoning_text`, on that for Messages
  // `content[].thinking`, and before that "Missing thinking block in the assistant message at message index 11". The model is one whose reasoning
  // has to come back, behind a server of which nothing is known.
  {
    says: /(?:reasoning_(?:content|text)|content\[\]\.thinking)\b.{0,60}\b(?:must be passed|is missing|is required)|\bmissing\b.{0,20}\b(?:reasoning_content|thinking block)\b/i,
    quirks: ({ native, quirks }) => {
      if (quirks.refusedFields?.includes("reasoning_content")) return null;
      const carried = { reasoningField: "reasoning_content", reasoningTurns: "all" } as const;
      const isCarried = !native && quirks.reasoningField === carried.reasoningField && quirks.reasoningTurns === "all";
      // One that takes an empty one for missing too, where the reasoning was lost or another model's.
      return isCarried ? { ...carried, noReasoning: " " } : carried;
    },
    rewrites: true,
  },
  // Of another key's project, or of an older version of the model. Google's word for none goes in its place.
  {
    says: thoughtSignatureRefused,
    when: ({ native, clientLeavesOut }) => !native || !clientLeavesOut,
    quirks: { refusedFields: ["thought_signature"] },
    rewrites: true,
  },
  // Claude behind OpenRouter, of reasoning that it sealed where another host ran it: "messages.7.content.2: Invalid `signature` in `thinking` block".
  // On Anthropic's wire the blocks are taken out by themselves.
  {
    says: /invalid [`'"]?signature[`'"]? in [`'"]?thinking\b/i,
    when: ({ native, client, clientLeavesOut, speaks }) => speaks.chat !== undefined && (native ? client === "chat" : !clientLeavesOut),
    quirks: { refusedFields: ["thought_signature"] },
    rewrites: true,
  },
  // Claude Sonnet 5.5, and at times Sonnet 5: 'To turn thinking off on this model, send "thinking": {"type": "between_tools"} instead of {"type":
  // "disabled"}.' Claude Code has a list of its own of which models take what, by which the side calls of its auto mode go on asking so.
  {
    says: /\bsend\b.{0,30}\bbetween_tools\b.{0,20}\binstead\b/i,
    quirks: { thinkingOff: "between_tools", refusedMessagesFields: ["thinking.disabled"] },
  },
  // All others, of a client that asks as Sonnet 5.5 wants it: "thinking.type.between_tools is not supported for this model."; in Pydantic's words
  // "Input tag 'between_tools' found using 'type' does not match any of the expected tags", and of a list of all others "thinking.type: Input should
  // be 'enabled', 'adaptive' or 'disabled'".
  {
    says: /\bbetween_tools\b.{0,40}\bnot (?:support|match)|\binput should be\b.{0,120}'input': 'between_tools'|\bthinking\.type: input should be (?=.*'adaptive')(?=.*'disabled')(?=.*'enabled')(?!.*between_tools)/i,
    quirks: { thinkingOff: "disabled", refusedMessagesFields: ["thinking.between_tools"] },
  },
  // Anthropic, and servers from before adaptive thinking.
  {
    when: (refused) => !isAsAsked(refused) && refused.capability === "thinking_type:adaptive",
    quirks: { refusedMessagesFields: ["thinking.adaptive"] },
  },
  {
    when: (refused) => !isAsAsked(refused) && refused.capability === "thinking_type:enabled",
    quirks: { refusedMessagesFields: ["thinking.enabled"] },
  },
  // vLLM makes a budget a field of its own, and refuses it where it was started without a parser for reasoning: "thinking_token_budget is set but
  // reasoning_config is not configured".
  { says: /thinking_token_budget is set but/i, quirks: { refusedMessagesFields: ["thinking.enabled"] } },
  // Claude with a thinking budget, by a name that does not say so.
  { says: thinkingMissing, when: isWrittenAnew, quirks: { thinkingBeforeCalls: true } },
  // Claude's models that always think: '"thinking.type.disabled" is not supported for this model. Thinking defaults to adaptive mode'.
  { when: ({ field }) => field === "thinking.type.disabled", quirks: { refusedMessagesFields: ["thinking.disabled"] } },
  // MiniMax-M3.1, of thinking that is switched off: "requires adaptive thinking".
  { says: /\brequires adaptive thinking\b/i, quirks: { refusedFields: ["thinking"], refusedMessagesFields: ["thinking.disabled"] } },
  // Kimi: "invalid thinking: only type=enabled is allowed for this model". For its Messages endpoint a request that says nothing of it, as some of
  // Claude Code's, is one that switches it off.
  {
    says: /only type=enabled is allowed/i,
    quirks: ({ quirks }) => {
      const efforts = quirks.efforts?.filter((effort) => effort !== "none");
      const others = ["thinking.disabled", "thinking.adaptive"];
      const isLast = others.every((kind) => quirks.refusedMessagesFields?.includes(kind));
      const fields = { refusedFields: ["thinking"], refusedMessagesFields: isLast ? [...others, "thinking.missing"] : others };
      return { ...fields, ...(efforts && { efforts }) };
    },
  },
  // OpenAI, of its newer models: "Function tools with reasoning_effort are not supported for gpt-6-sol in /v1/chat/completions. To use function tools,
  // use /v1/responses or set reasoning_effort to 'none'." Azure has said it without the last words, and then takes a request without the field.
  {
    says: /\bfunction tools with reasoning_effort are not supported\b/i,
    quirks: ({ message, quirks }) => {
      if (quirks.effortBesideTools === false) return undefined;
      const isLast = quirks.refusedFields?.includes("reasoning_effort") === true;
      return isLast || /\breasoning_effort to \W?none\b/i.test(message) ? { effortBesideTools: false } : undefined;
    },
  },
  // Without the effort Claude Code would ask for thinking all the same.
  {
    says: [...neverThinks, /doesn't support thinking/i],
    quirks: { refusedFields: ["reasoning_effort", "reasoning.effort"], refusedMessagesFields: ["thinking", "output_config.effort"] },
  },
  {
    when: (refused) =>
      refused.field === "reasoning_effort" ||
      (!isAsAsked(refused) && refused.field === undefined && refused.capability === "effort_unsupported"),
    quirks: { refusedFields: ["reasoning_effort", "reasoning.effort"], refusedMessagesFields: ["output_config.effort"] },
  },
];
