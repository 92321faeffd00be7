import { callsIn } from "../model/calls.ts";
import type { ReplyEvent } from "../model/event.ts";
import type { WireName } from "../model/opaque.ts";
import { chain } from "../model/pipe.ts";
import type { Quirks } from "../model/quirks.ts";
import { type FunctionTool, isThinkingOff, type Request } from "../model/request.ts";
import type { Ids, Stage } from "../model/stage.ts";
import { namedArguments } from "./arguments/named.ts";
import { mendArguments } from "./arguments/one-object.ts";
import { typeArguments } from "./arguments/typed.ts";
import { unwrapArguments } from "./arguments/unwrapped.ts";
import { type KnownTools, knownTools } from "./known-tools.ts";
import { createLongIds, type LongIds } from "./long-ids.ts";
import { unfenceReply } from "./markup/fenced-reply.ts";
import { harmony } from "./markup/harmony.ts";
import { standsInReading } from "./markup/reading.ts";
import { textTools } from "./markup/text-tools.ts";
import { thinkTags } from "./markup/think-tags.ts";
import { echoOf, mendPrefill, stripEcho } from "./prefill.ts";
import { lateThinking } from "./replies/late-thinking.ts";
import { noThinking } from "./replies/no-thinking.ts";
import { stopReason } from "./replies/stop-reason.ts";
import { mendUsage } from "./replies/usage.ts";
import { whitespaceText } from "./replies/whitespace-text.ts";
import { wholeCharacters } from "./replies/whole-characters.ts";
import { unwrapCalls } from "./replies/wrapped-calls.ts";
import { callsLast } from "./requests/calls-last.ts";
import { dropEmptyParts } from "./requests/drop-empty-parts.ts";
import { dropOwnFields } from "./requests/drop-own-fields.ts";
import { mendForcedTools } from "./requests/forced-tools.ts";
import { mendHostedTools } from "./requests/hosted-tools.ts";
import { mendMedia } from "./requests/media.ts";
import { mendAlternation, mergeAssistantTurns } from "./requests/merge-turns.ts";
import { mendImageCount } from "./requests/most-images.ts";
import { noThinkingBesideTools } from "./requests/no-thinking-beside-tools.ts";
import { pairToolResults } from "./requests/pair-tool-results.ts";
import { placeSummaries } from "./requests/place-summaries.ts";
import { placeSystemTurns } from "./requests/place-system-turns.ts";
import { mendReplySchema } from "./requests/reply-schema.ts";
import { separateCalls } from "./requests/separate-calls.ts";
import { systemAsUser } from "./requests/system-as-user.ts";
import { mendToolDescriptions } from "./requests/tool-descriptions.ts";
import { mendToolSchemas } from "./requests/tool-schema.ts";
import { toolsForHistory } from "./requests/tools-for-history.ts";
import { mendStops, stopSequences, stopsOf } from "./stop-sequences.ts";
import { receiveToolIds, sendToolIds } from "./tool-ids.ts";
import { restoreToolNames, shortenToolNames } from "./tool-names.ts";

interface MendContext {
  readonly quirks: Quirks;
  readonly ids: Ids;
  /** The provider's wire. */
  readonly wire: WireName;
  /** The prompt's tokens, for a reply without usage; computed when it is needed. */
  readonly inputEstimate: () => number;
  /** The same for the beginning of a reply, where a rough figure is enough. */
  readonly startEstimate?: () => number;
  /** Reads the request again, where what a reply says is looked for in the conversation; if absent, the reply keeps the request in memory. */
  readonly reread?: () => Request;
  /** The provider's long ids; if absent, an id that was shortened stays so. */
  readonly longIds?: LongIds;
}

interface Mended {
  readonly request: Request;
  /** The mends of the reply, as a new stage. */
  readonly events: () => Stage<ReplyEvent, ReplyEvent>;
  /** What a person should know, once. */
  readonly notices: readonly string[];
}

const shortForGood = createLongIds(0)("");

/** A pass over a request, which gives back as it is what needs no repair. `tell`: what a person should know. */
type RequestMend = (request: Request, quirks: Quirks, wire: WireName, tell: (notice: string) => void) => Request;

/**
 * In this order: parts are left out before turns that become neighbours are merged; results are paired with their calls before system turns
 * are folded into turns with results.
 */
const mendsOfTurns: readonly RequestMend[] = [
  dropOwnFields,
  mendStops,
  mendHostedTools,
  mendReplySchema,
  placeSummaries,
  dropEmptyParts,
  mendImageCount,
  mendMedia,
  mergeAssistantTurns,
  pairToolResults,
  placeSystemTurns,
  separateCalls,
  callsLast,
];
/** Once tools have the names by which they are sent: instructions mention them. */
const mendsOfTools: readonly RequestMend[] = [
  toolsForHistory,
  mendToolSchemas,
  mendToolDescriptions,
  mendForcedTools,
  noThinkingBesideTools,
];
/** At the end, since each asks which turns are the first and the last. */
const mendsOfOrder: readonly RequestMend[] = [mendPrefill, systemAsUser, mendAlternation];

/** Makes a request acceptable to one provider, and its reply acceptable to the client. */
export function mend(request: Request, context: MendContext): Mended {
  const { quirks, wire, longIds = shortForGood } = context;
  const notices = new Set<string>();
  const through = (mends: readonly RequestMend[], given: Request): Request =>
    mends.reduce((current, one) => one(current, quirks, wire, (notice) => notices.add(notice)), given);
  const named = shortenToolNames(through(mendsOfTurns, request), quirks);
  const asked = through(mendsOfTools, named.request);
  const sent = sendToolIds(through(mendsOfOrder, asked), quirks, wire, longIds);
  const told = toldBy(request, quirks, named.tools, echoOf(asked, quirks));
  return { request: sent, events: repliesTo(told, context, context.reread ?? keeping(request)), notices: [...notices] };
}

/** What a reply is mended by: not the conversation, which would stay in memory for as long as the reply lasts. */
interface Told {
  readonly tools: KnownTools;
  readonly canCall: boolean;
  readonly callIds: ReadonlySet<string>;
  /** What of the client's own beginning of the answer the reply may repeat. */
  readonly echo: string;
  readonly tags: ReturnType<typeof thinkTagMode>;
  readonly stops: readonly string[];
  readonly asksToStop: boolean;
  readonly asksForSchema: boolean;
  readonly asksNotToThink: boolean;
}

function toldBy(request: Request, quirks: Quirks, named: ReadonlyMap<string, FunctionTool>, echo: string): Told {
  const tools = knownTools(named);
  return {
    tools,
    canCall: tools.size > 0 && request.toolChoice.type !== "none",
    callIds: new Set(callsIn(request).map(({ id }) => id)),
    echo,
    tags: thinkTagMode(request, quirks),
    stops: stopsOf(request),
    asksToStop: request.stop.length > 0,
    asksForSchema: request.schema !== undefined,
    asksNotToThink: request.reasoning.enabled === false,
  };
}

/** Each of these outside `mend`, since a closure there would keep the request. */
const repliesTo =
  (told: Told, context: MendContext, reread: () => Request): Mended["events"] =>
  () =>
    mendsOfReply(told, context, reread);
const keeping = (request: Request) => () => request;

/** From the provider to the client: finds calls and thinking in the text, repairs the calls, then counts and orders what is complete. */
function mendsOfReply(told: Told, context: MendContext, reread: () => Request): Stage<ReplyEvent, ReplyEvent> {
  const { quirks, ids, longIds = shortForGood } = context;
  const { tools, canCall, callIds, echo, tags, stops } = told;
  const callable = canCall ? tools : knownTools(new Map());
  /** Without tools too: the tokens that frame an answer are no part of it. */
  const isWritten = quirks.textTools !== "off";
  const wasRead = (markup: string) => standsInReading(reread(), markup);
  const stages: (Stage<ReplyEvent, ReplyEvent> | false)[] = [
    wholeCharacters(),
    (tags !== "off" || isWritten) && harmony(callable, wasRead),
    tags !== "off" && thinkTags(tags),
    echo !== "" && stripEcho(echo),
    told.asksForSchema && unfenceReply(),
    isWritten && textTools(callable, wasRead),
    namedArguments(tools),
    mendArguments(tools),
    canCall && unwrapCalls(tools),
    unwrapArguments(tools),
    typeArguments(tools, quirks),
    restoreToolNames(tools),
    receiveToolIds(callIds, ids, longIds),
    stops.length > 0 && stopSequences(stops),
    mendUsage(context.inputEstimate, context.startEstimate),
    told.asksNotToThink && noThinking(),
    whitespaceText(),
    lateThinking(),
    stopReason(told.asksToStop),
  ];
  return chain(stages.filter((stage) => stage !== false));
}

/** A template that opens the think tag itself does not do so where it is told, in its own way, that thinking is off. */
function thinkTagMode(request: Request, quirks: Quirks): "start" | "preopened" | "off" {
  const mode = quirks.thinkTags ?? "start";
  const isTold = quirks.reasoningRequest !== undefined && quirks.reasoningRequest !== "none";
  return mode === "preopened" && isTold && isThinkingOff(request.reasoning) ? "start" : mode;
}
