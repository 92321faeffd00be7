import type { Own, WireName } from "../model/opaque.ts";
import type { Request } from "../model/request.ts";
import type { JsonObject } from "./json.ts";

/** A part of a conversation or a reply, or a whole reply, that may have fields which only one wire knows. */
interface Owner {
  readonly own?: Own;
}

/** Whether a conversation or its tools say what goes on beside the language's words on this wire. */
export function carriesOwn({ turns, tools }: Request, wire: WireName): boolean {
  const isOwn = (part: Owner) => part.own?.wire === wire;
  if (tools.some((tool) => tool.type === "function" && isOwn(tool))) return true;
  return turns.some(({ parts }) => parts.some((part) => isOwn(part) || (part.type === "tool-result" && part.parts.some(isOwn))));
}

/** One object for the many parts that have none. */
const none: { own?: Own } = {};
const nothing: JsonObject = {};

/**
 * What is said of a part beyond the fields that the language has words for. Null and an empty list say nothing, and servers refuse null where
 * they do not know the field.
 *
 * @param common the fields that are read, or that mean nothing where the part is written anew
 */
export function ownOf(wire: WireName, value: JsonObject, common: ReadonlySet<string>): { own?: Own } {
  let fields: Record<string, unknown> | undefined;
  for (const name in value) {
    if (common.has(name) || saysNothing(value[name])) continue;
    fields ??= {};
    fields[name] = value[name];
  }
  return fields === undefined ? none : { own: { wire, fields } };
}

export const saysNothing = (value: unknown) => value === null || value === undefined || (Array.isArray(value) && value.length === 0);

/** A part with more of its own. */
export function withOwn<Part extends Owner>(part: Part, wire: WireName, fields: JsonObject): Part {
  return { ...part, own: { wire, fields: { ...ownFields(part, wire), ...fields } } };
}

/** What goes on beside a part on this wire. */
export function ownFields({ own }: Owner, wire: WireName): JsonObject {
  return own?.wire === wire ? own.fields : nothing;
}
