import type { JsonSchema } from "../../model/request.ts";
import { changeKeywords } from "./walk.ts";

/**
 * One schema whose lists are as JSON Schema has them: `required` names each property once, `enum` gives each value once, and one at least.
 * Claude ("must match JSON Schema draft 2020-12") and OpenAI ("has non-unique elements", "[] should be non-empty") refuse others.
 */
export function withProperLists(schema: JsonSchema): JsonSchema {
  return changeKeywords(schema, (key, value) => {
    if (key === "required") return Array.isArray(value) ? [...new Set(value.filter((name) => typeof name === "string"))] : undefined;
    if (key === "enum") return Array.isArray(value) && value.length > 0 ? unique(value) : undefined;
    return value;
  });
}

function unique(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
