import type { Lesson } from "./lesson.ts";

/** Bedrock, of OpenAI's newer models and of Claude. */
const chatUnsupported = /\bsupport the '\/v1\/chat\/completions' api\b/i;
const chatRefused: readonly RegExp[] = [
  // OpenAI: "Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions. Please use /v1/responses instead.",
  // "This model is only supported in v1/responses and not in v1/chat/completions."
  /\b(?:use|only supported in) (?:the )?[`'"]?\/?v1\/responses\b/i,
  /not (?:accessible via|supported in) the \/?(?:v1\/)?chat\/completions\b/i, // Copilot
  /\bchatCompletion operation does not work\b/i, // Azure: "... with the specified model, gpt-5.2-codex."
  chatUnsupported,
];
/** Copilot; Bedrock, of all but OpenAI's models: "does not support the '/openai/v1/responses' API". */
const responsesRefused =
  /not (?:accessible via|supported in) the \/?(?:v1\/)?responses\b|does not support (?:the )?(?:'(?:\/openai)?\/v1\/)?responses'? api\b/i;

const messagesRefused = /\bdoes not support the '(?:\/\w+)?\/v1\/messages' api\b/i;

/** Another wire by which the model has to be asked, where its provider speaks that. */
export const ofWires: readonly Lesson[] = [
  { says: chatRefused, when: ({ speaks }) => speaks.responses !== undefined, quirks: { wire: "responses" } },
  { says: chatUnsupported, when: ({ speaks }) => speaks.messages !== undefined, quirks: { wire: "messages" } },
  {
    says: responsesRefused,
    when: ({ speaks, quirks }) => speaks.messages !== undefined && (speaks.chat === undefined || quirks.wire === "responses"),
    quirks: { wire: "messages" },
  },
  { says: responsesRefused, when: ({ speaks }) => speaks.chat !== undefined, quirks: { wire: "chat" } },
  { says: messagesRefused, when: ({ speaks }) => speaks.chat !== undefined, quirks: { wire: "chat" } },
  { says: messagesRefused, when: ({ speaks }) => speaks.responses !== undefined, quirks: { wire: "responses" } },
];
