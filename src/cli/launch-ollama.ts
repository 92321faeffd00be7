import { fittedName, loadOllama } from "../discover/index.ts";
import type { Reach } from "../reach/reach.ts";
import { known } from "../route/plan.ts";
import { type Profile, type Target, targetName } from "../route/target.ts";
import { mapTargets } from "./launch-demo.ts";
import type { Windows } from "./launch-windows.ts";

/** What Ollama itself advises for coding agents, in tokens. */
const wanted = 65_536;
/** Making the model takes well under a second; loading it goes on while the client starts. */
const patience = 2_000;

/**
 * Ollama gives a model a small window unless it is told, and `/v1` requests cannot tell it: what does not fit is cut off silently. Where
 * its window is too small, or not known because the model is not loaded, the launch runs on the same model with a window that holds an
 * agent. A window in the target is the user's word, and is made true the same way.
 */
export async function fitOllama(
  profile: Profile,
  windows: Windows,
  needed: number,
  reach: Reach,
): Promise<{ profile: Profile; notices: readonly string[] }> {
  const notices: string[] = [];
  const fitted = new Map<Target, Target>();
  await Promise.all(
    known(profile)
      .filter(({ provider }) => provider.row.discover === "ollama" && provider.row.kind === "local")
      .map(async (target) => {
        const { context, certain, model, discovery } = windows.of(target);
        if (discovery?.failure !== undefined || model === undefined) return;
        if (target.context === undefined && certain && context !== undefined && context >= needed) return;
        const size = target.context ?? Math.min(wanted, model.trainedContext ?? wanted);
        if (model.context !== undefined && model.context >= size) return;
        const made = await withinTime(loadOllama(target.provider, target.model, size, reach), patience);
        if (made?.failure !== undefined) notices.push(`${targetName(target)} keeps its window: ${made.failure.message}`);
        else fitted.set(target, { ...target, model: made?.model ?? fittedName(target.model, size), context: size });
      }),
  );
  if (fitted.size === 0) return { profile, notices };
  const byName = new Map([...fitted].map(([target, better]) => [targetName(target), better]));
  return { profile: mapTargets(profile, (target) => byName.get(targetName(target)) ?? target), notices };
}

async function withinTime<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  const first = await Promise.race([work, late]);
  clearTimeout(timer);
  return first;
}
