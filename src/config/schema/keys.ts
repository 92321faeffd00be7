import type * as z from "zod/mini";
import type { Path } from "../files/tree.ts";
import { configurationSchema } from "./schema.ts";

/** The keys that the schema knows at `path`. */
export function keysAt(path: Path): string[] {
  let here: z.core.$ZodType | undefined = inner(configurationSchema);
  for (const key of path) {
    const { def } = (here as z.core.$ZodTypes)._zod;
    if (def.type === "object") here = inner(def.shape[String(key)]);
    else if (def.type === "record") here = inner(def.valueType);
    else if (def.type === "array") here = inner(def.element);
    else return [];
    if (here === undefined) return [];
  }
  const { def } = (here as z.core.$ZodTypes)._zod;
  return def.type === "object" ? Object.keys(def.shape) : [];
}

function inner(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  const def = (schema as z.core.$ZodTypes | undefined)?._zod.def;
  return def?.type === "optional" ? inner(def.innerType) : schema;
}
