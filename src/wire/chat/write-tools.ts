import type { Quirks } from "../../model/quirks.ts";
import type { FunctionTool, Request } from "../../model/request.ts";
import { isObject, type JsonObject } from "../json.ts";
import { schemaFields } from "../reply-schema.ts";

/** Tools and what is said of their use. Without tools nothing is said: an empty list is refused by vLLM, LiteLLM and others. */
export function toolFields({ tools, toolChoice, parallelTools }: Request): JsonObject {
  const written = tools.flatMap((tool) => (tool.type === "function" ? [writeTool(tool)] : hosted(tool.wire, tool.value)));
  if (written.length === 0) return {};
  const choice = toolChoice.type === "tool" ? { type: "function", function: { name: toolChoice.name } } : toolChoice.type;
  return { tools: written, tool_choice: choice, ...(parallelTools ? {} : { parallel_tool_calls: false }) };
}

function hosted(wire: string, value: unknown): JsonObject[] {
  return wire === "chat" && isObject(value) ? [value] : [];
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
