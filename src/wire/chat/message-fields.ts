import type { AssistantPart, UserPart } from "../../model/request.ts";
import type { JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";

/** What was said of the messages that a turn was. Of several that became one, what they do not say alike is no one's: who spoke, above all. */
export function messageFields(parts: readonly (UserPart | AssistantPart)[]): JsonObject {
  const all = parts.flatMap((part) => (part.type === "opaque" ? [ownFields(part, "chat")] : []));
  const [first = {}, ...others] = all;
  if (others.length === 0) return first;
  const said = Object.entries(first).filter(([name, value]) => others.every((other) => same(other[name], value)));
  return Object.fromEntries(said);
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
