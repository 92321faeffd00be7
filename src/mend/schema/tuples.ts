import { isObject, listOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { inlineReferences } from "./inline-references.ts";
import { note, unique, walkSchema } from "./walk.ts";

/** zod for the SDK of MCP refers to where a schema stood first, which may be a place of a tuple. */
const ofPlace = /\/(?:items|prefixItems)\/\d/;
/** Tuples within tuples would be told again and again. */
const longestNote = 400;

/**
 * Tuples, by their old or their new keyword, as lists of what their places take. OpenAI, xAI, Claude and SGLang refuse a list of `items`, as
 * the SDK of MCP writes them; OpenAI and Copilot also an array with `prefixItems` alone ("array schema missing items").
 */
export function withoutTuples(schema: JsonSchema): JsonSchema {
  let refersToPlace = false;
  const listed = walkSchema(schema, (inner) => {
    refersToPlace ||= typeof inner.$ref === "string" && ofPlace.test(inner.$ref);
    return asList(inner);
  });
  return refersToPlace ? withoutTuples(inlineReferences(schema)) : listed;
}

/** How many places there are, and in which order, is said where the schema does not. */
function asList(schema: JsonSchema): JsonSchema {
  const { prefixItems, items, additionalItems, ...rest } = schema;
  if (!Array.isArray(items) && !Array.isArray(prefixItems)) return schema;
  const places = [...listOf(prefixItems), ...(Array.isArray(items) ? items : [])].map(schemaOf).filter(isObject);
  const others = schemaOf(Array.isArray(items) ? additionalItems : items);
  const kinds = unique(isObject(others) ? [...places, others] : places);
  const list: JsonSchema = {
    ...(places.length > 0 && { minItems: places.length }),
    ...(places.length > 0 && others === false && { maxItems: places.length }),
    ...rest,
    items: kinds.length > 1 ? { anyOf: kinds } : (kinds[0] ?? {}),
  };
  const order = places.map((place) => JSON.stringify(place)).join(", ");
  return unique(places).length > 1 && order.length <= longestNote ? note(list, `in this order: ${order}`) : list;
}

const schemaOf = (place: unknown): unknown => (place === true ? {} : place);
