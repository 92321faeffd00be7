import type { JsonObject } from "./json.ts";

/** Of what a client says to the server alone, the fields with these names that say something. */
export function serverFields(fields: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => fields[name] !== undefined && fields[name] !== null).map((name) => [name, fields[name]]),
  );
}
