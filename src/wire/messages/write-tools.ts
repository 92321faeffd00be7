import type { Request, Tool, ToolChoice } from "../../model/request.ts";
import { isObject, type JsonObject } from "../json.ts";
import { marked } from "./write-content.ts";

/** Tools and what is said of their use. */
export function toolFields({ tools, toolChoice, parallelTools }: Request): {
  readonly tools?: JsonObject[];
  readonly tool_choice?: JsonObject;
} {
  const written = tools.flatMap(writeTool);
  if (written.length === 0) return {};
  // What the API does unasked.
  if (toolChoice.type === "auto" && parallelTools) return { tools: written };
  const single = parallelTools || toolChoice.type === "none" ? {} : { disable_parallel_tool_use: true };
  return { tools: written, tool_choice: { ...writeChoice(toolChoice), ...single } };
}

function writeTool(tool: Tool): JsonObject[] {
  if (tool.type === "hosted") return tool.wire === "messages" && isObject(tool.value) ? [{ ...tool.value }] : [];
  const { name, description, parameters, cache } = tool;
  return [{ name, ...(description === undefined ? {} : { description }), input_schema: parameters, ...marked(cache) }];
}

function writeChoice(choice: ToolChoice): JsonObject {
  if (choice.type === "tool") return { type: "tool", name: choice.name };
  return { type: choice.type === "required" ? "any" : choice.type };
}
