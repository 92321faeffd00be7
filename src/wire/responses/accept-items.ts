import { stringifyExactly } from "../../model/exact-json.ts";
import type { Own } from "../../model/opaque.ts";
import type { AssistantPart, Turn } from "../../model/request.ts";
import { cached, markLast } from "../cache-mark.ts";
import { freeformArguments } from "../freeform-tool.ts";
import { inWords, isObject, type JsonObject, listOf, textOf } from "../json.ts";
import { ownOf, withOwn } from "../own-fields.ts";
import { Unacceptable, unacceptableAt } from "../refuse.ts";
import { acceptContent, acceptToolOutput } from "./accept-content.ts";
import type { AcceptedTools } from "./accept-tools.ts";
import { agentContent } from "./agent-message.ts";
import { gatherTurns, type Turns } from "./gather-turns.ts";
import { partsText, textOfItem } from "./item-text.ts";
import { callId, orderItems, outputId } from "./order-items.ts";
import { readSeal } from "./seal.ts";

/** Items of a provider's own, of which nothing is left to say to a model. */
const dropped = new Set<unknown>([
  // Points at what the provider stored; nothing is stored here.
  "item_reference",
  // Its tools are read before the items are.
  "additional_tools",
  // So is what it asks for.
  "configuration_update",
  // Codex's marks for itself.
  "ghost_snapshot",
  "compaction_trigger",
]);

/** Items of a conversation to turns: what one side says in a row is one turn, but messages stay apart. */
export function acceptItems(items: readonly JsonObject[], tools: AcceptedTools): readonly Turn[] {
  const turns = gatherTurns();
  for (const [index, item] of orderItems(items)) acceptItem(item, `input[${index}]`, tools, turns);
  return turns.all;
}

function acceptItem(item: JsonObject, path: string, tools: AcceptedTools, turns: Turns): void {
  const call = callId(item);
  const output = outputId(item);
  const isSummary = item.type === "compaction" || item.type === "compaction_summary";
  const summary = isSummary ? readSeal(item.encrypted_content).text : undefined;
  if (item.type === undefined || item.type === "message") {
    acceptMessage(item, path, turns);
  } else if (item.type === "agent_message") {
    turns.ask(acceptContent(agentContent(item.content), `${path}.content`));
  } else if (item.type === "reasoning") {
    const part = acceptReasoning(item);
    if (part !== undefined) turns.say(part);
  } else if (call !== undefined) {
    turns.say({ type: "tool-call", id: call, name: callName(item, tools), arguments: callArguments(item), ...ownOfCall(item) });
  } else if (output !== undefined) {
    const parts = acceptToolOutput(item.type === "tool_search_output" ? foundTools(item, tools) : item.output, `${path}.output`);
    // Codex's form of an output with a flag, and that of a patch.
    const failed = (isObject(item.output) && item.output.success === false) || item.status === "failed";
    turns.answer({ type: "tool-result", id: output, parts, error: failed, ...cached(item), ...ownOfCall(item) });
  } else if (summary !== undefined) {
    turns.ask([{ type: "text", text: summary }]);
  } else if (kinds.has(item.type)) {
    // As OpenAI says it. Left out without a word, the model would not know that it made the call, or what came of it.
    throw new Unacceptable(`Missing required parameter: '${path}.call_id'.`, `${path}.call_id`);
  } else if (!dropped.has(item.type)) {
    const text = textOfItem(item);
    const told = text === undefined ? {} : { text, ...(isSummary ? { summary: true } : {}) };
    turns.say({ type: "opaque", wire: "responses", value: item, ...told });
  }
}

function acceptMessage(item: JsonObject, path: string, turns: Turns): void {
  const parts = markLast(acceptContent(item.content, `${path}.content`), item);
  // Images that an assistant made, and those among instructions, have no place in the language.
  const texts = parts.filter((part) => part.type === "text");
  switch (item.role) {
    case "assistant": {
      const phase = textOf(item.phase);
      if (phase !== undefined) turns.say({ type: "opaque", wire: "responses", value: { type: "phase", phase } });
      turns.beginText();
      for (const part of texts) turns.say(part);
      return;
    }
    case "system":
    case "developer":
      if (parts.length > 0) turns.instruct(texts);
      return;
    case "user":
      turns.ask(parts);
      return;
    case undefined:
      throw new Unacceptable(`Missing required parameter: '${path}.role'.`, `${path}.role`);
    default:
      throw unacceptableAt(`${path}.role`, `'${inWords(item.role)}' is not a role of a message.`);
  }
}

function acceptReasoning(item: JsonObject): AssistantPart | undefined {
  const { seal, text: sealed = "" } = readSeal(item.encrypted_content);
  const text = partsText(item.content) || partsText(item.summary) || sealed;
  if (text === "" && seal === undefined) return undefined;
  return { type: "thinking", text, ...(seal === undefined ? {} : { seal }) };
}

/** The fields of a call and of its output. Ids are the store's: without them no item needs another (reasoning) beside it. */
const common = new Set(["type", "id", "status", "call_id", "name", "namespace", "arguments", "output", "cache_control"]);

/** The kinds of the client's own calls go on as functions, but for free text, which the model was trained to write so. */
const kinds = new Set<unknown>(["function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output"]);

function ownOfCall(item: JsonObject): { own?: Own } {
  if (!kinds.has(item.type)) return {};
  const own = ownOf("responses", item, common);
  return item.type === "custom_tool_call" ? withOwn(own, "responses", { type: item.type, input: item.input }) : own;
}

function callName(item: JsonObject, tools: AcceptedTools): string {
  const name = textOf(item.name) ?? String(item.type).slice(0, -"_call".length);
  return tools.nameOf(name, textOf(item.namespace));
}

/** JSON text: what a function was given, the free text of a custom tool, or the action of the client's own kinds of call (a shell, a search, a computer). */
function callArguments(item: JsonObject): string {
  if (typeof item.input === "string" && item.type === "custom_tool_call") return freeformArguments(item.input);
  const given = item.arguments ?? item.action ?? item.operation ?? item.input;
  if (typeof given === "string") return given.trim() === "" ? "{}" : given;
  if (Array.isArray(item.actions)) return stringifyExactly({ actions: item.actions });
  return given === undefined || given === null ? "{}" : stringifyExactly(given);
}

/** What a search of the client found: the tools are offered from now on; the model reads their names. */
function foundTools(item: JsonObject, tools: AcceptedTools): string {
  const names: string[] = [];
  for (const tool of listOf(item.tools).filter(isObject)) {
    const inner = tool.type === "namespace" && Array.isArray(tool.tools) ? tool.tools.filter(isObject) : undefined;
    for (const found of inner ?? [tool]) {
      const name = textOf(found.name);
      if (name !== undefined) names.push(tools.nameOf(name, inner === undefined ? undefined : textOf(tool.name)));
    }
  }
  return names.length === 0 ? "No tools were found." : `These tools can be called now: ${names.join(", ")}`;
}
