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
 * The stop strings that end a reply: all of them are enforced here, since servers take only some, ignore them, or leave the string in the
 * text; where a server obeys, there is nothing left to enforce.
 */
export function stopsOf({ stop }: Request): readonly string[] {
  return [...new Set(stop)].filter((text) => text !== "");
}

/** Leaves the stop strings that the server takes. */
export function mendStops(request: Request, quirks: Quirks, wire: WireName): Request {
  const taken = quirks.refusedFields?.includes("stop") ? 0 : (quirks.maxStops ?? mostStops[wire]);
  const { longestStop = Number.POSITIVE_INFINITY } = quirks;
  // The Messages API refuses white space alone.
  const short = stopsOf(request).filter((text) => Buffer.byteLength(text) <= longestStop && (wire !== "messages" || text.trim() !== ""));
  return { ...request, stop: short.slice(0, taken) };
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
      if (event.type !== "text-end") out.put(end(event.type === "reply-end" ? event.usage : {}));
      return;
    }
    if (event.type === "text-delta") {
      const { before, marker, rest } = atStop(held + event.text);
      if (before !== "") out.put({ type: "text-delta", text: before });
      held = marker === undefined ? rest : "";
      if (marker === undefined) return;
      found = marker;
      out.put({ type: "text-end" });
      if (rest !== "") out.put(end({}));
      return;
    }
    if (held !== "") out.put({ type: "text-delta", text: held });
    held = "";
    out.put(event);
  });
  return { ...stage, idle: () => (found === undefined || over ? stage.idle() : [end({})]) };
}
