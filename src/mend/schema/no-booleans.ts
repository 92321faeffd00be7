import { isObject } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { walkSchema } from "./walk.ts";

/**
 * `true` and `false` in the place of a schema (JSON Schema 2020-12, 4.3.2), which grammar builders and typed readers refuse: anything
 * is an empty schema, nothing is left out. `additionalProperties` is a boolean nearly everywhere, and is understood.
 */
export function withoutBooleans(schema: JsonSchema): JsonSchema {
  return walkSchema(schema, (inner) => {
    const out = { ...inner };
    for (const key of ["items", "contains", "propertyNames", "not", "if", "then", "else"]) {
      if (out[key] === true) out[key] = {};
      if (out[key] === false) delete out[key];
    }
    for (const key of ["anyOf", "oneOf", "allOf", "prefixItems"]) {
      const branches = out[key];
      if (Array.isArray(branches))
        out[key] = branches.filter((branch) => branch !== false).map((branch) => (branch === true ? {} : branch));
    }
    for (const key of ["properties", "patternProperties", "$defs", "definitions"]) {
      const named = out[key];
      if (!isObject(named) || !Object.values(named).some((value) => typeof value === "boolean")) continue;
      const kept = Object.entries(named).filter(([, value]) => value !== false);
      out[key] = Object.fromEntries(kept.map(([name, value]) => [name, value === true ? {} : value]));
      if (key === "properties" && Array.isArray(out.required))
        out.required = out.required.filter((name) => typeof name !== "string" || named[name] !== false);
    }
    return out;
  });
}
