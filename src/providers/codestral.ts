import { mistral } from "./mistral.ts";
import type { Row } from "./row.ts";

/** Mistral's own endpoint for Codestral, with keys of its own. Unconfirmed: that it still takes new accounts. */
export const codestral: Row = {
  id: "codestral",
  name: "Mistral Codestral endpoint",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://codestral.mistral.ai/v1" } },
  key: { env: ["CODESTRAL_API_KEY"] },
  quirks: {
    ...mistral.quirks,
    knownFields: [],
    reasoningRequest: "none",
    reasoningField: "none",
    images: false,
    toolImages: false,
    documents: "placeholder",
  },
  discover: "none",
  limits: { "codestral-latest": { context: 256_000, maxOutput: 4_096 }, "codestral-2508": { context: 256_000, maxOutput: 8_192 } },
  docs: "https://docs.mistral.ai/capabilities/code_generation",
  unchecked: true,
};
