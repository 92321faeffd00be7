import { copyName, loadedWindow, loadOllama, makeOllamaCopy } from "../../../discover/index.ts";
import type { Reach } from "../../../reach/reach.ts";
import { type Profile, type Target, targetName } from "../../../route/target.ts";
import { mapTargets } from "../map-targets.ts";
import type { Windows } from "../windows.ts";
import { withinTime } from "../within-time.ts";
import type { Copies } from "./copies.ts";

/** What Ollama itself advises for coding agents, in tokens. */
const wanted = 65_536;
/** Making a copy takes well under a second; loading it goes on while the client starts. Milliseconds. */
const patience = 2_000;

interface Fitting {
  readonly windows: Windows;
  /** Tokens that a window needs at least. */
  readonly needed: number;
  readonly reach: Reach;
  readonly copies: Copies;
}

export interface Fitted {
  readonly profile: Profile;
  readonly notices: readonly string[];
}

/**
 * Ollama gives a model a small window unless it is told, and `/v1` requests cannot tell it: what does not fit is cut off silently. Where
 * its window is too small, or not known because the model is not loaded, the launch runs on a copy of the model with a window that holds
 * an agent. A window in the target is the user's word, and is made true the same way.
 */
export async function fitWindows(profile: Profile, targets: readonly Target[], given: Fitting): Promise<Fitted> {
  const copies = new Map<string, string>();
  const notices: string[] = [];
  await Promise.all(
    targets.map(async (target) => {
      const { copy, notice } = await fitWindow(target, given);
      if (copy !== undefined) copies.set(targetName(target), copy);
      if (notice !== undefined) notices.push(notice);
    }),
  );
  const onCopy = (target: Target): Target => {
    const copy = copies.get(targetName(target));
    return copy === undefined ? target : { ...target, model: copy, named: target.model };
  };
  return { profile: mapTargets(profile, onCopy), notices };
}

/** The copy that was made, or why there is none and the window is too small. */
async function fitWindow(
  target: Target,
  { windows, needed, reach, copies }: Fitting,
): Promise<{ readonly copy?: string; readonly notice?: string }> {
  const { model, discovery } = windows.of(target);
  if (discovery?.failure !== undefined || model === undefined) return {};
  const size = target.context ?? Math.min(wanted, model.trainedContext ?? wanted);
  // What an earlier launch saw is no word of this one.
  if (model.context !== undefined && model.context >= (target.context ?? Math.min(needed, size))) return {};
  const copy = copyName(target.model, size, copies.launch);
  copies.add(target.provider, copy);
  const failure = await makeOllamaCopy(target.provider, { copy, model: target.model, numCtx: size }, reach, { patience });
  if (failure === undefined) {
    windows.learn(target, size, "num_ctx");
    void loadOllama(target.provider, { model: copy }, reach);
    return { copy };
  }
  const loaded = await loadWith(target, size, reach);
  if (loaded !== undefined) windows.learn(target, loaded, "/api/ps");
  return loaded === undefined || loaded < size ? { notice: `${targetName(target)} keeps its window: ${failure.message}` } : {};
}

/**
 * The window that a model has where its server makes no copies but loads one with the options that it is asked for. What takes longer to
 * load goes on loading; what the server makes of it is seen after the first reply.
 */
async function loadWith({ provider, model }: Target, numCtx: number, reach: Reach): Promise<number | undefined> {
  const loaded = await withinTime(
    loadOllama(provider, { model, numCtx }, reach).then((failure) => ({ failure })),
    patience,
  );
  if (loaded === undefined) return numCtx;
  return loaded.failure === undefined ? loadedWindow(provider, model, reach, { patience }) : undefined;
}
