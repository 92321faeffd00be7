import { isObject, listOf, objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
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
  const anyOf = branchesOf(schema, root);
  const branches = anyOf.filter(isObject);
  const types = anyOf.map(typesOf);
  const isKnown = types.every(({ size }) => size > 0);
  const isNullable = [objectOf(schema), ...branches].some(({ nullable }) => nullable === true);
  const strings = branches.filter((branch) => typesOf(branch).has("string")).map(valuesOf);
  const object = theOnly(branches.filter(({ properties }) => isObject(properties)));
  const list = theOnly(branches.filter(({ items }) => isObject(items)));
  const members = new Map<string, Place>();
  let item: Place | undefined;
  return {
    schema: { anyOf },
    types: new Set(isKnown ? [...types.flatMap((some) => [...some]), ...(isNullable ? ["null"] : [])] : []),
    ...(strings.every((values) => values !== undefined) && { strings: new Set(strings.flat()) }),
    isOptional,
    member(name) {
      const properties = objectOf(object?.properties);
      if (!members.has(name) && Object.hasOwn(properties, name))
        members.set(name, placeOf(properties[name], root, !listOf(object?.required).includes(name)));
      return members.get(name);
    },
    item() {
      item ??= list && placeOf(list.items, root);
      return item;
    },
  };
}

/** With what stands elsewhere in the tool's schema put in: pydantic refers to each model. */
function branchesOf(schema: unknown, root: JsonSchema): readonly unknown[] {
  const referred = (one: unknown) => (isObject(one) && typeof one.$ref === "string" ? pointed(one.$ref, root) : one);
  const found = referred(schema);
  const { type, anyOf, oneOf } = objectOf(found);
  const branches = type === undefined ? [anyOf, oneOf].filter(Array.isArray).flat() : [];
  return branches.length === 0 ? [found] : branches.map(referred);
}

function valuesOf({ enum: values, ...schema }: JsonSchema): readonly unknown[] | undefined {
  if (Array.isArray(values)) return values;
  return "const" in schema ? [schema.const] : undefined;
}

/** Of several nobody can say which one is meant. */
function theOnly<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}
