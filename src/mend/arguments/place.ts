import { isObject, listOf, objectOf } from "../../model/json.ts";
import { flatMap } from "../../model/lists.ts";
import type { JsonSchema } from "../../model/request.ts";
import { knownTypes } from "../schema/known-types.ts";
import { pointed } from "../schema/pointed.ts";
import { typesOf } from "../schema/types-of.ts";

/** A place in a tool's arguments, by what the tool's schema says of it. */
export interface Place {
  /** What may stand there, of which no branch refers to another place. */
  readonly schema: { readonly anyOf: readonly unknown[] };
  /** Empty where the schema does not say of every branch. */
  readonly types: ReadonlySet<string>;
  /** The only strings that may stand there. Absent: any. */
  readonly strings?: ReadonlySet<unknown>;
  /** It may be missing. */
  readonly isOptional: boolean;
  /** In the object that stands there, the argument of this name. */
  member(name: string): Place | undefined;
  /** In the list that stands there, each. */
  item(): Place | undefined;
}

/** `root`: the tool's whole schema, into which references point. */
export function placeOf(schema: unknown, root: JsonSchema, isOptional = false): Place {
  const anyOf = branchesOf(schema, root, new Set());
  const types = anyOf.map(typesOf);
  const isKnown = types.every(({ size }) => size > 0);
  const those = (type: string) => anyOf.filter((_, at) => types[at]?.size === 0 || types[at]?.has(type));
  const strings = those("string").map((branch) => valuesOf(objectOf(branch)));
  const object = theOnly(those("object"));
  const list = theOnly(those("array"));
  const members = new Map<string, Place>();
  let item: Place | undefined;
  return {
    schema: { anyOf },
    types: new Set(isKnown ? types.flatMap((some) => [...some]) : []),
    ...(strings.every((values) => values !== undefined) && { strings: new Set(strings.flat()) }),
    isOptional,
    member(name) {
      const properties = objectOf(object?.properties);
      if (!members.has(name) && Object.hasOwn(properties, name))
        members.set(name, placeOf(properties[name], root, !listOf(object?.required).includes(name)));
      return members.get(name);
    },
    item() {
      // Behind `prefixItems` it is only for the rest.
      if (isObject(list?.items) && list.prefixItems === undefined) item ??= placeOf(list.items, root);
      return item;
    },
  };
}

/** With what stands elsewhere in the tool's schema put in, each once: pydantic refers to each model. */
function branchesOf(schema: unknown, root: JsonSchema, seen: Set<unknown>): readonly unknown[] {
  if (!isObject(schema)) return [schema];
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { $ref, type, anyOf, oneOf, enum: values, nullable } = schema;
  const branches = typeof $ref === "string" ? [pointed($ref, root)] : type === undefined ? [anyOf, oneOf].filter(Array.isArray).flat() : [];
  const found =
    branches.length === 0 ? [{ ...schema, type: knownTypes(type) }] : flatMap(branches, (branch) => branchesOf(branch, root, seen));
  // OpenAPI's words for it.
  return nullable === true || listOf(values).includes(null) ? [...found, { type: "null" }] : found;
}

function valuesOf({ enum: values, ...schema }: JsonSchema): readonly unknown[] | undefined {
  if (Array.isArray(values)) return values;
  return "const" in schema ? [schema.const] : undefined;
}

/** Of several nobody can say which one is meant. */
function theOnly(all: readonly unknown[]): JsonSchema | undefined {
  return all.length === 1 && isObject(all[0]) ? all[0] : undefined;
}
