import type { ReplyEvent } from "../model/event.ts";
import type { Own, WireName } from "../model/opaque.ts";
import type { Request } from "../model/request.ts";
import { isObject, type JsonObject, objectOf } from "./json.ts";

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
 * What is said of a part, or by a server of a whole reply, beyond the fields that the language has words for. Null and an empty list say nothing,
 * and servers refuse null where they do not know the field.
 *
 * @param common the fields that are read, or that mean nothing where it is written anew; one with a full stop at its end is an object, of which
 *   single fields are
 */
export function ownOf(wire: WireName, value: JsonObject, common: ReadonlySet<string>): { own?: Own } {
  const fields = uncommonIn(value, common, "");
  return fields === undefined ? none : { own: { wire, fields } };
}

function uncommonIn(value: JsonObject, common: ReadonlySet<string>, within: string): JsonObject | undefined {
  let fields: Record<string, unknown> | undefined;
  for (const name in value) {
    const path = within + name;
    const said = value[name];
    if (common.has(path) || saysNothing(said)) continue;
    const own = isObject(said) && common.has(`${path}.`) ? uncommonIn(said, common, `${path}.`) : said;
    if (own === undefined) continue;
    fields ??= {};
    fields[name] = own;
  }
  return fields;
}

const saysNothing = (value: unknown) => value === null || value === undefined || (Array.isArray(value) && value.length === 0);

/** A part with more of its own. */
export function withOwn<Part extends Owner>(part: Part, wire: WireName, fields: JsonObject): Part {
  return { ...part, own: { wire, fields: { ...ownFields(part, wire), ...fields } } };
}

/** What goes on beside a part on this wire. */
export function ownFields({ own }: Owner, wire: WireName): JsonObject {
  return own?.wire === wire ? own.fields : nothing;
}

/** What is written of a reply, with what its server says beside it, or said before. */
export function withOwnOfReply(written: JsonObject, own: JsonObject): JsonObject {
  const joined: Record<string, unknown> = { ...written };
  for (const [name, value] of Object.entries(own)) {
    const said = written[name];
    if (said === undefined) joined[name] = value;
    else if (isObject(value) && isObject(said)) joined[name] = withOwnOfReply(said, value);
  }
  return joined;
}

/** The usage of a reply as it is written, with what its server says of that, and what it says beside it. */
export function usageAndOwn(
  event: Extract<ReplyEvent, { readonly type: "reply-start" | "reply-end" }>,
  wire: WireName,
  written: JsonObject,
): readonly [usage: JsonObject, own: JsonObject] {
  const { usage, ...own } = ownFields(event, wire);
  return [withOwnOfReply(written, objectOf(usage)), own];
}
