import type { JsonSchema } from "../../model/request.ts";

/** What a keyword said that has to go, in the description. */
export function note(schema: JsonSchema, text: string): JsonSchema {
  const { description } = schema;
  return { ...schema, description: typeof description === "string" && description !== "" ? `${description} (${text})` : text };
}
