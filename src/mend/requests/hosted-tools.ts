import type { WireName } from "../../model/opaque.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { HostedTool, Request } from "../../model/request.ts";
import { addToSystem } from "./remind.ts";

/**
 * Tools that a provider runs itself are understood only by servers of the wire they come from, but for a web search, which some are asked
 * for in their own words. Elsewhere they are left out, and where nothing else was offered the model is told, so that it says it cannot
 * search instead of inventing results. A function of the same name goes either way: what the client asked for by that name is the hosted
 * one, and the model is not to have another at some servers.
 */
export function mendHostedTools(request: Request, quirks: Quirks, wire: WireName, tell: (notice: string) => void): Request {
  const searches = (tool: HostedTool): boolean => tool.webSearch !== undefined && quirks.webSearch?.[wire] !== undefined;
  const refused = (wire === "messages" ? quirks.refusedMessagesFields : quirks.refusedFields) ?? [];
  const isOwn = ({ wire: own, field }: HostedTool): boolean => own === wire && (field === undefined || !refused.includes(field));
  const runs = (tool: HostedTool): boolean => quirks.hostedTools !== false && (isOwn(tool) || searches(tool));
  const hosted = request.tools.filter((tool) => tool.type === "hosted");
  if (hosted.length === 0) return request;
  const names = new Set(hosted.map((tool) => tool.name));
  const dropped = [...new Set(hosted.filter((tool) => !runs(tool)).map((tool) => tool.name))];
  const tools = request.tools.filter((tool) => (tool.type === "hosted" ? runs(tool) : !names.has(tool.name)));
  if (dropped.length === 0) return { ...request, tools };
  const left = dropped.join(", ");
  tell(`The tool ${left} was left out: no one at this provider runs it.`);
  const { toolChoice } = request;
  const gone = tools.length === 0 || (toolChoice.type === "tool" && !tools.some((tool) => tool.name === toolChoice.name));
  const turns =
    tools.length > 0
      ? request.turns
      : addToSystem(
          request.turns,
          `The tool ${left} is not available here. Say plainly that you cannot use it; do not make up its results.`,
        );
  return { ...request, tools, turns, toolChoice: gone ? { type: "auto" } : toolChoice };
}
