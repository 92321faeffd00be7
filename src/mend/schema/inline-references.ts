import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { pointed } from "./pointed.ts";
import { omit, walkSchema } from "./walk.ts";

const definitions = new Set(["$defs", "definitions"]);
/** References can multiply what they lead to, and one that leads to the next unfolds as deep as the stack: what goes further is cut to plain objects. */
const most = { references: 2000, schemas: 20_000, deep: 100 };

/** Local references replaced by what they point to; where one leads back into itself, any object goes. */
export function inlineReferences(root: JsonSchema): JsonSchema {
  const unfolded = { references: 0, schemas: 0 };
  const isOver = (deep: number) => unfolded.references > most.references || unfolded.schemas > most.schemas || deep >= most.deep;
  const expand = (schema: JsonSchema, trail: readonly string[]): JsonSchema =>
    walkSchema(omit(schema, definitions), (inner) => {
      if (trail.length > 0) unfolded.schemas += 1;
      const { $ref: reference, ...beside } = inner;
      if (typeof reference !== "string") return inner;
      unfolded.references += 1;
      const target = isOver(trail.length) ? undefined : pointed(reference, root);
      if (!isObject(target) || trail.includes(reference)) return { type: "object", ...beside };
      return { ...expand(target, [...trail, reference]), ...beside };
    });
  return expand(root, []);
}
