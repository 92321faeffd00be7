import { mergeQuirks, quirksOf } from "../../../providers/index.ts";
import { modelByPart, namesInShort } from "../../../route/by-part.ts";
import { allTargets } from "../../../route/plan.ts";
import { type Profile, type Target, targetName } from "../../../route/target.ts";
import { type Refusal, refused } from "../../refusal.ts";
import { mapTargets } from "../map-targets.ts";
import type { Windows } from "../windows.ts";

/**
 * `ollama/qwen3` means the one model that has this in its name. Only what no list has is looked for in it, so that a whole name always
 * means itself; where several have it a server whose list is whole would refuse each turn, so that the launch ends here with their names.
 */
export async function wholeNames(profile: Profile, windows: Windows): Promise<{ readonly profile: Profile; readonly refusal?: Refusal }> {
  const meant = new Map<string, string>();
  for (const target of allTargets(profile)) {
    const { discovery, model } = windows.of(target);
    const { row } = target.provider;
    if (discovery === undefined || discovery.failure !== undefined || model !== undefined || target.named !== undefined) continue;
    const ids = discovery.models.map(({ id }) => id);
    const found = modelByPart(target.model, ids);
    if (found === undefined) continue;
    if ("model" in found) meant.set(targetName(target), found.model);
    else if (row.list !== undefined) {
      const lines = [
        `${targetName(target)} could be any of ${found.several.length} models of ${target.provider.id}: ${namesInShort(found.several)}.`,
        `Write the whole name: ${target.provider.id}/${found.several[0]}`,
      ];
      return { profile, ...refused(2, ...lines) };
    }
  }
  if (meant.size === 0) return { profile };
  const named = mapTargets(profile, (target): Target => {
    const model = meant.get(targetName(target));
    return model === undefined ? target : { ...target, model, quirks: mergeQuirks(quirksOf(target.provider.row, model), target.quirks) };
  });
  // What a server says of a model it was not asked about before, since its name was not known.
  await windows.ask(allTargets(named).filter((target) => !allTargets(profile).includes(target)));
  return { profile: named };
}
