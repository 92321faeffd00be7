import { isObject, listOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { walkSchema } from "./walk.ts";

/**
 * Tuples, by their old or their new keyword, as lists of what their places take. OpenAI, xAI, Claude and SGLang refuse a list of `items`, as
 * the SDK of MCP writes them; OpenAI and Copilot also an array with `prefixItems` alone ("array schema missing items").
 */
export function withoutTuples(schema: JsonSchema): JsonSchema {
  return walkSchema(schema, (inner) => {
    const { prefixItems, items, additionalItems, ...rest } = inner;
    if (!Array.isArray(items) && !Array.isArray(prefixItems)) return inner;
    const places = [...listOf(prefixItems), ...(Array.isArray(items) ? items : [items]), additionalItems];
    const taken = places.map((place) => (place === true ? {} : place)).filter(isObject);
    const kinds = [...new Map(taken.map((place) => [JSON.stringify(place), place])).values()];
    return { ...rest, items: kinds.length > 1 ? { anyOf: kinds } : (kinds[0] ?? {}) };
  });
}
