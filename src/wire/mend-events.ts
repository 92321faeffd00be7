import { parseExactly } from "../model/exact-json.ts";
import { cutEvents, isNoEvent } from "./cut-events.ts";
import { type JsonObject, objectOf, stringOf } from "./json.ts";

export type ByteMend = ReturnType<typeof mendEvents>;

/**
 * Hands each event to a mend, which gives what goes in its place. An event waits until it is whole: no client does anything with a part of one. A
 * comment is no event, and goes with its line.
 *
 * @param lacks what lacks behind the last event
 */
export function mendEvents(mend: (event: Buffer, type: string | undefined) => Buffer, lacks = () => "") {
  const events = cutEvents();
  const mended = (event: Buffer): Buffer => (isNoEvent(event) ? event : mend(event, typeOf(event)));
  return {
    /** What may go on of all that was pushed. */
    push(bytes: Buffer): Buffer {
      const out = events.push(bytes).map(mended);
      return out.length === 1 ? (out[0] as Buffer) : Buffer.concat(out);
    },
    /** What is held when the bytes end, or are broken off. */
    end(how?: "broken"): Buffer {
      const rest = Buffer.concat(events.rest());
      if (how === "broken") return rest;
      return rest.length > 0 ? mended(rest) : Buffer.from(lacks());
    },
  };
}

/** The bytes within which an event says what it is. */
const untilTold = 256;

/** By its name, or by the first field of its data, as Anthropic and OpenAI write it; by any other only where neither tells. */
function typeOf(event: Buffer): string | undefined {
  const told = /^(?:event: ?([\w.]+)|data: ?\{\s*"type"\s*:\s*"([\w.]+)")/m.exec(event.toString("latin1", 0, untilTold));
  return told?.[1] ?? told?.[2] ?? stringOf(readEvent(event)["type"]);
}

/** The depth at which a call's arguments stand in its first event. */
const withinInput = 3;

/** The object that is an event's data; an empty one where that is none. */
export function readEvent(event: Buffer): JsonObject {
  const data = dataOf(event);
  return data.includes("{") ? objectOf(parseExactly(data, withinInput)) : {};
}

/** An event's data, of several lines one text. */
export function dataOf(event: Buffer): string {
  const lines = event.toString("utf8").split(/\r?\n/);
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice("data:".length));
  return data.join("\n");
}
