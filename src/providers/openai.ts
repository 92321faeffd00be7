import type { Quirks } from "../model/quirks.ts";
import type { Row } from "./row.ts";

const orNone: Quirks = { efforts: ["none", "low", "medium", "high", "xhigh", "max"] };

export const openai = {
  id: "openai",
  name: "OpenAI",
  kind: "cloud",
  speaks: {
    chat: { baseUrl: "https://api.openai.com/v1" },
    responses: { baseUrl: "https://api.openai.com/v1" },
  },
  better: { messages: { wire: "responses", reason: "only there the reasoning of its models comes back between tool calls" } },
  key: { env: ["OPENAI_API_KEY"] },
  baseUrlEnv: "OPENAI_BASE_URL",
  quirks: {
    maxTokensField: "max_completion_tokens",
    systemRole: "developer",
    // On Responses: "integer below minimum value. Expected a value >= 16".
    minOutput: 16,
    maxStops: 4,
    // "Expected a string with maximum length 40."
    toolIds: "short",
    documents: "file",
    knownFields: [
      ...["seed", "store", "user", "metadata", "service_tier", "verbosity", "safety_identifier", "prompt_cache_key"],
      ...["prompt_cache_retention", "frequency_penalty", "presence_penalty", "logit_bias", "prediction"],
    ],
    webSearch: { responses: "web_search" },
    // POST /v1/responses/input_tokens.
    countsTokens: true,
    efforts: ["none", "minimal", "low", "medium", "high", "xhigh"],
  },
  modelQuirks: {
    "gpt-5.6": orNone,
    "gpt-6": { efforts: ["low", "medium", "high", "xhigh", "max"] },
    // Those of its family that can do without thinking.
    "gpt-6-luna": orNone,
    "gpt-6-sol": orNone,
    "gpt-6.1-terra": orNone,
  },
  // Its list has ids only. 922,000 of these may be input.
  limits: { "gpt-6": { context: 1_050_000, maxOutput: 128_000 } },
  docs: "https://platform.openai.com/docs",
  unchecked: true,
} satisfies Row;
