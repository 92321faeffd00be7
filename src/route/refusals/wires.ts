import type { Lesson } from "./lesson.ts";

const chatRefused =
  /\b(?:use|only supported in) (?:the )?[`'"]?\/?v1\/responses\b|not (?:accessible via|supported in) the \/?(?:v1\/)?chat\/completions\b|\bchatCompletion operation does not work\b|\bsupport the '\/v1\/chat\/completions' api\b/i;
const responsesRefused =
  /not (?:accessible via|supported in) the \/?(?:v1\/)?responses\b|does not support (?:the )?(?:'(?:\/openai)?\/v1\/)?responses'? api\b/i;

const messagesRefused = /\bdoes not support the '(?:\/\w+)?\/v1\/messages' api\b/i;

/** Another wire by which the model has to be asked, where its provider speaks that. */
export const ofWires: readonly Lesson[] = [
  // OpenAI: "Function tools with reasoning_effort are not supported for gpt-5.4 in /v1/chat/completions. Please use /v1/responses instead.",
  // "This model is only supported in v1/responses and not in v1/chat/completions."; Copilot: "... is not accessible via the /chat/completions
  // endpoint"; Azure: "The chatCompletion operation does not work with the specified model, gpt-5.2-codex."; Bedrock: "The model
  // 'openai.gpt-5.6-terra' does not support the '/v1/chat/completions' API".
  { says: chatRefused, when: ({ speaks }) => speaks.responses !== undefined, quirks: { wire: "responses" } },
  // Bedrock says the same of Claude, "does not support the '/openai/v1/responses' API" of all but OpenAI's, and so of each path.
  {
    says: /\bsupport the '\/v1\/chat\/completions' api\b/i,
    when: ({ speaks }) => speaks.messages !== undefined,
    quirks: { wire: "messages" },
  },
  {
    says: responsesRefused,
    when: ({ speaks, quirks }) => speaks.messages !== undefined && (speaks.chat === undefined || quirks.wire === "responses"),
    quirks: { wire: "messages" },
  },
  { says: responsesRefused, when: ({ speaks }) => speaks.chat !== undefined, quirks: { wire: "chat" } },
  { says: messagesRefused, when: ({ speaks }) => speaks.chat !== undefined, quirks: { wire: "chat" } },
  { says: messagesRefused, when: ({ speaks }) => speaks.responses !== undefined, quirks: { wire: "responses" } },
];
