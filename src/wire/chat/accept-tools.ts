import type { ReplySchema, Tool, ToolChoice } from "../../model/request.ts";
import { cached } from "../cache-mark.ts";
import { freeformFunction } from "../freeform-tool.ts";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "../json.ts";
import { unacceptableAt } from "../refuse.ts";
import { schemaNames } from "../reply-schema.ts";
import { acceptSearches } from "./accept-searches.ts";

/** `tools`, and `functions` as they were called before; of them those that the choice allows. Then what is asked for beside them. */
export function acceptTools(body: JsonObject): Tool[] {
  const tools = offeredTools(body);
  const allowed = allowedTools(body.tool_choice)?.names;
  return [...(allowed === undefined ? tools : tools.filter(({ name }) => allowed.has(name))), ...acceptSearches(body)];
}

function offeredTools(body: JsonObject): Tool[] {
  const tools = acceptList(body.tools, "tools").map((tool, at): Tool => {
    const path = `tools[${at}]`;
    if (!isObject(tool)) throw unacceptableAt(path, "must be an object");
    if (tool.type === "function" || (tool.type === undefined && isObject(tool.function)))
      return { ...acceptFunction(tool.function, `${path}.function`), ...cached(tool) };
    const type = textOf(tool.type);
    if (type === undefined) throw unacceptableAt(`${path}.type`, "must be a string");
    if (type === "custom") return acceptCustom(tool.custom, `${path}.custom`);
    // A tool that the provider runs itself.
    return { type: "hosted", name: textOf(tool.name) ?? type, wire: "chat", value: tool };
  });
  return [...tools, ...acceptList(body.functions, "functions").map((value, at) => acceptFunction(value, `functions[${at}]`))];
}

function acceptFunction(value: unknown, path: string): Tool {
  const { name, ...fields } = acceptNamed(value, path);
  const description = textOf(fields.description);
  const parameters = isObject(fields.parameters) ? fields.parameters : { type: "object", properties: {} };
  const told = description === undefined ? {} : { description };
  return { type: "function", name, ...told, parameters, ...(fields.strict === true ? { strict: true } : {}) };
}

function acceptCustom(value: unknown, path: string): Tool {
  const { name, description, format } = acceptNamed(value, path);
  return freeformFunction(name, description, format);
}

/** The names of tools that take free text. */
export function freeformTools(tools: unknown): ReadonlySet<string> {
  const names = listOf(tools).map((tool) => (isObject(tool) && tool.type === "custom" ? textOf(objectOf(tool.custom).name) : undefined));
  return new Set(names.filter((name) => name !== undefined));
}

/** A choice among some of the tools. Servers of other wires, and most of this one, do not know it: they are given no others. */
function allowedTools(choice: unknown): { readonly names: ReadonlySet<string>; readonly required: boolean } | undefined {
  if (!isObject(choice) || choice.type !== "allowed_tools") return undefined;
  const { tools, mode } = isObject(choice.allowed_tools) ? choice.allowed_tools : choice;
  const named = acceptList(tools, "tool_choice.allowed_tools.tools").map((tool) => {
    const described = isObject(tool) ? (tool.function ?? tool.custom ?? tool) : tool;
    return isObject(described) ? (textOf(described.name) ?? textOf(described.type) ?? "") : "";
  });
  return { names: new Set(named), required: mode === "required" };
}

/** Among the tools that `acceptTools` left. */
export function acceptToolChoice(body: JsonObject, tools: readonly Tool[]): ToolChoice {
  const choice = body.tool_choice ?? body.function_call;
  if (choice === undefined || choice === null || choice === "auto") return { type: "auto" };
  if (choice === "none") return { type: "none" };
  if (choice === "required" || choice === "any") return { type: "required" };
  if (isObject(choice)) {
    const name = textOf(objectOf(choice.function ?? choice.custom ?? choice).name);
    if (name !== undefined) return { type: "tool", name };
    const allowed = allowedTools(choice);
    if (allowed !== undefined) return { type: allowed.required && tools.length > 0 ? "required" : "auto" };
  }
  throw unacceptableAt("tool_choice", `unknown value ${JSON.stringify(choice)}`);
}

export function acceptReplySchema(format: unknown): ReplySchema | undefined {
  if (!isObject(format) || format.type === undefined || format.type === "text") return undefined;
  if (format.type === "json_object") {
    // The form of llama.cpp and Together, older than OpenAI's `json_schema`, which LangChain's Together still writes.
    if (isObject(format.schema)) return { name: "reply", schema: format.schema };
    return { name: "reply", schema: { type: "object" }, open: true };
  }
  const described = isObject(format.json_schema) ? format.json_schema : undefined;
  if (format.type !== "json_schema" || described === undefined || !isObject(described.schema)) {
    throw unacceptableAt("response_format", "must be text, json_object, or json_schema with a schema");
  }
  return { ...schemaNames(described), schema: described.schema };
}

/** The items of a list, which may be left out. */
export function acceptList(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unacceptableAt(path, "must be a list");
  return value;
}

/** A function, or a call of one: an object with a name. */
export function acceptNamed(value: unknown, path: string): JsonObject & { readonly name: string } {
  const name = isObject(value) ? textOf(value.name) : undefined;
  if (!isObject(value) || name === undefined) throw unacceptableAt(`${path}.name`, "must be a string");
  return { ...value, name };
}
