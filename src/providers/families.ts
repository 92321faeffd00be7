import type { Quirks } from "../model/quirks.ts";

/** What follows from a model itself, whoever hosts it: hosts hand these rules of the model's template or API through. */
export const families: readonly { readonly name: RegExp; readonly quirks: Quirks }[] = [
  {
    // Function declarations of the Gemini API know a part of JSON Schema only, and Gemini 3 refuses a call without its signature.
    name: /(?:^|[/:_.-])gemini-/i,
    quirks: { toolSchema: "gemini", thoughtSignatures: true },
  },
  {
    // "The reasoning_content in the thinking mode must be passed back": V4 and later check every assistant turn.
    name: /(?:^|[/:_.-])deepseek[-_]?(?:v[4-9]|flash)/i,
    quirks: { reasoningField: "reasoning_content", reasoningTurns: "all" },
  },
  {
    // "thinking is enabled but reasoning_content is missing in assistant tool call message", where it is empty too; schemas are held to Moonshot's own dialect.
    name: /(?:^|[/:_.-])kimi(?:[-_]|k\d)/i,
    quirks: { reasoningField: "reasoning_content", reasoningTurns: "calls", noReasoning: " ", toolSchema: "moonshot" },
  },
  {
    // Works from its earlier thoughts, which its template reads from the text where no server parts them.
    name: /(?:^|[/:_.-])minimax-m[2-9]/i,
    quirks: { reasoningField: "think-tags", reasoningTurns: "present" },
  },
  {
    // "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'", of ids that another model wrote earlier in the session, and "Expected `thinking`
    // or `redacted_thinking`, but found `tool_use`", of its calls, and "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'", of tools.
    name: /(?:^|[/:_.-])claude-/i,
    quirks: { toolIds: "safe", thinkingBeforeCalls: true, propertyNames: "safe" },
  },
  {
    // Calls and results of Mistral's own templates carry ids of nine letters or digits, and a user turn may not follow a result.
    name: /(?:^|[/:_.-])(?:mistral|ministral|magistral|devstral|codestral)-/i,
    quirks: { toolIds: "nine-letters", assistantAfterTool: true, strictAlternation: true },
  },
  {
    // "Conversation roles must alternate user/assistant/user/assistant/...", where calls and their results count as no turn. Gemma 4 takes them in
    // any order, and a model for functions alone has a template of its own.
    name: /(?<!function)gemma(?!-?4)/i,
    quirks: { assistantAfterTool: true, strictAlternation: true },
  },
  {
    // "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead"; OpenAI's reasoning models take the one
    // temperature and no stop strings, whoever stands before them.
    name: /(?:^|[/:])(?:gpt-[5-9]|o[1-9])(?:$|[.-])/i,
    quirks: { maxTokensField: "max_completion_tokens", refusedFields: ["temperature", "top_p", "stop"] },
  },
];
