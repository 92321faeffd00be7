import type { Quirks } from "../../model/quirks.ts";
import type { Effort, Reasoning } from "../../model/request.ts";
import type { JsonObject } from "../json.ts";

/**
 * What is asked of the model's reasoning, in the provider's dialect. Where nothing is known of a server nothing is sent: servers refuse
 * these fields, or the model behind them does.
 */
export function reasoningFields(reasoning: Reasoning, quirks: Quirks): JsonObject {
  const dialect = quirks.reasoningRequest ?? (quirks.efforts === undefined ? "none" : "reasoning_effort");
  const off = reasoning.enabled === false;
  const effort = nearestEffort(reasoning, quirks.efforts);
  const said = off || reasoning.enabled === true || reasoning.effort !== undefined || reasoning.budget !== undefined;
  if (!said) return {};
  switch (dialect) {
    case "none":
      return {};
    case "reasoning_effort":
      return effort === undefined ? {} : { reasoning_effort: effort };
    case "thinking": {
      const cannotStop = off && quirks.efforts !== undefined && !quirks.efforts.includes("none");
      const level = quirks.efforts === undefined || effort === undefined || effort === "none" ? {} : { reasoning_effort: effort };
      return off && !cannotStop ? { thinking: { type: "disabled" } } : { thinking: { type: "enabled" }, ...level };
    }
    case "enable_thinking":
      return { enable_thinking: !off };
    case "chat_template_kwargs": {
      const level = quirks.efforts === undefined || effort === undefined || effort === "none" ? {} : { reasoning_effort: effort };
      return { chat_template_kwargs: { enable_thinking: !off, ...level } };
    }
    case "openrouter":
      if (off) return { reasoning: quirks.efforts === undefined || quirks.efforts.includes("none") ? { enabled: false } : { effort } };
      if (reasoning.effort === undefined && reasoning.budget !== undefined) return { reasoning: { max_tokens: reasoning.budget } };
      return { reasoning: effort === undefined ? { enabled: true } : { effort } };
    case "think":
      return { think: off ? false : reasoning.effort === undefined || quirks.efforts === undefined ? true : effort };
  }
}

const ladder = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
const common: readonly (Effort | "none")[] = ["low", "medium", "high"];

/** The effort to ask for: of those that are taken the nearest, upwards where two are as near; switched off is the lowest there is. */
function nearestEffort({ enabled, effort, budget }: Reasoning, taken = common): Effort | "none" | undefined {
  if (enabled === false) return taken[0];
  const wanted = effort ?? (budget === undefined ? undefined : effortOfBudget(budget));
  if (wanted === undefined) return undefined;
  const place = ladder.indexOf(wanted);
  let best: Effort | "none" | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const candidate of taken) {
    // Asked to think, it shall not stop thinking.
    if (candidate === "none") continue;
    const away = Math.abs(ladder.indexOf(candidate) - place);
    if (away <= distance) {
      best = candidate;
      distance = away;
    }
  }
  return best;
}

/** Claude Code asks for 31,999 tokens at its highest, 10,000 in the middle and 4,000 at its lowest. */
function effortOfBudget(budget: number): Effort {
  return budget < 8192 ? "low" : budget < 24_576 ? "medium" : "high";
}
