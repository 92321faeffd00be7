import type { ReplyEvent, Stop } from "../../model/event.ts";
import type { Stage } from "../../model/stage.ts";
import { eventMend } from "../event-mend.ts";

/**
 * A reply stops for a tool exactly when it has a call: servers say "stop" after a call, and "tool_calls" without one, which Claude Code
 * answers with "could not be parsed". A limit that was reached stays what it is. `stops`: the request had stop strings.
 */
export function stopReason(stops: boolean): Stage<ReplyEvent, ReplyEvent> {
  let calls = false;
  const mended = (stop: Stop): Stop => {
    if (stop.reason === "tool-use") return calls ? stop : { reason: "end" };
    if (stop.reason === "end" || (stop.reason === "stop-sequence" && !stops)) return calls ? { reason: "tool-use" } : { reason: "end" };
    return stop;
  };
  return eventMend((event, out) => {
    if (event.type === "tool-start") calls = true;
    if (event.type !== "reply-end") {
      out.put(event);
      return;
    }
    const stop = mended(event.stop);
    out.put(stop.reason === event.stop.reason ? event : { ...event, stop });
  });
}
