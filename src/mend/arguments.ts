import { isCut, type ReplyEvent } from "../model/event.ts";
import { parseJson } from "../model/json.ts";
import type { Stage } from "../model/stage.ts";
import { type ArgumentScanner, createArgumentScanner } from "./argument-scanner.ts";
import { type EventsOut, eventMend } from "./event-mend.ts";
import type { KnownTools } from "./known-tools.ts";
import { repairArguments } from "./repair-arguments.ts";

/**
 * A call's arguments are one JSON object, whatever the model wrote. Valid text passes as it comes; the rest is repaired when the call
 * ends. What is incomplete is repaired only if the reply goes on or ends of itself: a call cut off by the output limit or by a filter must
 * not become one that can run, and one that had no argument yet, or no object, is left out. `{}` may stand before arguments that never
 * came: it waits for what follows.
 */
export function mendArguments(tools: KnownTools): Stage<ReplyEvent, ReplyEvent> {
  let start: Extract<ReplyEvent, { type: "tool-start" }> | undefined;
  let started = false;
  let ended = false;
  let scanner: ArgumentScanner | undefined;

  const begin = (out: EventsOut): void => {
    if (start !== undefined && !started) out.push(start);
    started = true;
  };
  const settle = (cut: boolean, broken: boolean, out: EventsOut): void => {
    if (scanner === undefined || start === undefined) return;
    const state = scanner.state();
    const rest = scanner.rest();
    // JSON that is no object would pass for arguments with a client that looks no further.
    if (started || !cut || (state !== "empty" && parseJson(rest) === undefined)) {
      begin(out);
      let json = rest;
      if (!cut && state === "empty") json = "{}";
      else if (!cut && state !== "complete") json = repairArguments(scanner.sent(), rest, tools.find(start.name)?.tool.parameters);
      if (json !== "") out.push({ type: "tool-delta", json });
    }
    if (started && !broken) out.push({ type: "tool-end" });
    scanner = undefined;
    start = undefined;
    ended = false;
  };

  return eventMend((event, out) => {
    switch (event.type) {
      case "tool-start":
        settle(false, false, out);
        start = event;
        started = false;
        scanner = createArgumentScanner();
        return;
      case "tool-delta": {
        if (scanner === undefined) return;
        const json = scanner.push(event.json);
        if (json === "") return;
        begin(out);
        out.push(json === event.json ? event : { type: "tool-delta", json });
        return;
      }
      case "tool-end":
        if (started && scanner?.state() === "complete") settle(false, false, out);
        else ended = true;
        return;
      case "failure":
        settle(true, !ended, out);
        break;
      case "reply-end":
        settle(isCut(event.stop.reason), false, out);
        break;
      default:
        settle(false, false, out);
    }
    out.push(event);
  });
}
