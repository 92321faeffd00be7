import { defined } from "../../model/defined.ts";
import { flatMap } from "../../model/lists.ts";
import type { Effort, Reasoning, ReplySchema, Request, SystemTurn, ToolChoice, Turn } from "../../model/request.ts";
import type { Audience } from "../../model/wire.ts";
import { isObject, type JsonObject, objectOf, parseJson, stringOf } from "../json.ts";
import { unacceptableAt } from "../refuse.ts";
import { samplingOf } from "../sampling.ts";
import { acceptAssistantContent } from "./accept-assistant.ts";
import { acceptSystem, acceptUserContent } from "./accept-content.ts";
import { acceptServers, acceptToolChoice, acceptTools } from "./accept-tools.ts";
import { asksForSummary, summaryTurn } from "./compaction.ts";
import { number, required, unlike, whole } from "./required.ts";
import { toolsAtEnd } from "./tool-changes.ts";

/** Reads a Messages body as a request. Unknown fields are ignored. Throws Unacceptable, in the words of Anthropic's API. */
export function acceptRequest(body: unknown, audience?: Audience): Request {
  if (!isObject(body)) throw unacceptableAt("body", "Input should be a valid dictionary");
  const model = required(body.model, "model");
  const { turns, effort } = acceptMessages(body.messages);
  const maxOutput = whole(body.max_tokens, "max_tokens");
  const system = withoutBillingLine(acceptSystem(body.system, "system"), body.system);
  const tools = [...acceptTools(toolsAtEnd(body.tools, body.messages)), ...acceptServers(body.mcp_servers)];
  const choice = acceptToolChoice(body.tool_choice);
  const reasoning = acceptReasoning(body, effort, audience);
  const sampling = samplingOf((field) => number(body[field], field));
  const stop = acceptStops(body.stop_sequences);
  if (typeof (body.stream ?? false) !== "boolean") throw unacceptableAt("stream", "Input should be a valid boolean");
  const schema = replySchema(objectOf(objectOf(body.output_config).format ?? body.output_format));
  const user = stringOf(objectOf(body.metadata).user_id);
  if (turns.length === 0) throw unacceptableAt("messages", "at least one message is required");
  // The tools stay, so that the prompt has the same prefix as before, but none may be called.
  const summarizes = asksForSummary(body);
  const toolChoice: ToolChoice = summarizes ? { type: "none" } : choice.toolChoice;
  return defined({
    model,
    turns: [
      ...(system.length === 0 ? [] : [{ role: "system", parts: system } as const]),
      ...turns,
      ...(summarizes ? [summaryTurn(body)] : []),
    ],
    tools,
    toolChoice,
    parallelTools: choice.parallelTools,
    reasoning,
    maxOutput,
    sampling,
    stop,
    schema,
    stream: body.stream === true,
    user,
    cacheKey: sessionOf(user),
  });
}

function acceptMessages(value: unknown): { turns: readonly Turn[]; effort: Effort | undefined } {
  if (!Array.isArray(value)) throw unlike("messages", value, "a valid list");
  let effort: Effort | undefined;
  const lastUser = value.findLastIndex((message) => objectOf(message).role === "user");
  const turns = flatMap(value, (message, index): Turn[] => {
    const path = `messages.${index}`;
    if (!isObject(message)) throw unacceptableAt(path, "Input should be a valid dictionary");
    // Claude Code sets the effort in a message, from which on it holds: the last one counts for this reply.
    effort = effortOf(objectOf(message.output_config).effort) ?? effort;
    // Meant for one user turn only, which is over.
    if (message.role === "system" && message.clear_at === "next_user_message" && index < lastUser) return [];
    return turnOf(message, path);
  });
  return { turns, effort };
}

/** A message without content, as Claude Code's empty system messages, is no turn. */
function turnOf(message: JsonObject, path: string): Turn[] {
  const at = `${path}.content`;
  if (message.role === "user") {
    const parts = acceptUserContent(message.content, at);
    return parts.length === 0 ? [] : [{ role: "user", parts }];
  }
  if (message.role === "assistant") {
    const parts = acceptAssistantContent(message.content, at);
    return parts.length === 0 ? [] : [{ role: "assistant", parts }];
  }
  if (message.role === "system") {
    const parts = withoutBillingLine(acceptSystem(message.content, at, true), message.content);
    return parts.length === 0 ? [] : [{ role: "system", parts }];
  }
  throw unlike(`${path}.role`, message.role, "'user', 'assistant' or 'system'");
}

/**
 * Removes Claude Code's billing line, which differs in each request: at the head of the prompt it would defeat every prefix cache. It is a block
 * of its own, or the first line of the text where a client has joined the blocks.
 */
function withoutBillingLine(parts: SystemTurn["parts"], content: unknown): SystemTurn["parts"] {
  return flatMap(parts, (part) => {
    if (!billingLine.test(part.text)) return [part];
    const text = typeof content === "string" ? part.text.replace(billingLine, "") : "";
    return text.trim() === "" ? [] : [{ ...part, text }];
  });
}

const billingLine = /^\s*x-anthropic-billing-header\b[^\n]*\n*/i;

/** The efforts that this wire has. */
const efforts: readonly Effort[] = ["low", "medium", "high", "xhigh", "max"];

function effortOf(value: unknown): Effort | undefined {
  return efforts.find((effort) => effort === value);
}

function acceptReasoning(body: JsonObject, turnEffort: Effort | undefined, audience: Audience | undefined): Reasoning {
  const thinking = objectOf(body.thinking);
  // Disabled beats any effort. Claude Sonnet 5.5 has the other word for it.
  if (thinking.type === "disabled" || thinking.type === "between_tools") return { enabled: false };
  const effort = turnEffort ?? effortOf(objectOf(body.output_config).effort);
  const budget = typeof thinking.budget_tokens === "number" && thinking.budget_tokens > 0 ? thinking.budget_tokens : undefined;
  const isEnabled = thinking.type === "enabled";
  // Claude Code, whose user switched thinking off (`MAX_THINKING_TOKENS=0`, `alwaysThinkingEnabled: false`), leaves it out and keeps the effort,
  // since Claude thinks only where it is asked to. A program that names an effort alone wants that effort.
  const unasked = audience === "agent" && body.thinking === undefined && effort !== undefined ? (true as const) : undefined;
  return defined({
    enabled: isEnabled || thinking.type === "adaptive" ? true : undefined,
    unasked,
    effort,
    budget: isEnabled ? budget : undefined,
  });
}

function acceptStops(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  // A stop sequence of only white space, which the API itself refuses, would end nearly every reply.
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.filter((item) => item.trim() !== "");
  throw unacceptableAt("stop_sequences", "Input should be a valid list of strings");
}

function replySchema(format: JsonObject): ReplySchema | undefined {
  if (format.type === undefined) return undefined;
  if (format.type !== "json_schema" || !isObject(format.schema))
    throw unacceptableAt("output_config.format", "Input should be a 'json_schema' with a schema");
  const name = stringOf(format.name) ?? stringOf(format.schema.title) ?? "";
  return { name: /^[\w-]{1,64}$/.test(name) ? name : "reply", schema: format.schema };
}

/** The session's id in Claude Code's user id, which is JSON text: requests of one session share their prefix. */
function sessionOf(user: string | undefined): string | undefined {
  return user === undefined ? undefined : stringOf(objectOf(parseJson(user)).session_id);
}
