import { flatMap } from "../../model/lists.ts";
import type { Quirks } from "../../model/quirks.ts";
import type { Effort, Request, Tool } from "../../model/request.ts";
import type { OpenContext } from "../../model/wire.ts";
import { withFields } from "../add-fields.ts";
import { splitInstructions } from "../instructions.ts";
import { isObject, type JsonObject } from "../json.ts";
import { withoutFields } from "../without-fields.ts";
import { placeCacheMarks, placesOf } from "./cache-marks.ts";
import { type Message, marked, writeText, writeTurns } from "./open-turns.ts";

/** The API demands a limit. Most models accept this one; others have theirs in their row, or say so when they refuse it. */
const defaultMaxOutput = 32_000;
/** The lowest thinking budget that the API accepts. */
const leastBudget = 1024;

/** Writes a request as the body of `POST /v1/messages`. */
export function writeRequest(request: Request, context: OpenContext): Record<string, unknown> {
  const { model, quirks } = context;
  const { instructions, rest } = splitInstructions(request.turns);
  const system = flatMap(instructions, writeText);
  const messages = writeTurns(rest, context, request.reasoning.enabled !== false);
  const tools = request.tools.flatMap((tool) => writeTool(tool));
  // A conversation that has begun will be sent again with its next turn, so that caching it pays.
  const goesOn = request.cachesUnasked === true && messages.some(({ role }) => role === "assistant");
  placeCacheMarks({ tools, system, messages }, request.cacheKey !== undefined || goesOn);

  const maxTokens = Math.min(request.maxOutput ?? defaultMaxOutput, quirks.maxOutput ?? Number.POSITIVE_INFINITY);
  const choice = writeToolChoice(request);
  const forced = choice?.type === "any" || choice?.type === "tool";
  // The API refuses a forced call together with reasoning.
  const asked = forced ? undefined : writeThinking(request, maxTokens, quirks);
  const thinking = asked?.type === "enabled" && quirks.thinkingBeforeCalls && callsUnthought(messages) ? undefined : asked;
  const thinks = thinking !== undefined && thinking.type !== "disabled";
  const { temperature, topP, topK } = request.sampling;
  const config = writeOutputConfig(request);

  const body = {
    model,
    max_tokens: maxTokens,
    ...(system.length === 0 ? {} : { system }),
    messages,
    ...(tools.length === 0 ? {} : { tools, ...(choice && { tool_choice: choice }) }),
    ...(thinking && { thinking }),
    ...(config && { output_config: config }),
    // Refused together with reasoning. The highest temperature is 1 here, and 2 on OpenAI's wires.
    ...(thinks || temperature === undefined ? {} : { temperature: Math.min(1, Math.max(0, temperature)) }),
    ...(thinks || topP === undefined ? {} : { top_p: topP }),
    ...(thinks || topK === undefined ? {} : { top_k: topK }),
    ...(request.stop.length === 0 ? {} : { stop_sequences: request.stop }),
    ...(request.user === undefined ? {} : { metadata: { user_id: request.user } }),
    stream: request.stream,
  };
  return withoutFields(withFields(body, quirks.extraBody), quirks.refusedMessagesFields?.flatMap(placesOf));
}

function writeTool(tool: Tool): JsonObject[] {
  if (tool.type === "hosted") return tool.wire === "messages" && isObject(tool.value) ? [{ ...tool.value }] : [];
  const { name, description, parameters, cache } = tool;
  return [{ name, ...(description === undefined ? {} : { description }), input_schema: parameters, ...marked(cache) }];
}

function writeToolChoice({ toolChoice, parallelTools }: Request): { type: string; name?: string } | undefined {
  const single = parallelTools ? {} : { disable_parallel_tool_use: true };
  switch (toolChoice.type) {
    case "auto":
      return parallelTools ? undefined : { type: "auto", ...single };
    case "required":
      return { type: "any", ...single };
    case "tool":
      return { type: "tool", name: toolChoice.name, ...single };
    case "none":
      return { type: "none" };
  }
}

/** Shares of the output limit, for servers that take only a budget. */
const shares: Readonly<Record<Effort, number>> = { minimal: 0.1, low: 0.2, medium: 0.4, high: 0.6, xhigh: 0.8, max: 0.9 };

function writeThinking(
  { reasoning }: Request,
  maxTokens: number,
  { refusedMessagesFields }: Quirks,
): { type: string; budget_tokens?: number } | undefined {
  if (reasoning.enabled === undefined) return undefined;
  if (!reasoning.enabled) return refusedMessagesFields?.includes("thinking.disabled") ? undefined : { type: "disabled" };
  const adaptive = refusedMessagesFields?.includes("thinking.adaptive") !== true;
  const budgets = refusedMessagesFields?.includes("thinking.enabled") !== true;
  if (adaptive && (reasoning.budget === undefined || !budgets)) return { type: "adaptive" };
  if (!budgets) return undefined;
  const wanted = reasoning.budget ?? Math.floor(maxTokens * shares[reasoning.effort ?? "medium"]);
  // The budget is part of the limit and must leave room for an answer.
  const budget = wanted < maxTokens ? wanted : Math.floor(maxTokens * shares.max);
  return budget < leastBudget ? undefined : { type: "enabled", budget_tokens: budget };
}

/**
 * Whether the calls that the conversation ends with have no thinking before them: another model made them, or the client does not send it back.
 * Of several in a row the first has it.
 */
function callsUnthought(messages: readonly Message[]): boolean {
  let first = messages.findLastIndex(({ role }) => role === "assistant");
  if (messages[first]?.content.some(({ type }) => type === "tool_use") !== true) return false;
  while (messages[first - 1]?.content.every(({ type }) => type === "tool_result") && messages[first - 2]?.role === "assistant") first -= 2;
  return !/thinking$/.test(String(messages[first]?.content[0]?.type));
}

function writeOutputConfig({ reasoning, schema }: Request): JsonObject | undefined {
  const effort = reasoning.enabled === false ? undefined : reasoning.effort === "minimal" ? "low" : reasoning.effort;
  if (effort === undefined && schema === undefined) return undefined;
  return { ...(effort && { effort }), ...(schema && { format: { type: "json_schema", schema: schema.schema } }) };
}
