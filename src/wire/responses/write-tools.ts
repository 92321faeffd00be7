import type { Quirks } from "../../model/quirks.ts";
import type { FunctionTool, HostedTool, Request } from "../../model/request.ts";
import { isObject, type JsonObject } from "../json.ts";
import { ownFields } from "../own-fields.ts";
import { isStrict } from "../reply-schema.ts";
import { writeDomains } from "../web-search.ts";

/** Tools and what is said of their use. */
export function toolFields(request: Request, quirks: Quirks): JsonObject {
  const written = request.tools.flatMap((tool) => (tool.type === "function" ? [writeTool(tool, quirks)] : writeHosted(tool, quirks)));
  if (written.length === 0) return {};
  return { tools: written, tool_choice: writeChoice(request, quirks), parallel_tool_calls: request.parallelTools };
}

function writeTool(tool: FunctionTool, { refusedFields }: Quirks): JsonObject {
  const { name, description, parameters, strict } = tool;
  const own = ownFields(tool, "responses");
  if (own.type !== undefined) return { ...own, name };
  const told = description === undefined || description === "" ? {} : { description };
  // Without the field OpenAI takes the schema as strict and refuses most.
  const isHeld = strict === true && isStrict(parameters);
  return { type: "function", name, ...told, parameters, ...(refusedFields?.includes("strict") ? {} : { strict: isHeld }) };
}

function writeHosted(tool: HostedTool, { webSearch }: Quirks): JsonObject[] {
  if (tool.wire === "responses") return isObject(tool.value) ? [tool.value] : [];
  if (tool.webSearch === undefined || webSearch?.responses === undefined) return [];
  const filters = writeDomains(tool.webSearch, "blocked_domains");
  const { location } = tool.webSearch;
  return [
    { type: webSearch.responses, ...(Object.keys(filters).length === 0 ? {} : { filters }), ...(location && { user_location: location }) },
  ];
}

function writeChoice({ toolChoice, tools }: Request, quirks: Quirks): unknown {
  if (toolChoice.type !== "tool") return toolChoice.type;
  const { name } = toolChoice;
  const [hosted] = tools.filter((tool) => tool.type === "hosted").filter((tool) => tool.name === name);
  const [written] = hosted === undefined ? [] : writeHosted(hosted, quirks);
  if (written !== undefined) return { type: written.type };
  const named = tools.find((tool) => tool.type === "function" && tool.name === name);
  return { type: (named?.type === "function" && ownFields(named, "responses").type) || "function", name };
}
