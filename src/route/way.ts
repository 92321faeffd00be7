import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { wiresOf } from "../providers/quirks-of.ts";
import { placesOf } from "../wire/messages/cache-marks.ts";
import { carriesPlainTask } from "../wire/responses/agent-message.ts";
import { carriesOwnSummary } from "../wire/responses/strip-seals.ts";
import { asksForStream } from "./streaming.ts";
import type { Target } from "./target.ts";

/** By which wire a target is spoken to. */
export interface Way {
  readonly wire: WireName;
  /** The client's own wire, and nothing in between: bytes pass. */
  readonly native: boolean;
}

/**
 * The wire for a target and a client. The client's own where the provider speaks it, unless the row knows a better one. Bytes pass
 * where nothing has to be changed in the request but the model's name; `body` is the client's parsed body.
 */
export function wayOf(target: Target, quirks: Quirks, client: WireName, body: unknown): Way {
  const { provider } = target;
  const spoken = Object.keys(provider.speaks) as WireName[];
  const served = wiresOf(provider.row, target.model).filter((wire) => spoken.includes(wire));
  const wires = served.length === 0 ? spoken : served;
  const better = provider.row.better?.[client]?.wire;
  const wire = [quirks.wire, better, ...preferences[client]].find((one) => one !== undefined && wires.includes(one)) ?? "chat";
  return { wire, native: wire === client && passes(target, quirks, client, body) };
}

/** Chat is what every server speaks best when it is not the client's own wire. */
const preferences: Readonly<Record<WireName, readonly WireName[]>> = {
  messages: ["messages", "chat", "responses"],
  chat: ["chat", "messages", "responses"],
  responses: ["responses", "chat", "messages"],
};

/** What ends bytes on any wire. Kinds of tools are looked at below; the other faults are of Messages endpoints. */
const onAnyWire = new Set<NonNullable<Quirks["nativeFaults"]>[number]>(["silent-truncation", "conversation", "system-turns"]);

/** Where a Responses body names what the provider has of a conversation. */
const keptElsewhere = ["previous_response_id", "conversation", "prompt"];

function passes(target: Target, quirks: Quirks, client: WireName, body: unknown): boolean {
  const faults = quirks.nativeFaults ?? [];
  // Nothing but its bytes says a conversation whose beginning the provider has.
  const isPart = client === "responses" && keptElsewhere.some((name) => at(body, name));
  const ends = (fault: (typeof faults)[number]) => onAnyWire.has(fault) && !(isPart && fault === "conversation");
  if (client === "messages" ? faults.some((fault) => fault !== "late-system" || hasLateSystem(body)) : faults.some(ends)) return false;
  const streamed = at(body, "stream") === true;
  if (asksForStream(quirks, streamed) !== streamed) return false;
  if (client === "responses" && (carriesOwnSummary(body) || carriesPlainTask(body))) return false;
  if (faults.includes("tool-kinds") && hasOtherTools(body)) return false;
  const takesSchema =
    (quirks.replySchema ?? "json_schema") === "json_schema" && (quirks.schemaBesideTools !== false || at(body, "tools") === undefined);
  if (!takesSchema && formats.some((path) => asksForJson(body, path))) return false;
  if (hasLongerDescription(body, quirks.toolDescriptionLength)) return false;
  if (target.reasoning !== undefined || target.sampling !== undefined) return false;
  const limit = Math.min(target.maxOutput ?? Number.POSITIVE_INFINITY, quirks.maxOutput ?? Number.POSITIVE_INFINITY);
  const asked = limits.map((field) => at(body, field)).find((value) => typeof value === "number");
  const least = client === "responses" ? (quirks.minOutput ?? 0) : 0;
  if (typeof asked === "number" && (asked > limit || asked < least)) return false;
  const refused = client === "messages" ? [quirks.refusedMessagesFields] : [quirks.refusedFields, quirks.refusedWhileThinking];
  const places = client === "messages" ? placesOf : placesInOpenAi;
  const carried = (path: string) => places(path).some((place) => carries(body, place.split("."))) || path === thinkingOf(body);
  if (refused.flatMap((paths) => paths ?? []).some(carried)) return false;
  // The field is one of chat's; the other wires have one name for it.
  return client !== "chat" || quirks.maxTokensField === undefined || at(body, quirks.maxTokensField) !== undefined || asked === undefined;
}

/** What a chat or Responses body has in a message or a tool too; the rest of a conversation is not read for fields that stand beside it. */
const within: Readonly<Record<string, readonly string[]>> = {
  strict: ["tools.function.strict", "tools.strict"],
  reasoning_content: ["messages.reasoning_content"],
  reasoning: ["messages.reasoning"],
  phase: ["input.phase"],
  cache_control: ["messages.cache_control", "messages.content.cache_control", "tools.cache_control", "tools.function.cache_control"],
};
const placesInOpenAi = (path: string): readonly string[] => [path, ...(within[path] ?? [])];

function hasLateSystem(body: unknown): boolean {
  const messages = at(body, "messages");
  return Array.isArray(messages) && messages.some((message) => at(message, "role") === "system");
}

function hasOtherTools(body: unknown): boolean {
  const tools = at(body, "tools");
  return Array.isArray(tools) && tools.some((tool) => at(tool, "type") !== undefined && at(tool, "type") !== "function");
}

/** How a Messages body asks for thinking, as a quirk names it: "thinking.adaptive". */
const thinkingOf = (body: unknown) => `thinking.${String(at(at(body, "thinking"), "type"))}`;

function hasLongerDescription(body: unknown, most = Number.POSITIVE_INFINITY): boolean {
  const tools = most === Number.POSITIVE_INFINITY ? undefined : at(body, "tools");
  const isLong = (tool: unknown): boolean =>
    [tool, at(tool, "function")].some((told) => String(at(told, "description") ?? "").length > most);
  return Array.isArray(tools) && tools.some(isLong);
}

/** Where the wires say what form a reply's text shall have. */
const formats = [["response_format"], ["text", "format"], ["output_config", "format"]];

function asksForJson(body: unknown, path: readonly string[]): boolean {
  const type = at(path.reduce(at, body), "type");
  return type !== undefined && type !== "text";
}

const limits = ["max_tokens", "max_completion_tokens", "max_output_tokens"];

function at(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Whether a value has something at a path; lists are looked through. */
function carries(value: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((item) => carries(item, path));
  const found = at(value, name);
  return found !== undefined && carries(found, rest);
}
