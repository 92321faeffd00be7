import type { Quirks } from "../../model/quirks.ts";
import type { Effort, Reasoning, Request } from "../../model/request.ts";
import type { Message } from "./write-turns.ts";

type Thinking = { readonly type: "adaptive" | "disabled" | "between_tools" } | { readonly type: "enabled"; readonly budget_tokens: number };

/** Whether and how the model thinks, in the form that the server takes. Where nothing is said, the model decides, unless the server takes no silence. */
export function thinkingFields(
  request: Request,
  messages: readonly Message[],
  maxTokens: number,
  quirks: Quirks,
): { readonly thinking?: Thinking } {
  const asked = askedThinking(request, messages, maxTokens, quirks);
  if (asked.thinking !== undefined || quirks.refusedMessagesFields?.includes("thinking.missing") !== true) return asked;
  return { thinking: { type: "enabled", budget_tokens: Math.max(leastBudget, budgetOf(request.reasoning, maxTokens)) } };
}

function askedThinking(
  { reasoning, toolChoice }: Request,
  messages: readonly Message[],
  maxTokens: number,
  { refusedMessagesFields: refused = [], thinkingOff = "disabled", thinkingBeforeCalls = false }: Quirks,
): { readonly thinking?: Thinking } {
  // The API refuses a forced call together with reasoning.
  if (reasoning.enabled === undefined || toolChoice.type === "required" || toolChoice.type === "tool") return {};
  if (!reasoning.enabled) return refused.includes(`thinking.${thinkingOff}`) ? {} : { thinking: { type: thinkingOff } };
  const takesBudget = !refused.includes("thinking.enabled");
  if (!refused.includes("thinking.adaptive") && (reasoning.budget === undefined || !takesBudget)) return { thinking: { type: "adaptive" } };
  if (!takesBudget || (thinkingBeforeCalls && endsWithUnthoughtCalls(messages))) return {};
  const budget = budgetOf(reasoning, maxTokens);
  return budget < leastBudget ? {} : { thinking: { type: "enabled", budget_tokens: budget } };
}

/** The lowest thinking budget that the API accepts. */
const leastBudget = 1024;
/** Shares of the output limit, for servers that take only a budget. */
const shares: Readonly<Record<Effort, number>> = { minimal: 0.1, low: 0.2, medium: 0.4, high: 0.6, xhigh: 0.8, max: 0.9 };

/** The budget is part of the limit and must leave room for an answer. */
function budgetOf({ budget, effort = "medium" }: Reasoning, maxTokens: number): number {
  const wanted = budget ?? Math.floor(maxTokens * shares[effort]);
  return wanted < maxTokens ? wanted : Math.floor(maxTokens * shares.max);
}

/**
 * Whether the calls that the conversation ends with have no thinking before them: another model made them, or the client does not send it back.
 * Of several in a row the first has it.
 */
function endsWithUnthoughtCalls(messages: readonly Message[]): boolean {
  let first = messages.findLastIndex(({ role }) => role === "assistant");
  if (messages[first]?.content.some(({ type }) => type === "tool_use") !== true) return false;
  while (messages[first - 1]?.content.every(({ type }) => type === "tool_result") && messages[first - 2]?.role === "assistant") first -= 2;
  return !/thinking$/.test(String(messages[first]?.content[0]?.type));
}

/** How hard it thinks; `output_config` has it. */
export function effortFields(reasoning: Reasoning, quirks: Quirks): { readonly effort?: Effort } {
  const { enabled, effort } = reasoning;
  if (thinksAllTheSame(reasoning, quirks)) return { effort: "low" };
  if (enabled === false || effort === undefined) return {};
  return { effort: effort === "minimal" ? "low" : effort };
}

/** Where thinking should be off, and the model takes no word for that: Anthropic's advice for Claude Opus 5.5 is the lowest effort. */
function thinksAllTheSame({ enabled }: Reasoning, { refusedMessagesFields: refused = [], thinkingOff = "disabled" }: Quirks): boolean {
  return enabled === false && refused.includes(`thinking.${thinkingOff}`) && !refused.includes("thinking.adaptive");
}
