import type { Reach } from "../../reach/reach.ts";
import { allTargets } from "../../route/plan.ts";
import type { Profile, Target } from "../../route/target.ts";
import { createCopies } from "./ollama/copies.ts";
import { type Fitted, fitWindows } from "./ollama/fit.ts";
import { watchWindows } from "./ollama/watch.ts";
import { isOllama, type Windows } from "./windows.ts";
import { withinTime } from "./within-time.ts";

/** What a client asks first waits for a server that is slow to say what it has. Milliseconds. */
const patience = 5_000;

interface OllamaOptions {
  readonly windows: Windows;
  /** Tokens that a window needs at least; zero where the client starts no session. */
  readonly needed: number;
  readonly reach: Reach;
  /** fcc's cache folder. */
  readonly cache: string;
}

export type OllamaLaunch = ReturnType<typeof ollamaOf>;

/** What fits by now. `late`: the same with the servers that have not answered yet, where there are any. */
export interface FittedSoFar extends Fitted {
  readonly late?: Promise<Fitted>;
}

/** What a launch on Ollama does beside: loaded for such a launch alone. */
export function ollamaOf({ windows, needed, reach, cache }: OllamaOptions) {
  const copies = createCopies(cache, reach);
  const fitOn = (profile: Profile, targets: readonly Target[]) => fitWindows(profile, targets, { windows, needed, reach, copies });
  let over = false;
  let fitting: Promise<Fitted> | undefined;
  return {
    async fit(profile: Profile): Promise<FittedSoFar> {
      if (needed === 0) return { profile, notices: [] };
      const targets = allTargets(profile).filter(isOllama);
      const slow = targets.filter((target) => windows.late(target) !== undefined);
      const answers = withinTime(Promise.all(slow.map(windows.late)), patience);
      // Of all, since one may have answered since it was asked for.
      const inTime = await fitOn(profile, targets);
      if (slow.length === 0) return inTime;
      const late = answers.then(() => {
        if (over) return { profile: inTime.profile, notices: [] };
        fitting = fitOn(inTime.profile, slow);
        return fitting;
      });
      return { ...inTime, late };
    },
    watch: (profile: Profile, say: (text: string) => void) => watchWindows(profile, { windows, needed, reach, say }),
    async close() {
      over = true;
      await fitting;
      await copies.close();
    },
  };
}
