import { listOf, objectOf } from "../wire/json.ts";

/** Below this only what must be there is, and null where that will do: schemas that hold themselves in several places grow without end. */
const deep = 6;

/** A value that a JSON Schema takes, as small as it may be: for replies that must be JSON. */
export function sampleOf(schema: unknown, word = "The stand-in model", root: unknown = schema, depth = 0): unknown {
  const shape = objectOf(schema);
  if (depth > 20) return null;
  const next = (inner: unknown, name = word) => sampleOf(inner, name, root, depth + 1);
  if (typeof shape["$ref"] === "string") return next(resolve(root, shape["$ref"]));
  if ("const" in shape) return shape["const"];
  if (Array.isArray(shape["enum"]) && shape["enum"].length > 0) return shape["enum"][0];
  for (const key of ["anyOf", "oneOf", "allOf"]) {
    const branches = listOf(shape[key]);
    const branch = (depth > deep ? branches.find((one) => objectOf(one)["type"] === "null") : undefined) ?? branches[0];
    if (branch !== undefined)
      return next({ ...objectOf(branch), ...Object.fromEntries(Object.entries(shape).filter(([name]) => name !== key)) });
  }
  const type = Array.isArray(shape["type"]) ? shape["type"][0] : shape["type"];
  const least = (key: string) => (typeof shape[key] === "number" ? Math.max(0, shape[key]) : 0);
  switch (type ?? (shape["properties"] ? "object" : shape["items"] ? "array" : undefined)) {
    case "object":
      return Object.fromEntries(
        Object.entries(objectOf(shape["properties"]))
          .filter(([name]) => depth <= deep || listOf(shape["required"]).includes(name))
          .map(([name, inner]) => [name, next(inner)]),
      );
    case "array":
      return Array.from({ length: Math.min(least("minItems"), 100) }, () => next(shape["items"]));
    case "string":
      return word
        .padEnd(Math.min(least("minLength"), 10_000), ".")
        .slice(0, typeof shape["maxLength"] === "number" ? shape["maxLength"] : undefined);
    case "integer":
    case "number":
      if (typeof shape["minimum"] === "number") return shape["minimum"];
      return typeof shape["exclusiveMinimum"] === "number" ? shape["exclusiveMinimum"] + 1 : 0;
    case "boolean":
      return false;
    case "null":
      return null;
    default:
      return word;
  }
}

function resolve(root: unknown, reference: string): unknown {
  let here = root;
  for (const key of reference.replace(/^#\/?/, "").split("/")) {
    if (key !== "") here = objectOf(here)[key.replace(/~1/g, "/").replace(/~0/g, "~")];
  }
  return here;
}
