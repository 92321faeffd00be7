import type { Row } from "./row.ts";

/** The endpoint that has all models with a wire of ours, by a Bedrock API key. Bedrock's other, `bedrock-runtime`, has not: Gemma 4 is only here. */
export const bedrock: Row = {
  id: "bedrock",
  name: "AWS Bedrock",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://bedrock-mantle.region.api.aws/v1" },
    messages: { baseUrl: "https://bedrock-mantle.region.api.aws/anthropic" },
    responses: { baseUrl: "https://bedrock-mantle.region.api.aws/openai/v1" },
  },
  // "does not support the '/openai/v1/responses' API": each family has its maker's wire, and the open ones chat. OpenAI's wires have two paths, each
  // with models of its own: "model `xai.grok-4.3` isn't supported on this route" (NousResearch/hermes-agent#52316). The one of newer families is that of
  // Responses here (Boise-State-Development/agentcore-public-stack#643); gpt-oss is on the other (livekit/agents#5978).
  modelWires: {
    "anthropic.": ["messages"],
    "openai.": ["responses"],
    "openai.gpt-oss": ["chat"],
    "xai.": ["responses"],
    "google.gemma-4": ["responses"],
    "": ["chat"],
  },
  ownAddress: "region",
  parts: { region: { env: ["AWS_REGION", "AWS_DEFAULT_REGION"] } },
  key: { env: ["AWS_BEARER_TOKEN_BEDROCK"] },
  quirks: {},
  modelQuirks: { "openai.gpt-6": { efforts: ["low", "medium", "high", "xhigh"] } },
  // Its list has no windows, and stands at another host.
  discover: "none",
  limits: {
    "anthropic.claude-opus-5": { context: 1_000_000, maxOutput: 128_000 },
    "anthropic.claude-sonnet-5": { context: 1_000_000, maxOutput: 128_000 },
    "openai.gpt-6": { context: 1_050_000, maxOutput: 128_000 },
  },
  docs: "https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html",
  unchecked: true,
};
