import type { HostedTool, Tool, ToolChoice } from "../../model/request.ts";
import { cached } from "../cache-mark.ts";
import { isObject, type JsonObject, listOf, objectOf, stringOf } from "../json.ts";
import { unacceptableAt } from "../refuse.ts";
import { readWebSearch } from "../web-search.ts";
import { clientTools } from "./client-tools.ts";
import { required, unlike } from "./required.ts";

/**
 * Tools that the client runs become functions; where the request names only a type, the schema comes from `clientTools`. Those that the provider
 * runs (web search, code execution, tool search, MCP) stay opaque. Deferred tools are all included, since a model that cannot search for tools
 * must see them.
 */
export function acceptTools(value: unknown): Tool[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unacceptableAt("tools", "Input should be a valid list");
  return value.flatMap((tool, index): Tool[] => acceptTool(tool, `tools.${index}`));
}

function acceptTool(tool: unknown, path: string): Tool[] {
  if (!isObject(tool)) throw unacceptableAt(path, "Input should be a valid dictionary");
  // Claude Code's placeholder, which no client runs ("never call this tool"): it only makes the API go on deferring.
  if (tool.defer_loading === true && tool.name === "DeferredToolPlaceholder") return [];
  const type = stringOf(tool.type) ?? "custom";
  if (type === "custom" || isObject(tool.input_schema)) return [functionTool(tool, path)];
  const known = clientTools.find((candidate) => candidate.type.test(type));
  if (known !== undefined) {
    const { parameters } = known;
    const description = [known.description, ...screenOf(tool)].join(" ");
    return [{ type: "function", name: required(tool.name, `${path}.name`), description, parameters, ...cached(tool) }];
  }
  const searches = type.startsWith("web_search_") ? { webSearch: readWebSearch(tool, tool) } : {};
  const name = type === "mcp_toolset" ? nameOfServer(tool.mcp_server_name) : stringOf(tool.name);
  return [{ type: "hosted", wire: "messages", name: name ?? type, value: tool, ...searches }];
}

/** MCP servers that the provider is to connect to. Older clients name them in their field alone, newer ones among the tools too. */
export function acceptServers(value: unknown): HostedTool[] {
  return listOf(value)
    .filter(isObject)
    .map((server) => ({
      type: "hosted",
      wire: "messages",
      name: nameOfServer(server.name) ?? "mcp_servers",
      field: "mcp_servers",
      value: server,
    }));
}

/** What no function is called. */
const nameOfServer = (name: unknown) => (stringOf(name) === undefined ? undefined : `mcp_servers.${name}`);

/** The size of the screen, for the computer tool, whose coordinates are pixels. */
function screenOf({ display_width_px: width, display_height_px: height }: JsonObject): string[] {
  return typeof width === "number" && typeof height === "number" ? [`The screen is ${width} pixels wide and ${height} high.`] : [];
}

function functionTool(tool: JsonObject, path: string): Tool {
  const name = required(tool.name, `${path}.name`);
  const parameters = tool.input_schema;
  if (!isObject(parameters)) throw unlike(`${path}.input_schema`, parameters, "a valid dictionary");
  const description = stringOf(tool.description);
  const strict = tool.strict === true ? { strict: true as const } : {};
  return { type: "function", name, ...(description === undefined ? {} : { description }), parameters, ...strict, ...cached(tool) };
}

export function acceptToolChoice(value: unknown): { toolChoice: ToolChoice; parallelTools: boolean } {
  if (value === undefined || value === null) return { toolChoice: { type: "auto" }, parallelTools: true };
  const fields = objectOf(value);
  const parallelTools = fields.disable_parallel_tool_use !== true;
  switch (fields.type) {
    case "auto":
      return { toolChoice: { type: "auto" }, parallelTools };
    case "any":
      return { toolChoice: { type: "required" }, parallelTools };
    case "none":
      return { toolChoice: { type: "none" }, parallelTools };
    case "tool":
      return { toolChoice: { type: "tool", name: required(fields.name, "tool_choice.name") }, parallelTools };
    default:
      throw unacceptableAt("tool_choice.type", "Input should be 'auto', 'any', 'tool' or 'none'");
  }
}
