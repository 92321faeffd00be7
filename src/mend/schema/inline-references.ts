import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { pointed } from "./pointed.ts";
import { omit, walkSchema } from "./walk.ts";

const definitions = new Set(["$defs", "definitions"]);
/** Nested references can multiply; a schema that unfolds further than this is cut to plain objects. */
const most = 2000;

/** Local references replaced by what they point to; where one leads back into itself, any object goes. */
export function inlineReferences(root: JsonSchema): JsonSchema {
  let unfolded = 0;
  const expand = (schema: JsonSchema, trail: readonly string[]): JsonSchema =>
    walkSchema(omit(schema, definitions), (inner) => {
      const { $ref: reference, ...beside } = inner;
      if (typeof reference !== "string") return inner;
      const target = pointed(reference, root);
      unfolded += 1;
      if (!isObject(target) || trail.includes(reference) || unfolded > most) return { type: "object", ...beside };
      return { ...expand(target, [...trail, reference]), ...beside };
    });
  return expand(root, []);
}
