import { cutEvents } from "../cut-events.ts";
import { type ByteMend, readEvent } from "./mend-calls.ts";

/**
 * Names the events of a stream that has only their data, as companies' gateways write it (earendil-works/pi#1984, #4381). Anthropic's SDKs, and
 * Claude Code with them, go by the name alone and see nothing of the others: the one gives up with "request ended without sending any chunks",
 * the other asks for each turn a second time without stream.
 */
export function nameEvents(): ByteMend {
  const events = cutEvents();
  return {
    push: (bytes) => Buffer.concat(events.push(bytes).map(named)),
    end: () => named(Buffer.concat(events.rest())),
  };
}

/** An event that has a name already keeps it, and what is none stays as it is. */
function named(event: Buffer): Buffer {
  if (/^event:/m.test(event.toString("latin1"))) return event;
  const { type } = readEvent(event);
  return typeof type === "string" && /^\w+$/.test(type) ? Buffer.concat([Buffer.from(`event: ${type}\n`), event]) : event;
}
