import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import { askedOutput } from "../wire/asked-output.ts";
import { inWords, listOf, objectOf, textOf } from "../wire/json.ts";
import { breaksContentRules } from "../wire/messages/content-rules.ts";
import { carriesPlainTask } from "../wire/responses/agent-message.ts";
import { carriesOwnSummary } from "../wire/responses/strip-seals.ts";
import type { Setting } from "../wire/settings.ts";
import { carries, refusedIn } from "./refused-places.ts";
import { asksForStream } from "./streaming.ts";
import type { Target } from "./target.ts";
import { isUntranslatable } from "./untranslatable.ts";

/** A request, and by what its target is asked. */
interface Asked {
  readonly target: Target;
  readonly quirks: Quirks;
  readonly client: WireName;
  /** The client's parsed body. */
  readonly body: unknown;
}

/**
 * What of a body has to be other than the client wrote it: a setting as the language writes it for the target ("room": an output limit for which
 * the prompt leaves room), what is refused, what means nothing but is refused ("content"); all else may pass. Where it is the conversation or the
 * reply ("conversation"), they go through the language.
 */
export type Edit = Setting | "room" | "refused" | "content" | "conversation";

/** Why a body cannot be sent as it is on the client's own wire, with nothing changed but the model's name. */
export interface Obstacle {
  readonly why: string;
  readonly edits: readonly Edit[];
}

/** Undefined where nothing stands against it. */
export function obstacleTo(asked: Asked): Obstacle | undefined {
  return joined(obstacles.filter(({ stands }) => stands(asked)));
}

/** Several as one: if one of them is the conversation's, the rest is done on the way. */
export function joined(found: readonly Obstacle[]): Obstacle | undefined {
  const chief = found.find(({ edits }) => edits.includes("conversation")) ?? found[0];
  return chief && { why: chief.why, edits: found.flatMap(({ edits }) => edits) };
}

const obstacles: readonly (Obstacle & { readonly stands: (asked: Asked) => boolean })[] = [
  // The Messages API refuses sampling beside thinking.
  {
    why: "the profile sets effort",
    stands: ({ target }) => target.reasoning !== undefined,
    edits: ["thinking", "effort", "sampling"],
  },
  { why: "the profile sets sampling", stands: ({ target }) => target.sampling !== undefined, edits: ["sampling"] },
  {
    why: "the server gets such requests wrong",
    stands: (asked) => (asked.quirks.nativeFaults ?? []).some((fault) => affected[fault](asked)),
    edits: ["conversation"],
  },
  { why: "the server streams always, or never", stands: hasOtherForm, edits: ["stream"] },
  {
    why: "the history has what only its writer reads",
    stands: ({ client, body }) => client === "responses" && (carriesOwnSummary(body) || carriesPlainTask(body)),
    edits: ["conversation"],
  },
  { why: "the server is asked for JSON in words", stands: asksForUnknownForm, edits: ["conversation"] },
  { why: "the model may not think beside tools", stands: mayThinkBesideTools, edits: ["conversation"] },
  { why: "a tool's description is longer than the server takes", stands: hasLongerDescription, edits: ["conversation"] },
  { why: "the output limit is not within the model's", stands: exceedsLimits, edits: ["limit"] },
  { why: "the server has to be told an output limit", stands: namesNoLimit, edits: ["limit"] },
  { why: "the server has another name for the output limit", stands: namesOtherLimit, edits: ["limit"] },
  {
    why: "the server refuses what can be said otherwise",
    stands: ({ quirks, client, body }) => refusedIn(body, quirks, client).some((place) => isSaidOtherwise(place, body)),
    edits: ["conversation"],
  },
  { why: "the server takes thinking in another form", stands: asksForRefusedThinking, edits: ["thinking"] },
  {
    why: "the server refuses a field of the request",
    stands: ({ quirks, client, body }) => refusedIn(body, quirks, client).some((place) => !isSaidOtherwise(place, body)),
    edits: ["refused"],
  },
  {
    why: "the body has what means nothing and is refused",
    stands: ({ quirks, client, body }) =>
      client === "messages" && quirks.nativeFaults?.includes("content-rules") === true && breaksContentRules(body),
    edits: ["content"],
  },
];

type Fault = NonNullable<Quirks["nativeFaults"]>[number];

/** The requests that a fault affects. */
const affected: Readonly<Record<Fault, (asked: Asked) => boolean>> = {
  "system-turns": () => true,
  "silent-truncation": () => true,
  "unknown-fields": () => true,
  conversation: ({ client, body }) => !isUntranslatable(client, body),
  // Refused beside what the conversation is written anew for: a reason of its own only where nothing else was.
  "unknown-parts": ({ client, body }) => !isUntranslatable(client, body),
  "tool-kinds": hasOtherTools,
  "late-system": ({ client, body }) => client === "messages" && listOf(at(body, "messages")).some((turn) => at(turn, "role") === "system"),
  arguments: ({ client }) => client === "messages",
  "stop-sequences": ({ client }) => client === "messages",
  // Single blocks and marks are taken out for it: an obstacle of its own.
  "content-rules": () => false,
};

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

/** Only chat servers refuse that, and a request that says nothing of it lets the model think. */
function mayThinkBesideTools({ quirks: { effortBesideTools }, client, body }: Asked): boolean {
  const thinks = at(body, "reasoning_effort") !== "none";
  return client === "chat" && effortBesideTools === false && thinks && listOf(at(body, "tools")).length > 0;
}

/** Where each wire says which form a reply's text must have. */
const forms = [["response_format"], ["text", "format"], ["output_config", "format"], ["output_format"]];

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

function namesNoLimit({ quirks: { defaultOutput }, client, body }: Asked): boolean {
  return client === "chat" && defaultOutput !== undefined && askedOutput(body) === undefined;
}

/** Only chat has two fields for it. */
function namesOtherLimit({ quirks: { maxTokensField: name }, client, body }: Asked): boolean {
  return client === "chat" && name !== undefined && askedOutput(body) !== undefined && at(body, name) === undefined;
}

/**
 * What is refused, and asked of the model in words, or done to the reply: a call that the client insists on, what ends a reply, and the form that
 * it must have.
 */
function isSaidOtherwise(place: string, body: unknown): boolean {
  if (place === "tool_choice") return at(body, "tool_choice") !== "auto";
  if (place === "stop" || place === "stop_sequences") return true;
  return forms.some((path) => (place === path[0] || place === path.join(".")) && carries(body, path));
}

function asksForRefusedThinking({ quirks, client, body }: Asked): boolean {
  return client === "messages" && quirks.refusedMessagesFields?.includes(thinkingOf(body)) === true;
}

/** How a Messages body asks for thinking, as a quirk names it: "thinking.adaptive", or "thinking.missing". */
const thinkingOf = (body: unknown) => `thinking.${inWords(at(at(body, "thinking"), "type") ?? "missing")}`;

const at = (value: unknown, name: string): unknown => objectOf(value)[name];
