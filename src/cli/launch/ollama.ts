import { tokens } from "../../clients/tokens.ts";
import { copyName, loadedWindow, loadOllama, makeOllamaCopy } from "../../discover/index.ts";
import type { Fact } from "../../model/fact.ts";
import type { Reach } from "../../reach/reach.ts";
import { allTargets } from "../../route/plan.ts";
import { type Profile, type Target, targetName } from "../../route/target.ts";
import { mapTargets } from "./map-targets.ts";
import { type Copies, createCopies } from "./ollama-copies.ts";
import { isOllama, type Windows } from "./windows.ts";
import { withinTime } from "./within-time.ts";

/** What Ollama itself advises for coding agents, in tokens. */
const wanted = 65_536;
/** Making a copy takes well under a second; loading it goes on while the client starts. Milliseconds. */
const patience = 2_000;
/** What a client asks first waits for a server that is slow to say what it has. Milliseconds. */
const latePatience = 5_000;

interface OllamaContext {
  readonly windows: Windows;
  /** Tokens that a window needs at least. */
  readonly needed: number;
  readonly reach: Reach;
  readonly copies: Copies;
}

export type OllamaLaunch = ReturnType<typeof ollamaOf>;

export interface Fitted {
  readonly profile: Profile;
  readonly notices: readonly string[];
  /** The same with the servers that have not answered yet. undefined: all have. */
  readonly late?: Promise<Fitted>;
}

/** What a launch on Ollama does beside: loaded for such a launch alone. */
export function ollamaOf({ cache, ...given }: Omit<OllamaContext, "copies"> & { readonly cache: string }) {
  const copies = createCopies(cache, given.reach);
  const context = { ...given, copies };
  const { windows, needed } = context;
  let over = false;
  let fitting: Promise<Fitted> | undefined;
  return {
    async fit(profile: Profile): Promise<Fitted> {
      if (needed === 0) return { profile, notices: [] };
      const slow = allTargets(profile).filter((target) => isOllama(target) && windows.late(target) !== undefined);
      const answers = withinTime(Promise.all(slow.map(windows.late)), latePatience);
      const inTime = await fitOllama(profile, context);
      if (slow.length === 0) return inTime;
      const late = answers.then(() => {
        if (over) return { profile: inTime.profile, notices: [] };
        const running = fitOllama(inTime.profile, context, slow);
        fitting = running;
        return running;
      });
      return { ...inTime, late };
    },
    watch: (profile: Profile, say: (text: string) => void) => watchOllama(profile, context, say),
    async close() {
      over = true;
      await fitting;
      await copies.close();
    },
  };
}

/**
 * Ollama gives a model a small window unless it is told, and `/v1` requests cannot tell it: what does not fit is cut off silently. Where
 * its window is too small, or not known because the model is not loaded, the launch runs on a copy of the model with a window that holds
 * an agent. A window in the target is the user's word, and is made true the same way.
 */
async function fitOllama(
  profile: Profile,
  { windows, needed, reach, copies: listed }: OllamaContext,
  targets: readonly Target[] = allTargets(profile).filter(isOllama),
): Promise<Fitted> {
  const notices: string[] = [];
  const copies = new Map<string, string>();
  await Promise.all(
    targets.map(async (target) => {
      const { model, discovery } = windows.of(target);
      if (discovery?.failure !== undefined || model === undefined) return;
      const size = target.context ?? Math.min(wanted, model.trainedContext ?? wanted);
      // What an earlier launch saw is no word of this one.
      if (model.context !== undefined && model.context >= (target.context ?? Math.min(needed, size))) return;
      const copy = copyName(target.model, size, listed.launch);
      listed.add(target.provider, copy);
      const failure = await makeOllamaCopy(target.provider, { copy, model: target.model, numCtx: size }, reach, { patience });
      if (failure !== undefined) {
        const loaded = await loadWith(target, size, reach);
        if (loaded !== undefined) windows.learn(target, loaded, "/api/ps");
        if (loaded === undefined || loaded < size) notices.push(`${targetName(target)} keeps its window: ${failure.message}`);
        return;
      }
      windows.learn(target, size, "num_ctx");
      copies.set(targetName(target), copy);
      void loadOllama(target.provider, { model: copy }, reach);
    }),
  );
  if (copies.size === 0) return { profile, notices };
  const onCopy = (target: Target): Target => {
    const copy = copies.get(targetName(target));
    return copy === undefined ? target : { ...target, model: copy, named: target.model };
  };
  return { profile: mapTargets(profile, onCopy), notices };
}

/**
 * The window that a model has where its server makes no copies but loads one with the options that it is asked for. What takes longer to
 * load goes on loading; what the server makes of it is seen after the first reply.
 */
async function loadWith({ provider, model }: Target, numCtx: number, reach: Reach): Promise<number | undefined> {
  let answered = false;
  const loading = loadOllama(provider, { model, numCtx }, reach).then((failure) => {
    answered = true;
    return failure;
  });
  const failure = await withinTime(loading, patience);
  if (!answered) return numCtx;
  return failure === undefined ? loadedWindow(provider, model, reach, { patience }) : undefined;
}

/**
 * After the first reply of each Ollama model its window is looked at: a server may have loaded it with less than it was asked for, and
 * from then on requests are held to what it really has.
 */
function watchOllama(profile: Profile, { windows, needed, reach }: OllamaContext, say: (text: string) => void): (fact: Fact) => void {
  const unchecked = new Map(
    allTargets(profile)
      .filter(isOllama)
      .map((target) => [targetName(target), target]),
  );
  const open = new Map<string, Target>();
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
    if (target === undefined || fact.type === "gone" || fact.status >= 300 || !unchecked.delete(targetName(target))) return;
    void loadedWindow(target.provider, target.model, reach).then((loaded) => {
      const believed = windows.of(target).context;
      if (loaded === undefined || loaded === believed) return;
      windows.learn(target, loaded, "/api/ps");
      if (loaded >= (believed ?? needed)) return;
      const than = believed === undefined ? "which was not known at the start" : `not of ${tokens(believed)}`;
      say(`${targetName(target)} runs with a window of ${tokens(loaded)} tokens, ${than}: its server gives it no more.`);
    });
  };
}
