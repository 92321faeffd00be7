import { gemini } from "./gemini.ts";
import type { Row } from "./row.ts";

/** The OpenAI layer of Vertex AI: Gemini as `google/gemini-...`, and models of others that it hosts under their maker's name. */
export const vertex: Row = {
  id: "vertex",
  name: "Google Vertex AI",
  kind: "cloud",
  speaks: { chat: { baseUrl: "https://location-aiplatform.googleapis.com/v1/projects/PROJECT/locations/LOCATION/endpoints/openapi" } },
  ownAddress: "project",
  parts: {
    "location-aiplatform": {
      env: ["GOOGLE_CLOUD_LOCATION"],
      // The two of several regions have hosts of another form (docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations).
      instead: { global: "aiplatform", us: "aiplatform.us.rep", eu: "aiplatform.eu.rep" },
    },
    LOCATION: { env: ["GOOGLE_CLOUD_LOCATION"] },
    PROJECT: { env: ["GOOGLE_CLOUD_PROJECT"] },
  },
  // An access token, which holds for an hour: one of a command is fetched again when it is refused.
  key: { env: ["VERTEX_AI_ACCESS_TOKEN"], command: ["gcloud", "auth", "print-access-token"] },
  quirks: gemini.quirks,
  ...(gemini.modelQuirks && { modelQuirks: gemini.modelQuirks }),
  discover: "none",
  limits: {
    "gemini-4": { context: 1_048_576, maxOutput: 65_536 },
    "gemini-3": { context: 1_048_576, maxOutput: 65_536 },
    "gemini-2.5": { context: 1_048_576, maxOutput: 65_536 },
  },
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/call-vertex-using-openai-library",
  unchecked: true,
};
