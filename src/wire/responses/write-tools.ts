import type { Request, Tool } from "../../model/request.ts";
import { isObject, type JsonObject } from "../json.ts";
import { isStrict } from "../reply-schema.ts";

/** Tools and what is said of their use. */
export function toolFields({ tools, toolChoice, parallelTools }: Request): JsonObject {
  const written = tools.flatMap(writeTool);
  if (written.length === 0) return {};
  const choice = toolChoice.type === "tool" ? { type: "function", name: toolChoice.name } : toolChoice.type;
  return { tools: written, tool_choice: choice, parallel_tool_calls: parallelTools };
}

function writeTool(tool: Tool): JsonObject[] {
  if (tool.type === "hosted") return tool.wire === "responses" && isObject(tool.value) ? [tool.value] : [];
  const { name, description, parameters, strict } = tool;
  // Without the field OpenAI takes the schema as strict and refuses most.
  const isHeld = strict === true && isStrict(parameters);
  return [{ type: "function", name, ...(description === undefined ? {} : { description }), parameters, strict: isHeld }];
}
