import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Request } from "../../model/request.ts";
import { remindAtEnd } from "./remind.ts";

/** A call that the client insists on, or forbids, where the server cannot be told so: the model is asked for it in words. */
export function mendForcedTools(request: Request, quirks: Quirks, wire: WireName): Request {
  const { toolChoice } = request;
  if (toolChoice.type === "auto") return request;
  const untold = quirks.refusedFields?.includes("tool_choice") === true;
  if (toolChoice.type === "none") return mendForbiddenTools(request, quirks, untold);
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

function mendForbiddenTools(request: Request, quirks: Quirks, untold: boolean): Request {
  const onlyAuto = quirks.forcedTools === "only-auto";
  if (request.tools.length === 0 || !(untold || onlyAuto || quirks.forcedTools === "auto")) return request;
  const toolChoice = onlyAuto ? ({ type: "auto" } as const) : request.toolChoice;
  // Servers that want tools beside the calls of the history get them, and the model is told.
  if (onlyAuto && quirks.toolsForHistory !== true) return { ...request, toolChoice, tools: [] };
  return { ...request, toolChoice, turns: remindAtEnd(request.turns, "Answer with text, not with a call of a tool.") };
}
