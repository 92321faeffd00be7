import { stringifyExactly } from "../model/exact-json.ts";
import type { WireName } from "../model/opaque.ts";
import { outputLimits } from "./asked-output.ts";
import { isObject, type JsonObject, listOf, objectOf } from "./json.ts";
import { includedLogprobs } from "./logprobs.ts";
import { chatReasoning } from "./settings.ts";

/**
 * The fields of each wire that the language has a word for, or that a request which it writes cannot have. Of some objects only the fields
 * that are named are: beside them stands what only the server knows.
 */
const common: Readonly<Record<WireName, readonly string[]>> = {
  messages: [
    ...["model", "max_tokens", "system", "messages", "tools", "tool_choice", "temperature", "top_p", "top_k", "stop_sequences", "stream"],
    ...["output_config.effort", "output_config.format", "output_format", "metadata.user_id", "compaction", "thread", "safeguards"],
    ...["thinking.type", "thinking.budget_tokens", "mcp_servers"],
  ],
  chat: [
    ...["model", "messages", "tools", "functions", "tool_choice", "function_call", "parallel_tool_calls", ...outputLimits, "n"],
    ...["temperature", "top_p", "top_k", "stop", "response_format", "stream", "stream_options", "logprobs", "top_logprobs"],
    ...[...chatReasoning, "web_search_options", "search_parameters"],
  ],
  responses: [
    ...["model", "instructions", "input", "tools", "tool_choice", "parallel_tool_calls", "max_output_tokens", "temperature", "top_p"],
    ...["top_k", "reasoning.effort", "text.format", "top_logprobs", "include", "store", "stream", "stream_options", "prompt_cache_key"],
    ...["previous_response_id", "conversation", "prompt", "background"],
  ],
};

/** Whether the language has a word for what a path names. */
export function isCommon(wire: WireName, path: string): boolean {
  return common[wire].some((known) => known === path || known.startsWith(`${path}.`) || path.startsWith(`${known}.`));
}

/**
 * A body that was written for a request, with what the client's own says beside it: where both are of one wire, its server may know what the
 * language has no word for.
 */
export function withUncommon(wire: WireName, written: JsonObject, own: JsonObject): JsonObject {
  const kept = Object.entries(own).map(([name, value]) => [name, join(written[name], uncommonIn(wire, name, value, written))] as const);
  const tools = Array.isArray(written.tools) && { tools: withUncommonOfTools(written.tools, listOf(own.tools)) };
  return { ...written, ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)), ...tools };
}

function uncommonIn(wire: WireName, name: string, value: unknown, written: JsonObject): unknown {
  if (!isCommon(wire, name)) return value;
  if (wire === "responses" && name === "include") return listOf(value).filter((item) => item !== includedLogprobs);
  // How thinking is shown: where there is none, nothing may be said of it.
  if (name === "thinking" && !thinks(written)) return undefined;
  // Ollama reads the effort from this object alone where there is one.
  if (name === "reasoning" && written[name] === undefined && written["reasoning_effort"] !== undefined) return undefined;
  const rest = Object.entries(objectOf(value)).filter(([inner]) => !isCommon(wire, `${name}.${inner}`));
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

/** What is written counts, and of lists of words what is kept too. */
function join(written: unknown, kept: unknown): unknown {
  if (Array.isArray(written) && Array.isArray(kept)) {
    return [...written, ...kept.filter((item) => typeof item === "string" && !written.includes(item))];
  }
  if (written === undefined || kept === undefined) return written ?? kept;
  return isObject(written) && isObject(kept) ? { ...kept, ...written } : written;
}

/** Whether a Messages body asks for thinking. */
export const thinks = (body: JsonObject) => /^(?:enabled|adaptive)$/.test(String(objectOf(body["thinking"])["type"]));

/**
 * What the language has a word for in a tool, and what would not hold for one that it has written: all tools are offered from the beginning, and
 * what the server's own code calls goes on in a container that only its reply names.
 */
const ofTool = new Set([
  ...["type", "function", "name", "description", "input_schema", "parameters", "cache_control", "defer_loading", "allowed_callers"],
]);
/** What is said of a schema, and holds for that one alone. */
const ofSchema = new Set(["strict", "input_examples"]);

/** Tools that were written for a request, each with what else the client says of it in its own. */
function withUncommonOfTools(written: readonly unknown[], own: readonly unknown[]): readonly unknown[] {
  const byName = new Map(own.map((tool) => [told(tool).name, objectOf(tool)]));
  return written.map((tool) => {
    const mine = byName.get(told(tool).name);
    return isObject(tool) && mine !== undefined ? joined(tool, mine) : tool;
  });
}

function joined(tool: JsonObject, own: JsonObject): JsonObject {
  const [schema, before] = [schemaOf(tool), schemaOf(own)];
  if (schema === undefined || before === undefined) return tool;
  const isSame = () => stringifyExactly(schema) === stringifyExactly(before);
  const holds = (name: string) => !ofTool.has(name) && (!ofSchema.has(name) || isSame());
  const kept = (fields: JsonObject) => Object.fromEntries(Object.entries(fields).filter(([name]) => holds(name)));
  const inner = isObject(tool.function) && isObject(own.function) ? { function: { ...kept(own.function), ...tool.function } } : {};
  return { ...kept(own), ...tool, ...inner };
}

/** Where a tool has its name: chat's are nested. */
const told = (tool: unknown): JsonObject => (isObject(objectOf(tool).function) ? objectOf(objectOf(tool).function) : objectOf(tool));
const schemaOf = (tool: JsonObject) => told(tool).input_schema ?? told(tool).parameters;
