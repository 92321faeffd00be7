import type { JsonSchema } from "../../model/request.ts";
import { plainSchema } from "./plain.ts";
import { omit, walkSchema } from "./walk.ts";

/** What a grammar spells out: a bound as so many repetitions, a pattern as rules of its own. */
const spelledOut = new Set([
  ...["pattern", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
]);

/**
 * A plain schema without bounds and patterns, for engines that make one grammar of all tools: where one of them has `maxLength: 2000`, or all
 * together too many rules, llama.cpp refuses the whole request.
 */
export function boundlessSchema(schema: JsonSchema): JsonSchema {
  return walkSchema(plainSchema(schema), (inner) => omit(inner, spelledOut));
}
