import type { ReplyEvent } from "../model/event.ts";
import type { WireName } from "../model/opaque.ts";
import { pipe } from "../model/pipe.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Request } from "../model/request.ts";
import type { Ids, Stage } from "../model/stage.ts";
import { namedArguments } from "./arguments/named.ts";
import { mendArguments } from "./arguments/one-object.ts";
import { restorePropertyNames } from "./arguments/property-names.ts";
import { typeArguments } from "./arguments/typed.ts";
import { knownTools } from "./known-tools.ts";
import { createLongIds, type LongIds } from "./long-ids.ts";
import { unfenceReply } from "./markup/fenced-reply.ts";
import { harmony } from "./markup/harmony.ts";
import { standsInReading } from "./markup/reading.ts";
import { textTools } from "./markup/text-tools.ts";
import { thinkTags } from "./markup/think-tags.ts";
import { mendPrefill, stripEcho } from "./prefill.ts";
import { lateThinking } from "./replies/late-thinking.ts";
import { noThinking } from "./replies/no-thinking.ts";
import { stopReason } from "./replies/stop-reason.ts";
import { mendUsage } from "./replies/usage.ts";
import { whitespaceText } from "./replies/whitespace-text.ts";
import { wholeCharacters } from "./replies/whole-characters.ts";
import { dropEmptyParts } from "./requests/drop-empty-parts.ts";
import { mendForcedTools } from "./requests/forced-tools.ts";
import { mendHostedTools } from "./requests/hosted-tools.ts";
import { mendMedia } from "./requests/media.ts";
import { mendAlternation, mergeAssistantTurns } from "./requests/merge-turns.ts";
import { pairToolResults } from "./requests/pair-tool-results.ts";
import { placeSummaries } from "./requests/place-summaries.ts";
import { placeSystemTurns } from "./requests/place-system-turns.ts";
import { mendReplySchema } from "./requests/reply-schema.ts";
import { separateCalls } from "./requests/separate-calls.ts";
import { systemAsUser } from "./requests/system-as-user.ts";
import { mendToolDescriptions } from "./requests/tool-descriptions.ts";
import { mendToolSchemas } from "./requests/tool-schema.ts";
import { toolsForHistory } from "./requests/tools-for-history.ts";
import { splitStops, stopSequences } from "./stop-sequences.ts";
import { receiveToolIds, sendToolIds, toolIdsOf } from "./tool-ids.ts";
import { restoreToolNames, shortenToolNames } from "./tool-names.ts";

export interface MendContext {
  readonly quirks: Quirks;
  readonly ids: Ids;
  /** The provider's wire. */
  readonly wire: WireName;
  /** Tokens of the prompt, for usage that the provider does not give; asked when a reply lacks it. */
  readonly inputEstimate: () => number;
  /** The same for the beginning of a reply, where a rough figure will do. */
  readonly startEstimate?: () => number;
  /** This provider's; absent: what is shortened stays so. */
  readonly longIds?: LongIds;
}

export interface Mended {
  readonly request: Request;
  /** The mends of one reply; a fresh stage for each attempt. */
  readonly events: () => Stage<ReplyEvent, ReplyEvent>;
  /** What a person should know once. */
  readonly notices: readonly string[];
}

/**
 * Makes a request fit for one provider, and its reply fit for the client. On a request and a stream that need nothing, every mend is
 * the identity. The order matters: what is left out goes first, so that turns that become neighbours merge; results find their
 * calls before system turns are folded into them; names are settled before sentences name a tool.
 */
export function mend(request: Request, context: MendContext): Mended {
  const { quirks, wire, longIds = createLongIds(0)("") } = context;
  const hosted = mendHostedTools(request, quirks, wire);
  const schema = mendReplySchema(hosted.request, quirks, wire);
  const media = mendMedia(dropEmptyParts(placeSummaries(schema, wire, quirks), wire), quirks, wire);
  const paired = pairToolResults(mergeAssistantTurns(media.request));
  const folded = placeSystemTurns(paired, quirks);
  const placed = quirks.singleCalls ? separateCalls(folded) : folded;
  const named = shortenToolNames(placed, quirks);
  const offered = mendToolSchemas(toolsForHistory(named.request, quirks), quirks);
  const forced = mendForcedTools(mendToolDescriptions(offered, quirks), quirks, wire);
  const prefill = mendPrefill(forced, quirks);
  const alternated = mendAlternation(systemAsUser(prefill.request, quirks), quirks);
  const stops = splitStops(sendToolIds(alternated, quirks, wire, longIds), quirks, wire);
  const tools = knownTools(named.tools);
  const used = toolIdsOf(request);
  const wasRead = (markup: string) => standsInReading(request, markup);

  const events = (): Stage<ReplyEvent, ReplyEvent> => {
    const canCall = tools.size > 0 && request.toolChoice.type !== "none";
    const written = canCall && quirks.textTools !== "off";
    const tags = thinkTagMode(request, quirks);
    // From the provider to the client: markup is found, calls are put right, then what is whole is counted and put in order.
    const stages: (Stage<ReplyEvent, ReplyEvent> | false)[] = [
      wholeCharacters(),
      (tags !== "off" || written) && harmony(canCall ? tools : knownTools(new Map()), context.ids, wasRead),
      tags !== "off" && thinkTags(tags),
      prefill.echo !== "" && stripEcho(prefill.echo),
      request.schema !== undefined && unfenceReply(),
      written && textTools(tools, context.ids, wasRead),
      namedArguments(tools),
      mendArguments(tools),
      quirks.propertyNames === "safe" && restorePropertyNames(tools),
      typeArguments(tools),
      restoreToolNames(tools),
      receiveToolIds(used, context.ids, longIds),
      stops.enforced.length > 0 && stopSequences(stops.enforced),
      mendUsage(context.inputEstimate, context.startEstimate),
      request.reasoning.enabled === false && noThinking(),
      whitespaceText(),
      lateThinking(),
      stopReason(request.stop.length > 0),
    ];
    return stages.filter((stage) => stage !== false).reduce((first, second) => pipe(first, second));
  };
  return { request: stops.request, events, notices: [...hosted.notices, ...media.notices] };
}

/** A template that opens the tag does not do so where thinking is switched off in a way that it knows. */
function thinkTagMode(request: Request, quirks: Quirks): "start" | "preopened" | "off" {
  const mode = quirks.thinkTags ?? "start";
  const switchedOff = request.reasoning.enabled === false && quirks.reasoningRequest !== undefined && quirks.reasoningRequest !== "none";
  return mode === "preopened" && switchedOff ? "start" : mode;
}
