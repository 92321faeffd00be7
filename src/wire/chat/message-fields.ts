import type { AssistantPart, UserPart } from "../../model/request.ts";
import type { JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";

/** What was said of the messages that a turn was. Of several that became one, what they do not say alike is no one's: who spoke, above all. */
export function messageFields(parts: readonly (UserPart | AssistantPart)[]): JsonObject {
  if (!parts.some(saysOfMessage)) return nothing;
  const [first = nothing, ...others] = parts.filter(saysOfMessage).map((part) => ownFields(part, "chat"));
  if (others.length === 0) return first;
  const said = Object.entries(first).filter(([name, value]) => others.every((other) => same(other[name], value)));
  return Object.fromEntries(said);
}

const nothing: JsonObject = {};

const saysOfMessage = ({ type }: UserPart | AssistantPart): boolean => type === "opaque";

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
