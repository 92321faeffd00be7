import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { askedOutput } from "../wire/asked-output.ts";
import { inWords, textOf } from "../wire/json.ts";
import { placesOf } from "../wire/messages/cache-marks.ts";
import { carriesPlainTask } from "../wire/responses/agent-message.ts";
import { carriesOwnSummary } from "../wire/responses/strip-seals.ts";
import { asksForStream } from "./streaming.ts";
import type { Target } from "./target.ts";

/** Whether a body can be sent as it is on the client's own wire, with nothing changed but the model's name. */
export function passes(target: Target, quirks: Quirks, client: WireName, body: unknown): boolean {
  if (target.reasoning !== undefined || target.sampling !== undefined) return false;
  if (meetsFault(quirks, client, body)) return false;
  const streamed = at(body, "stream") === true;
  if (asksForStream(quirks, streamed) !== streamed) return false;
  if (client === "responses" && (carriesOwnSummary(body) || carriesPlainTask(body))) return false;
  if (asksForOtherForm(quirks, body) || hasLongerDescription(body, quirks.toolDescriptionLength)) return false;
  return takesLimit(target, quirks, client, body) && !carriesRefused(quirks, client, body);
}

/** Faults because of which bytes cannot pass on any wire. The others are faults of Messages endpoints only. */
const onAnyWire = new Set<NonNullable<Quirks["nativeFaults"]>[number]>(["silent-truncation", "conversation", "system-turns"]);

/** Faults of a Messages endpoint that affect only some requests. */
const met: Partial<Record<NonNullable<Quirks["nativeFaults"]>[number], (body: unknown) => boolean>> = {
  "late-system": hasLateSystem,
  "tool-kinds": hasOtherTools,
};

/** Fields by which a Responses body refers to a conversation that the provider has. */
const keptElsewhere = ["previous_response_id", "conversation", "prompt"];

function meetsFault({ nativeFaults: faults = [] }: Quirks, client: WireName, body: unknown): boolean {
  if (client === "messages") return faults.some((fault) => met[fault]?.(body) ?? true);
  // A conversation whose beginning the provider has cannot be translated, nor can a request for several replies.
  const only = client === "responses" ? keptElsewhere.some((name) => at(body, name)) : Number(at(body, "n") ?? 1) > 1;
  const ends = (fault: (typeof faults)[number]) => onAnyWire.has(fault) && !(only && fault === "conversation");
  return faults.some(ends) || (faults.includes("tool-kinds") && hasOtherTools(body));
}

/** Whether the reply must be JSON, and the target has to be asked for that in words. */
function asksForOtherForm({ replySchema = "json_schema", schemaBesideTools }: Quirks, body: unknown): boolean {
  const takesSchema = replySchema === "json_schema" && (schemaBesideTools !== false || at(body, "tools") === undefined);
  return !takesSchema && formats.some((path) => asksForJson(body, path));
}

/** Whether the output limit is within the target's bounds, and in the field that the target knows. */
function takesLimit({ maxOutput = Number.POSITIVE_INFINITY }: Target, quirks: Quirks, client: WireName, body: unknown): boolean {
  const asked = askedOutput(body);
  if (asked === undefined) return true;
  if (asked > Math.min(maxOutput, quirks.maxOutput ?? Number.POSITIVE_INFINITY)) return false;
  if (client === "responses" && asked < (quirks.minOutput ?? 0)) return false;
  // Only chat has two fields for it.
  return client !== "chat" || quirks.maxTokensField === undefined || at(body, quirks.maxTokensField) !== undefined;
}

function carriesRefused(quirks: Quirks, client: WireName, body: unknown): boolean {
  const refused = client === "messages" ? [quirks.refusedMessagesFields] : [quirks.refusedFields, quirks.refusedWhileThinking];
  const places = client === "messages" ? placesOf : placesInOpenAi;
  return refused
    .flatMap((paths) => paths ?? [])
    .some((path) => places(path).some((place) => carries(body, place.split("."))) || path === thinkingOf(body));
}

/** Where else a chat or Responses body has these fields: in a message or a tool. The rest of a conversation is not searched. */
export const within: Readonly<Record<string, readonly string[]>> = {
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
  // On the Messages wire the client's own tools have no type.
  return Array.isArray(tools) && tools.some((tool) => at(tool, "type") !== undefined && at(tool, "type") !== "function");
}

/** How a Messages body asks for thinking, as a quirk names it: "thinking.adaptive". */
const thinkingOf = (body: unknown) => `thinking.${inWords(at(at(body, "thinking"), "type"))}`;

function hasLongerDescription(body: unknown, most: number | undefined): boolean {
  const tools = at(body, "tools");
  if (most === undefined || !Array.isArray(tools)) return false;
  const isLong = (told: unknown) => (textOf(at(told, "description")) ?? "").length > most;
  return tools.some((tool) => isLong(tool) || isLong(at(tool, "function")));
}

/** Where each wire says which form a reply's text must have. */
const formats = [["response_format"], ["text", "format"], ["output_config", "format"]];

function asksForJson(body: unknown, path: readonly string[]): boolean {
  const type = at(path.reduce(at, body), "type");
  return type !== undefined && type !== "text";
}

function at(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Whether a value has something at a path; lists are searched. */
function carries(value: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((item) => carries(item, path));
  const found = at(value, name);
  return found !== undefined && carries(found, rest);
}
