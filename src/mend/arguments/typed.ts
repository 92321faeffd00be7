import type { ReplyEvent } from "../../model/event.ts";
import { isObject, objectOf } from "../../model/json.ts";
import type { JsonSchema } from "../../model/request.ts";
import type { Stage } from "../../model/stage.ts";
import type { KnownTools } from "../known-tools.ts";
import { pointed } from "../schema/pointed.ts";
import { typesOf } from "../schema/types-of.ts";
import { typedValue } from "../written/typed-values.ts";
import { type MemberChanges, mendMembers } from "./members.ts";

/**
 * Arguments that a model wrote as a string where the tool takes none (a list of tasks as `"[{...}]"`, `"5"`, `"true"`) become what they
 * spell: the client would refuse the call. All else passes as it comes; such a string waits for its end.
 */
export function typeArguments(tools: KnownTools): Stage<ReplyEvent, ReplyEvent> {
  return mendMembers((name) => typesOfMembers(tools.find(name)?.tool.parameters));
}

function typesOfMembers(schema: JsonSchema = {}): MemberChanges | undefined {
  const unlikeStrings = new Map<string, unknown>();
  for (const [name, property] of Object.entries(objectOf(schema.properties))) {
    const anyOf = branchesOf(property, schema);
    if (anyOf.every(takesNoString)) unlikeStrings.set(name, { anyOf });
  }
  if (unlikeStrings.size === 0) return undefined;
  return { reading: (name) => (unlikeStrings.has(name) ? (text) => typedValue(text, unlikeStrings.get(name)) : undefined) };
}

/** What an argument may be, with what stands elsewhere in the tool's schema put in: pydantic refers to each model. */
function branchesOf(property: unknown, root: JsonSchema): readonly unknown[] {
  const referred = (one: unknown) => (isObject(one) && typeof one.$ref === "string" ? pointed(one.$ref, root) : one);
  const found = referred(property);
  const { type, anyOf, oneOf } = isObject(found) ? found : {};
  const branches = type === undefined ? [anyOf, oneOf].filter(Array.isArray).flat() : [];
  return branches.length === 0 ? [found] : branches.map(referred);
}

function takesNoString(schema: unknown): boolean {
  const types = typesOf(schema);
  return types.size > 0 && !types.has("string");
}
