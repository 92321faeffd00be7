import type { WireName } from "../model/opaque.ts";
import type { Quirks } from "../model/quirks.ts";
import type { Request } from "../model/request.ts";
import { remindAtEnd } from "./remind.ts";

/** A call that the client insists on, where the server cannot be told to insist: the model is asked for it in words. */
export function mendForcedTools(request: Request, quirks: Quirks, wire: WireName): Request {
  const { toolChoice } = request;
  const untold = quirks.refusedFields?.includes("tool_choice") === true;
  if (toolChoice.type === "none") {
    const only = quirks.forcedTools === "only-auto";
    if (request.tools.length === 0 || !(untold || only || quirks.forcedTools === "auto")) return request;
    const unchosen: Request = only ? { ...request, toolChoice: { type: "auto" } } : request;
    // Servers that want tools beside the calls of the history get them, and the model is told.
    if (only && quirks.toolsForHistory !== true) return { ...unchosen, tools: [] };
    return { ...unchosen, turns: remindAtEnd(request.turns, "Answer with text, not with a call of a tool.") };
  }
  if (toolChoice.type === "auto") return request;
  // The Messages API refuses a forced call together with thinking.
  const level = (wire === "messages" && request.reasoning.enabled === true) || untold ? "auto" : (quirks.forcedTools ?? "enforced");
  if (level === "enforced" || (level === "required" && toolChoice.type === "required")) return request;
  const asked = toolChoice.type === "tool" ? `the tool ${toolChoice.name}` : "one of the tools";
  return {
    ...request,
    toolChoice: { type: level === "required" ? "required" : "auto" },
    turns: remindAtEnd(request.turns, `Answer with a call of ${asked}, not with text.`),
  };
}
