import type { JsonObject } from "./json.ts";

/** What both of OpenAI's wires have for the server alone. */
export const sharedFields = ["user", "metadata", "service_tier", "verbosity", "safety_identifier", "prompt_cache_retention"];

/** Of what a client says to the server alone, the fields with these names that say something; undefined where none does. */
export function serverFields(fields: JsonObject = {}, names: readonly string[] = []): JsonObject | undefined {
  const said = names.filter((name) => fields[name] !== undefined && fields[name] !== null);
  return said.length === 0 ? undefined : Object.fromEntries(said.map((name) => [name, fields[name]]));
}
