import { parseExactly } from "../../model/exact-json.ts";
import { cutEvents, isNoEvent } from "../cut-events.ts";
import { type JsonObject, objectOf, stringOf } from "../json.ts";

/** One thing that is mended in the events of a stream whose bytes pass. */
export interface EventMend {
  /** What goes in an event's place: itself, where nothing is wrong with it, or several events, each of which goes on to the next mend. */
  mend(event: Buffer, type: string | undefined): Buffer | readonly Buffer[];
  /** What lacks behind the last event. */
  lacks?(): string;
}

/** Blocks that a mend follows at once. A server that ends none must not fill the memory. */
export const mostOpen = 1000;

/** Changes bytes on their way. */
export interface ByteMend {
  /** What may go on of all that was pushed. */
  push(bytes: Buffer): Buffer;
  /** What is held when the bytes end, or are broken off. */
  end(how?: "broken"): Buffer;
}

/**
 * Hands each event to one mend after the other. An event waits until it is whole: no client does anything with a part of one. A comment is no
 * event, and goes with its line.
 */
export function mendEvents(mends: readonly EventMend[]): ByteMend {
  const events = cutEvents();
  const mended = (event: Buffer, from = 0): Buffer => {
    if (isNoEvent(event)) return event;
    const type = typeOf(event);
    let bytes = event;
    for (const [at, { mend }] of mends.entries()) {
      const out = at < from ? bytes : mend(bytes, type);
      if (!Buffer.isBuffer(out)) return Buffer.concat(out.map((one) => mended(one, at + 1)));
      bytes = out;
    }
    return bytes;
  };
  return {
    push(bytes) {
      const out = events.push(bytes).map((event) => mended(event));
      return out.length === 1 ? (out[0] as Buffer) : Buffer.concat(out);
    },
    end(how) {
      const rest = Buffer.concat(events.rest());
      if (how === "broken") return rest;
      return rest.length > 0 ? mended(rest) : Buffer.from(mends.map(({ lacks }) => lacks?.() ?? "").join(""));
    },
  };
}

/** The bytes within which an event says what it is. */
const untilTold = 256;

/** By its name, or by the first field of its data, as Anthropic's API writes it; by any other only where neither tells. */
function typeOf(event: Buffer): string | undefined {
  const told = /^(?:event: ?(\w+)|data: ?\{\s*"type"\s*:\s*"(\w+)")/m.exec(event.toString("latin1", 0, untilTold));
  return told?.[1] ?? told?.[2] ?? stringOf(readEvent(event)["type"]);
}

/** The depth at which a call's arguments stand in its first event. */
const withinInput = 3;

/** The object that is an event's data; an empty one where that is none. */
export function readEvent(event: Buffer): JsonObject {
  const lines = event.toString("utf8").split(/\r?\n/);
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice("data:".length));
  if (!data.some((line) => line.includes("{"))) return {};
  return objectOf(parseExactly(data.join("\n"), withinInput));
}
