import type { ReplyEvent, Usage } from "../model/event.ts";
import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Request } from "../model/request.ts";
import type { Stage } from "../model/stage.ts";
import { eventMend } from "./event-mend.ts";
import { splitAt } from "./markup/split-at.ts";

/** OpenAI and compatible servers take four; the Messages API any number; the Responses API has no field for them. */
const mostStops: Readonly<Record<WireName, number>> = { chat: 4, messages: Number.POSITIVE_INFINITY, responses: 0 };

/**
 * Splits the stop strings into those that the server is sent and those that are enforced here. The latter are all of them, since servers take
 * only some, ignore them, or leave the string in the text; where a server obeys, there is nothing left to enforce.
 */
export function splitStops(request: Request, quirks: Quirks, wire: WireName): { request: Request; enforced: readonly string[] } {
  const stop = [...new Set(request.stop)].filter((text) => text !== "");
  const taken = quirks.refusedFields?.includes("stop") ? 0 : (quirks.maxStops ?? mostStops[wire]);
  const { longestStop = Number.POSITIVE_INFINITY } = quirks;
  // The Messages API refuses white space alone.
  const short = stop.filter((text) => Buffer.byteLength(text) <= longestStop && (wire !== "messages" || text.trim() !== ""));
  return { request: { ...request, stop: short.slice(0, taken) }, enforced: stop };
}

/**
 * Ends the reply where its text has one of these strings. If the server stopped there too, its reply ends next, and its usage is taken. If it
 * goes on writing, the reply ends without waiting for that, and whoever reads the stream may disconnect.
 */
export function stopSequences(stops: readonly string[]): Stage<ReplyEvent, ReplyEvent> {
  const atStop = splitAt(stops);
  let held = "";
  let over = false;
  let found: string | undefined;
  const end = (usage: Usage): ReplyEvent => {
    over = true;
    return { type: "reply-end", stop: { reason: "stop-sequence", ...(found === undefined ? {} : { sequence: found }) }, usage };
  };
  const stage = eventMend((event, out) => {
    if (over) return;
    if (found !== undefined) {
      if (event.type !== "text-end") out.push(end(event.type === "reply-end" ? event.usage : {}));
      return;
    }
    if (event.type === "text-delta") {
      const { before, marker, rest } = atStop(held + event.text);
      if (before !== "") out.push({ type: "text-delta", text: before });
      held = marker === undefined ? rest : "";
      if (marker === undefined) return;
      found = marker;
      out.push({ type: "text-end" });
      if (rest !== "") out.push(end({}));
      return;
    }
    if (held !== "") out.push({ type: "text-delta", text: held });
    held = "";
    out.push(event);
  });
  return { ...stage, idle: () => (found === undefined || over ? stage.idle() : [end({})]) };
}
