import type { Quirks } from "../../model/quirks.ts";
import type { FunctionTool, HostedTool, Request, ToolChoice } from "../../model/request.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";
import { writeDomains } from "../web-search.ts";
import { marked } from "./write-content.ts";

/** Tools and what is said of their use. */
export function toolFields(
  { tools, toolChoice, parallelTools }: Request,
  quirks: Quirks,
): { readonly tools?: JsonObject[]; readonly tool_choice?: JsonObject } {
  const written = tools.flatMap((tool) => (tool.type === "function" ? [writeTool(tool)] : writeHosted(tool, quirks)));
  if (written.length === 0) return {};
  // What the API does unasked.
  if (toolChoice.type === "auto" && parallelTools) return { tools: written };
  const single = parallelTools || toolChoice.type === "none" ? {} : { disable_parallel_tool_use: true };
  return { tools: written, tool_choice: { ...writeChoice(toolChoice), ...single } };
}

function writeTool({ name, description, parameters, cache }: FunctionTool): JsonObject {
  return { name, ...(description === undefined ? {} : { description }), input_schema: parameters, ...marked(cache) };
}

/** What the server is to run that stands in a list of its own. */
export function hostedFields({ tools }: Request): { readonly mcp_servers?: JsonObject[] } {
  const servers = tools.flatMap((tool) => (tool.type === "hosted" && tool.field === "mcp_servers" ? [objectOf(tool.value)] : []));
  return servers.length === 0 ? {} : { mcp_servers: servers };
}

function writeHosted(tool: HostedTool, { webSearch }: Quirks): JsonObject[] {
  if (tool.wire === "messages") return tool.field === undefined && isObject(tool.value) ? [{ ...tool.value }] : [];
  if (tool.webSearch === undefined || webSearch?.messages === undefined) return [];
  const { location, maxUses } = tool.webSearch;
  const place = { ...(location && { user_location: location }), ...(maxUses === undefined ? {} : { max_uses: maxUses }) };
  return [{ type: webSearch.messages, name: "web_search", ...writeDomains(tool.webSearch, "blocked_domains"), ...place }];
}

function writeChoice(choice: ToolChoice): JsonObject {
  if (choice.type === "tool") return { type: "tool", name: choice.name };
  return { type: choice.type === "required" ? "any" : choice.type };
}
