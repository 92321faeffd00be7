import type { Quirks } from "../../model/quirks.ts";
import type { FunctionTool, HostedTool, Request } from "../../model/request.ts";
import { isObject, type JsonObject } from "../json.ts";
import { schemaFields } from "../reply-schema.ts";
import { writeDomains } from "../web-search.ts";

/** Tools and what is said of their use. Without tools nothing is said: an empty list is refused by vLLM, LiteLLM and others. */
export function toolFields({ tools, toolChoice, parallelTools }: Request, quirks: Quirks): JsonObject {
  const written = tools.flatMap((tool) => (tool.type === "function" ? [writeTool(tool)] : writeHosted(tool, quirks)));
  if (written.length === 0) return {};
  const choice = toolChoice.type === "tool" ? { type: "function", function: { name: toolChoice.name } } : toolChoice.type;
  // No function has the name of a tool that the server runs.
  const isHosted = toolChoice.type === "tool" && tools.some(({ type, name }) => type === "hosted" && name === toolChoice.name);
  return { tools: written, tool_choice: isHosted ? "auto" : choice, ...(parallelTools ? {} : { parallel_tool_calls: false }) };
}

/** What the server is to run that this wire does not name among the tools. */
export function hostedFields({ tools }: Request): JsonObject {
  return Object.fromEntries(
    tools.flatMap((tool) => (tool.type === "hosted" && tool.wire === "chat" && tool.field !== undefined ? [[tool.field, tool.value]] : [])),
  );
}

function writeHosted(tool: HostedTool, { webSearch }: Quirks): JsonObject[] {
  if (tool.wire === "chat") return tool.field === undefined && isObject(tool.value) ? [tool.value] : [];
  if (tool.webSearch === undefined || webSearch?.chat === undefined) return [];
  const { location } = tool.webSearch;
  const parameters = { ...writeDomains(tool.webSearch, "excluded_domains"), ...(location && { user_location: location }) };
  return [{ type: webSearch.chat, ...(Object.keys(parameters).length === 0 ? {} : { parameters }) }];
}

function writeTool({ name, description, parameters }: FunctionTool): JsonObject {
  const told = description === undefined || description === "" ? {} : { description };
  return { type: "function", function: { name, ...told, parameters } };
}

/** The schema that the reply's text must follow. */
export function replySchemaFields({ schema: reply }: Request, quirks: Quirks): JsonObject {
  if (reply === undefined || quirks.replySchema === "none") return {};
  if (quirks.replySchema === "json_object" || reply.open) return { response_format: { type: "json_object" } };
  return { response_format: { type: "json_schema", json_schema: schemaFields(reply) } };
}
