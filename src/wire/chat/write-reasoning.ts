import type { Quirks } from "../../model/quirks.ts";
import { type Effort, isThinkingOff, type Reasoning } from "../../model/request.ts";
import { nearestEffort } from "../effort.ts";
import type { JsonObject } from "../json.ts";

/**
 * What is asked of the model's reasoning, in the provider's dialect. Where nothing is known of a server nothing is sent: servers refuse
 * these fields, or the model behind them does.
 */
export function reasoningFields(reasoning: Reasoning, quirks: Quirks): JsonObject {
  const dialect = quirks.reasoningRequest ?? (quirks.efforts === undefined ? "none" : "reasoning_effort");
  const off = isThinkingOff(reasoning);
  const taken = quirks.efforts ?? common;
  // Switched off is the lowest there is.
  const effort = off ? taken[0] : nearestEffort(reasoning, taken);
  const said = off || reasoning.enabled === true || reasoning.effort !== undefined || reasoning.budget !== undefined;
  if (!said) return {};
  const level = quirks.efforts === undefined || effort === undefined || effort === "none" ? {} : { reasoning_effort: effort };
  const cannotStop = off && quirks.efforts !== undefined && !quirks.efforts.includes("none");
  switch (dialect) {
    case "none":
      return {};
    case "reasoning_effort":
      return effort === undefined ? {} : { reasoning_effort: effort };
    case "thinking":
      if (off && !cannotStop) return { thinking: { type: "disabled" } };
      return { thinking: { type: "enabled", ...(quirks.clearsThinking && { clear_thinking: false }) }, ...level };
    case "enable_thinking":
      return off && !cannotStop ? { enable_thinking: false } : { enable_thinking: true, ...level };
    case "chat_template_kwargs":
      return { chat_template_kwargs: { enable_thinking: !off, ...level } };
    case "reasoning_enabled":
      return { reasoning: { enabled: !off }, ...(off ? {} : level) };
    case "openrouter":
      if (off) return { reasoning: quirks.efforts === undefined || quirks.efforts.includes("none") ? { enabled: false } : { effort } };
      if (reasoning.effort === undefined && reasoning.budget !== undefined) return { reasoning: { max_tokens: reasoning.budget } };
      return { reasoning: effort === undefined ? { enabled: true } : { effort } };
    case "think":
      return { think: off ? false : reasoning.effort === undefined || quirks.efforts === undefined ? true : effort };
  }
}

const common: readonly (Effort | "none")[] = ["low", "medium", "high"];
