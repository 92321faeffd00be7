import type { JsonSchema } from "../../model/request.ts";
import { pointed } from "./pointed.ts";
import { walkSchema } from "./walk.ts";

/**
 * Without references that lead nowhere, or to another document, as tools have whose definitions an MCP bridge left behind. No server fetches one,
 * and those that resolve references refuse the whole request for it: "reference to undefined schema at properties.theme" (Gemini). What stands
 * beside it stays, and any value may stand there.
 */
export function withoutLooseReferences(root: JsonSchema): JsonSchema {
  return walkSchema(root, (schema) => {
    const { $ref: reference, ...beside } = schema;
    return typeof reference === "string" && leadsNowhere(reference, root) ? beside : schema;
  });
}

/** A name in place of a path (`#Item`) may be an anchor anywhere in the schema. */
function leadsNowhere(reference: string, root: JsonSchema): boolean {
  if (!reference.startsWith("#")) return true;
  return reference.startsWith("#/") && pointed(reference, root) === undefined;
}
