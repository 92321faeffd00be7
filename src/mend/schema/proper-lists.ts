import type { JsonSchema } from "../../model/request.ts";

/**
 * One schema whose lists are as JSON Schema has them: `required` names each property once, `enum` gives each value once, and one at least.
 * Claude ("must match JSON Schema draft 2020-12") and OpenAI ("has non-unique elements", "[] should be non-empty") refuse others.
 */
export function withProperLists(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).map(([key, value]) => [key, Object.hasOwn(lists, key) ? lists[key]?.(value) : value] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

const lists: Readonly<Record<string, (value: unknown) => readonly unknown[] | undefined>> = {
  required: (value) => (Array.isArray(value) ? [...new Set(value.filter((name) => typeof name === "string"))] : undefined),
  enum: (value) => (Array.isArray(value) && value.length > 0 ? unique(value) : undefined),
};

function unique(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
