import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { askedOutput } from "../wire/asked-output.ts";
import { inWords, listOf, objectOf, textOf } from "../wire/json.ts";
import { placesOf } from "../wire/messages/cache-marks.ts";
import { breaksContentRules } from "../wire/messages/content-rules.ts";
import { carriesPlainTask } from "../wire/responses/agent-message.ts";
import { carriesOwnSummary } from "../wire/responses/strip-seals.ts";
import { asksForStream } from "./streaming.ts";
import type { Target } from "./target.ts";

/** A request, and by what its target is asked. */
export interface Asked {
  readonly target: Target;
  readonly quirks: Quirks;
  readonly client: WireName;
  /** The client's parsed body. */
  readonly body: unknown;
}

/** Why a body cannot be sent as it is on the client's own wire, with nothing changed but the model's name; undefined where it can. */
export function obstacleTo(asked: Asked): string | undefined {
  return Object.keys(obstacles).find((name) => obstacles[name]?.(asked));
}

const obstacles: Readonly<Record<string, (asked: Asked) => boolean>> = {
  "the profile sets effort or sampling": ({ target }) => target.reasoning !== undefined || target.sampling !== undefined,
  "the server gets such requests wrong": (asked) => (asked.quirks.nativeFaults ?? []).some((fault) => affected[fault](asked)),
  "the server streams always, or never": hasOtherForm,
  "the history has what only its writer reads": ({ client, body }) =>
    client === "responses" && (carriesOwnSummary(body) || carriesPlainTask(body)),
  "the server is asked for JSON in words": asksForUnknownForm,
  "a tool's description is longer than the server takes": hasLongerDescription,
  "the output limit is not within the model's": exceedsLimits,
  "the server has another name for the output limit": namesOtherLimit,
  "the server refuses a field of the request": carriesRefused,
};

type Fault = NonNullable<Quirks["nativeFaults"]>[number];

/** The requests that a fault affects. */
const affected: Readonly<Record<Fault, (asked: Asked) => boolean>> = {
  "system-turns": () => true,
  "silent-truncation": () => true,
  conversation: (asked) => !isUntranslatable(asked),
  "tool-kinds": hasOtherTools,
  "late-system": ({ client, body }) => client === "messages" && listOf(at(body, "messages")).some((turn) => at(turn, "role") === "system"),
  arguments: ({ client }) => client === "messages",
  "stop-sequences": ({ client }) => client === "messages",
  "content-rules": ({ client, body }) => client === "messages" && breaksContentRules(body),
};

/** By which a Responses request goes on from what its provider keeps. */
export const conversationFields = ["previous_response_id", "conversation", "prompt"];

/** A conversation whose beginning the provider has, or a request for several replies. */
function isUntranslatable({ client, body }: Asked): boolean {
  if (client === "responses") return conversationFields.some((name) => at(body, name));
  return client === "chat" && Number(at(body, "n") ?? 1) > 1;
}

function hasOtherTools({ body }: Asked): boolean {
  // On the Messages wire the client's own tools have no type.
  return listOf(at(body, "tools"))
    .map((tool) => at(tool, "type"))
    .some((type) => type !== undefined && type !== "function");
}

function hasOtherForm({ quirks, body }: Asked): boolean {
  const streamed = at(body, "stream") === true;
  return asksForStream(quirks, streamed) !== streamed;
}

function asksForUnknownForm({ quirks: { replySchema = "json_schema", schemaBesideTools }, body }: Asked): boolean {
  const takesSchema = replySchema === "json_schema" && (schemaBesideTools !== false || at(body, "tools") === undefined);
  const types = forms.map((path) => at(path.reduce(at, body), "type"));
  return !takesSchema && types.some((type) => type !== undefined && type !== "text");
}

/** Where each wire says which form a reply's text must have. */
const forms = [["response_format"], ["text", "format"], ["output_config", "format"]];

function hasLongerDescription({ quirks: { toolDescriptionLength: most }, body }: Asked): boolean {
  if (most === undefined) return false;
  const isLong = (told: unknown) => (textOf(at(told, "description")) ?? "").length > most;
  return listOf(at(body, "tools")).some((tool) => isLong(tool) || isLong(at(tool, "function")));
}

function exceedsLimits({ target, quirks, client, body }: Asked): boolean {
  const asked = askedOutput(body);
  if (asked === undefined) return false;
  const least = client === "responses" ? (quirks.minOutput ?? 0) : 0;
  return asked < least || [target.maxOutput, quirks.maxOutput].some((most) => most !== undefined && asked > most);
}

/** Only chat has two fields for it. */
function namesOtherLimit({ quirks: { maxTokensField: name }, client, body }: Asked): boolean {
  return client === "chat" && name !== undefined && askedOutput(body) !== undefined && at(body, name) === undefined;
}

function carriesRefused({ quirks, client, body }: Asked): boolean {
  const ofMessages = client === "messages";
  const paths = ofMessages ? quirks.refusedMessagesFields : [...(quirks.refusedFields ?? []), ...(quirks.refusedWhileThinking ?? [])];
  const places = ofMessages ? placesOf : placesInOpenAi;
  return (paths ?? []).some((path) => path === thinkingOf(body) || places(path).some((place) => carries(body, place.split("."))));
}

/** How a Messages body asks for thinking, as a quirk names it: "thinking.adaptive". */
const thinkingOf = (body: unknown) => `thinking.${inWords(at(at(body, "thinking"), "type"))}`;

/** Where else a chat or Responses body has these fields: in a message or a tool. The rest of a conversation is not searched. */
export const within: Readonly<Record<string, readonly string[]>> = {
  strict: ["tools.function.strict", "tools.strict"],
  reasoning_content: ["messages.reasoning_content"],
  reasoning: ["messages.reasoning"],
  phase: ["input.phase"],
  cache_control: ["messages.cache_control", "messages.content.cache_control", "tools.cache_control", "tools.function.cache_control"],
};
const placesInOpenAi = (path: string): readonly string[] => [path, ...(within[path] ?? [])];

const at = (value: unknown, name: string): unknown => objectOf(value)[name];

/** Whether a value has something at a path; lists are searched. */
function carries(value: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((item) => carries(item, path));
  const found = at(value, name);
  return found !== undefined && carries(found, rest);
}
