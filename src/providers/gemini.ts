import type { Row } from "./row.ts";

/** The OpenAI layer of the Gemini API. */
export const gemini: Row = {
  id: "gemini",
  name: "Google AI Studio (Gemini API)",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai" } },
  key: { env: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"] },
  quirks: {
    toolSchema: "gemini",
    // 400 "Function call is missing a thought_signature".
    thoughtSignatures: true,
    // "none" is taken by 2.5 only.
    efforts: ["minimal", "low", "medium", "high"],
  },
  modelQuirks: {
    "gemini-2.5": {
      efforts: ["none", "low", "medium", "high"],
      // "Function calling with a response mime type: 'application/json' is unsupported".
      schemaBesideTools: false,
    },
  },
  // The list of this layer has ids only.
  limits: {
    "gemini-4": { context: 1_048_576, maxOutput: 32_768 },
    "gemini-3": { context: 1_048_576, maxOutput: 65_536 },
    "gemini-2.5": { context: 1_048_576, maxOutput: 65_536 },
  },
  docs: "https://ai.google.dev/gemini-api/docs/openai",
  unchecked: true,
};
