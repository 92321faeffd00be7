import type { ReplyEvent } from "../model/event.ts";
import type { Own, WireName } from "../model/opaque.ts";
import { isObject, type JsonObject, objectOf } from "./json.ts";
import { ownFields, saysNothing } from "./own-fields.ts";

/** What a server says of a whole reply beyond the fields that the language has words for: in which container its code ran, at what price. */
export function ownOfReply(wire: WireName, told: JsonObject, known: ReadonlySet<string>): { own?: Own } {
  const fields = unknownIn(told, known, "");
  return Object.keys(fields).length === 0 ? {} : { own: { wire, fields } };
}

/** `known`: paths; one with a full stop at its end is an object, of which single fields are. */
function unknownIn(told: JsonObject, known: ReadonlySet<string>, within: string): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(told)) {
    const path = within + name;
    if (known.has(path) || saysNothing(value)) continue;
    if (!isObject(value) || !known.has(`${path}.`)) kept[name] = value;
    else {
      const inner = unknownIn(value, known, `${path}.`);
      if (Object.keys(inner).length > 0) kept[name] = inner;
    }
  }
  return kept;
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
