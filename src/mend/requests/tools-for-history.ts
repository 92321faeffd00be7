import { callsIn } from "../../model/calls.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { FunctionTool, Request } from "../../model/request.ts";

/** Some servers refuse a history with calls unless tools are given: those that were called are, and none may be called now. */
export function toolsForHistory(request: Request, quirks: Quirks): Request {
  if (request.tools.length > 0) return request;
  const names = new Set(quirks.toolsForHistory ? callsIn(request).map(({ name }) => name) : []);
  if (names.size === 0) return request.toolChoice.type === "auto" ? request : { ...request, toolChoice: { type: "auto" } };
  const tools = [...names].map(
    (name): FunctionTool => ({
      type: "function",
      name,
      description: "Not available any more.",
      parameters: { type: "object", properties: {} },
    }),
  );
  return { ...request, tools, toolChoice: { type: "none" } };
}
