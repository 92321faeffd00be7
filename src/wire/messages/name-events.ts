import type { EventMend } from "./mend-events.ts";

/**
 * Names the events of a stream that has only their data, as companies' gateways write it (earendil-works/pi#1984, #4381). Anthropic's SDKs, and
 * Claude Code with them, go by the name alone and see nothing of the others: the one gives up with "request ended without sending any chunks",
 * the other asks for each turn a second time without stream. An event that has a name already keeps it, and what is none stays as it is.
 */
export const nameEvents: EventMend = {
  mend: (event, type = "") =>
    /^\w+$/.test(type) && !/^event:/m.test(event.toString("latin1")) ? Buffer.concat([Buffer.from(`event: ${type}\n`), event]) : event,
};
