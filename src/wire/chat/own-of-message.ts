import type { Own } from "../../model/opaque.ts";
import type { AssistantPart, OpaquePart, UserPart } from "../../model/request.ts";
import type { JsonObject } from "../json.ts";
import { ownFields, ownOf } from "../own-fields.ts";

/** The fields of the messages that become parts of the language. */
const reasoning = ["reasoning_content", "reasoning", "reasoning_text", "reasoning_details", "thinking"];
const common = new Set(["role", "content", "refusal", "tool_calls", "function_call", ...reasoning]);
const ofResult = new Set(["role", "content", "tool_call_id"]);
const ofCall = new Set(["id", "type", "index", "function", "custom"]);

/**
 * What is said of a whole message: who speaks (`name`), the reply in sound that it was (`audio`), the pages that it cites. Sound alone is a message
 * (the part's value); servers refuse one of which nothing is said but whose it is.
 */
export function ownOfMessage(message: JsonObject): readonly OpaquePart[] {
  const { own } = ownOf("chat", message, common);
  return own === undefined ? [] : [{ type: "opaque", wire: "chat", value: own.fields.audio ?? null, own }];
}

/** The older form of a result has nothing but its name to be found by, which is its call's. */
export function ownOfResult(message: JsonObject): { own?: Own } {
  return message.role === "tool" ? ownOf("chat", message, ofResult) : {};
}

/** By which fields the client gives its reasoning back: those of its server, where fcc knows of none. */
export function ownOfReasoning(message: JsonObject): { own?: Own } {
  return ownOf("chat", Object.fromEntries(reasoning.map((name) => [name, message[name]])), nothing);
}

const nothing: ReadonlySet<string> = new Set();

export function ownOfCall(call: JsonObject): { own?: Own } {
  return ownOf("chat", call, ofCall);
}

/** What was said of the messages that a turn was. Of several that became one, what they do not say alike is no one's: who spoke, above all. */
export function messageFields(parts: readonly (UserPart | AssistantPart)[]): JsonObject {
  if (!parts.some(saysOfMessage)) return {};
  const [first = {}, ...others] = parts.filter(saysOfMessage).map((part) => ownFields(part, "chat"));
  if (others.length === 0) return first;
  const said = Object.entries(first).filter(([name, value]) => others.every((other) => same(other[name], value)));
  return Object.fromEntries(said);
}

const saysOfMessage = ({ type }: UserPart | AssistantPart): boolean => type === "opaque";

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
