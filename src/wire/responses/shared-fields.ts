import type { JsonObject } from "../json.ts";
import { serverFields } from "../server-fields.ts";

/** Those that both of OpenAI's wires have for the server alone. */
const shared = ["user", "metadata", "service_tier", "verbosity", "safety_identifier", "prompt_cache_retention"];

/** The shared fields among these that say something. */
export function sharedFields(fields: JsonObject): JsonObject {
  return serverFields(fields, shared);
}
