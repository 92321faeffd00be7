import type { ReplyEvent } from "../model/event.ts";
import type { WireName } from "../model/opaque.ts";
import { pipe } from "../model/pipe.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Request } from "../model/request.ts";
import type { Ids, Stage } from "../model/stage.ts";
import { namedArguments } from "./arguments/named.ts";
import { mendArguments } from "./arguments/one-object.ts";
import { typeArguments } from "./arguments/typed.ts";
import { knownTools } from "./known-tools.ts";
import { createLongIds, type LongIds } from "./long-ids.ts";
import { unfenceReply } from "./markup/fenced-reply.ts";
import { harmony } from "./markup/harmony.ts";
import { standsInReading } from "./markup/reading.ts";
import { textTools } from "./markup/text-tools.ts";
import { thinkTags } from "./markup/think-tags.ts";
import { mendPrefill, stripEcho } from "./prefill.ts";
import { restorePropertyNames } from "./property-names.ts";
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
  /** The prompt's tokens, for a reply without usage; computed when it is needed. */
  readonly inputEstimate: () => number;
  /** The same for the beginning of a reply, where a rough figure is enough. */
  readonly startEstimate?: () => number;
  /** The provider's long ids; if absent, an id that was shortened stays so. */
  readonly longIds?: LongIds;
}

export interface Mended {
  readonly request: Request;
  /** The mends of the reply, as a new stage. */
  readonly events: () => Stage<ReplyEvent, ReplyEvent>;
  /** What a person should know, once. */
  readonly notices: readonly string[];
}

/**
 * Makes a request acceptable to one provider, and its reply acceptable to the client. A mend returns what needs no repair as it is. The order
 * matters: parts are left out before turns that become neighbours are merged; results are paired with their calls before system turns are
 * folded into turns with results; tools are renamed before instructions mention them by name.
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
    // From the provider to the client: find calls and thinking in the text, repair the calls, then count and order what is complete.
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

/** A template that opens the think tag itself does not do so where it is told, in its own way, that thinking is off. */
function thinkTagMode(request: Request, quirks: Quirks): "start" | "preopened" | "off" {
  const mode = quirks.thinkTags ?? "start";
  const switchedOff = request.reasoning.enabled === false && quirks.reasoningRequest !== undefined && quirks.reasoningRequest !== "none";
  return mode === "preopened" && switchedOff ? "start" : mode;
}
