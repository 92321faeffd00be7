import { tiers as everyTier } from "../model/tiers.ts";
import type { ClientModel, Start } from "./client.ts";

/** The models of a launch, each as often as it has a role; the main model comes first. */
export function modelsOf({ main, tiers, subagent }: Start["models"]): readonly ClientModel[] {
  return [main, ...everyTier.map((tier) => tiers[tier]), ...(subagent ? [subagent] : [])];
}

export interface ShownModel extends ClientModel {
  /** Its row in a picker. */
  readonly name: string;
}

/**
 * The rows of a picker: the main model, the small one, and every other target once. A small model on the main target is a row of its own,
 * since its settings and alternatives may differ.
 */
export function shownModels({ main, tiers, subagent }: Start["models"]): readonly ShownModel[] {
  const always = [["main", main], ["haiku", tiers.haiku], ...(subagent ? [["subagent", subagent] as const] : [])] as const;
  const others = (["opus", "sonnet", "fable"] as const).map((tier) => [tier, tiers[tier]] as const);
  const shown: ShownModel[] = [];
  for (const [role, model] of [...always, ...others]) {
    const again = shown.some(({ label }) => label === model.label);
    if (again && others.some(([tier]) => tier === role)) continue;
    shown.push({ ...model, name: again ? `${model.label} (${role})` : model.label });
  }
  return shown;
}
