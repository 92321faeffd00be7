import { tokens } from "../../../clients/window.ts";
import { loadedWindow } from "../../../discover/index.ts";
import type { Sink } from "../../../model/fact.ts";
import type { Reach } from "../../../reach/reach.ts";
import { allTargets } from "../../../route/plan.ts";
import { type Profile, type Target, targetName } from "../../../route/target.ts";
import { isOllama, type Windows } from "../windows.ts";

interface Watching {
  readonly windows: Windows;
  readonly needed: number;
  readonly reach: Reach;
  readonly say: (text: string) => void;
}

/**
 * After the first reply of each Ollama model its window is looked at: a server may have loaded it with less than it was asked for, and
 * from then on requests are held to what it really has.
 */
export function watchWindows(profile: Profile, { windows, needed, reach, say }: Watching): Sink {
  const ofOllama = allTargets(profile).filter(isOllama);
  const unchecked = new Map(ofOllama.map((target) => [targetName(target), target]));
  const open = new Map<string, Target>();
  const check = async (target: Target) => {
    const loaded = await loadedWindow(target.provider, target.model, reach);
    const believed = windows.of(target).context;
    if (loaded === undefined || loaded === believed) return;
    windows.learn(target, loaded, "/api/ps");
    if (loaded >= (believed ?? needed)) return;
    const than = believed === undefined ? "which was not known at the start" : `not of ${tokens(believed)}`;
    say(`${targetName(target)} runs with a window of ${tokens(loaded)} tokens, ${than}: its server gives it no more.`);
  };
  return (fact) => {
    if (unchecked.size === 0) return;
    if (fact.type === "attempt") {
      const target = unchecked.get(fact.target);
      if (target === undefined) open.delete(fact.id);
      else open.set(fact.id, target);
      return;
    }
    if (fact.type !== "answered" && fact.type !== "gone") return;
    const target = open.get(fact.id);
    open.delete(fact.id);
    if (target !== undefined && fact.type === "answered" && fact.status < 300 && unchecked.delete(targetName(target))) void check(target);
  };
}
