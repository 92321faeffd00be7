import { openai } from "./openai.ts";
import type { Row } from "./row.ts";

/** The model is the name of a deployment; its list has base models, so that nothing is asked. */
export const azureOpenai: Row = {
  id: "azure-openai",
  name: "Azure OpenAI",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://resource.openai.azure.com/openai/v1" },
    responses: { baseUrl: "https://resource.openai.azure.com/openai/v1" },
  },
  better: { messages: { wire: "responses", reason: "on chat some of its models refuse reasoning together with tools" } },
  ownAddress: "customer",
  parts: { resource: { env: ["AZURE_OPENAI_RESOURCE_NAME", "AZURE_RESOURCE_NAME"] } },
  key: { env: ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"] },
  baseUrlEnv: "AZURE_OPENAI_BASE_URL",
  auth: "api-key",
  quirks: openai.quirks,
  modelQuirks: openai.modelQuirks,
  discover: "none",
  limits: openai.limits,
  docs: "https://learn.microsoft.com/azure/ai-foundry/openai",
  unchecked: true,
};
