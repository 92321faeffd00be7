import { isObject, listOf, objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import { inlineReferences } from "./inline-references.ts";
import { mendKeywords } from "./keywords.ts";
import { pointed } from "./pointed.ts";
import { isOfType } from "./types-of.ts";
import { walkSchema } from "./walk.ts";

/** zod refers to where a schema stood first, which may be a branch of the union at the root. */
const ofBranch = /^#\/(?:anyOf|oneOf|allOf)\/\d/;

/**
 * What every server asks of a tool's parameters: an object at the root, without a reference or unions there, arrays that say what is in them, and
 * keywords that every server reads.
 */
export function mendRoot(schema: JsonSchema): JsonSchema {
  const root = referred(schema);
  let refersToBranch = false;
  const filled = walkSchema(root, (inner) => {
    refersToBranch ||= typeof inner.$ref === "string" && ofBranch.test(inner.$ref);
    const mended = mendKeywords(inner);
    return isOfType(mended, "array") && mended.items === undefined && mended.prefixItems === undefined ? { ...mended, items: {} } : mended;
  });
  if (refersToBranch) return mendRoot(inlineReferences(root));
  const { anyOf, oneOf, allOf, ...own } = filled;
  const flat = [anyOf, oneOf, allOf].some(Array.isArray) ? flattened(own, [anyOf, oneOf], allOf, filled) : filled;
  const { type: _, ...rest } = flat;
  return { type: "object", ...rest, properties: objectOf(flat.properties) };
}

/** A reference at the root becomes what it points to, and what stands beside it, definitions too, stays; one that leads nowhere goes. */
function referred(schema: JsonSchema, trail: readonly string[] = []): JsonSchema {
  const { $ref: reference, ...beside } = schema;
  if (typeof reference !== "string") return schema;
  const target = trail.includes(reference) ? undefined : pointed(reference, schema);
  if (!isObject(target)) return beside;
  const properties = { ...objectOf(target.properties), ...objectOf(beside.properties) };
  return referred({ ...target, ...beside, properties }, [...trail, reference]);
}

/** A union at the root becomes one object with the properties of all branches; required is what every branch requires. */
function flattened(own: JsonSchema, unions: readonly unknown[], all: unknown, root: JsonSchema): JsonSchema {
  // No plain object: it has a "constructor" and a "toString" of its own before any branch has named one.
  const properties = new Map<string, unknown>();
  const required = new Set(listOf(own.required));
  const add = (branch: JsonSchema): readonly unknown[] => {
    for (const [name, property] of Object.entries(objectOf(branch.properties))) if (!properties.has(name)) properties.set(name, property);
    return listOf(branch.required);
  };
  add(own);
  for (const branch of listOf(all)) for (const name of add(resolved(branch, root))) required.add(name);
  for (const union of unions) {
    if (!Array.isArray(union)) continue;
    const needed = union.map((branch) => new Set(add(resolved(branch, root))));
    for (const name of needed[0] ?? []) if (needed.every((names) => names.has(name))) required.add(name);
  }
  const { required: _, ...rest } = own;
  return { ...rest, properties: Object.fromEntries(properties), ...(required.size > 0 ? { required: [...required] } : {}) };
}

function resolved(branch: unknown, root: JsonSchema): JsonSchema {
  if (!isObject(branch)) return {};
  const target = typeof branch.$ref === "string" ? pointed(branch.$ref, root) : undefined;
  return isObject(target) ? { ...target, ...branch } : branch;
}
