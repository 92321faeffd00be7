import { isCut, type ReplyEvent } from "../../model/event.ts";
import { parseJson } from "../../model/json.ts";
import { createOutbox } from "../../model/outbox.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";
import type { KnownTools } from "../known-tools.ts";
import { repairArguments } from "./repair.ts";
import { type ArgumentScanner, createArgumentScanner } from "./scanner.ts";

/**
 * A call's arguments are one JSON object, whatever the model wrote. Valid text passes as it comes; the rest is repaired when the call
 * ends. What is incomplete is repaired only if the reply goes on or ends of itself: a call cut off by the output limit or by a filter must
 * not become one that can run, and one that had no argument yet, or no object, is left out. `{}` may stand before arguments that never
 * came: it waits for what follows.
 */
export function mendArguments(tools: KnownTools): Stage<ReplyEvent, ReplyEvent> {
  const out = createOutbox<ReplyEvent>();
  let call: Call | undefined;

  const settle = (cut: boolean): void => {
    if (call === undefined) return;
    const { start, scanner, told, ended } = call;
    call = undefined;
    const state = scanner.state();
    const rest = scanner.rest();
    // JSON that is no object would pass for arguments with a client that looks no further.
    if (cut && !told && (state === "empty" || parseJson(rest) !== undefined)) return;
    if (!told) out.put(start);
    const parameters = tools.find(start.name)?.tool.parameters;
    const json = cut || state === "complete" ? rest : state === "empty" ? "{}" : repairArguments(scanner.sent(), rest, parameters);
    if (json !== "") out.put({ type: "tool-delta", json });
    if (ended) out.put({ type: "tool-end" });
  };

  return eventMend((event) => {
    switch (event.type) {
      case "tool-start":
        settle(false);
        call = { start: event, scanner: createArgumentScanner(), told: false, ended: false };
        return;
      case "tool-delta": {
        const json = call?.scanner.push(event.json) ?? "";
        if (call === undefined || json === "") return;
        if (!call.told) out.put(call.start);
        call.told = true;
        out.put(json === event.json ? event : { type: "tool-delta", json });
        return;
      }
      case "tool-end":
        if (call === undefined) return;
        call.ended = true;
        if (call.told && call.scanner.state() === "complete") settle(false);
        return;
      case "failure":
        settle(true);
        break;
      case "reply-end":
        settle(isCut(event.stop.reason));
        break;
      default:
        settle(false);
    }
    out.put(event);
  }, out);
}

interface Call {
  readonly start: Extract<ReplyEvent, { type: "tool-start" }>;
  readonly scanner: ArgumentScanner;
  told: boolean;
  ended: boolean;
}
