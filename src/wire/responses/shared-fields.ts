import type { JsonObject } from "../json.ts";

/** Those that both of OpenAI's wires have for the server alone. */
const shared = ["user", "metadata", "service_tier", "verbosity", "safety_identifier", "prompt_cache_retention"];

/** The shared fields among these that say something. */
export function sharedFields(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    shared.filter((name) => fields[name] !== undefined && fields[name] !== null).map((name) => [name, fields[name]]),
  );
}
