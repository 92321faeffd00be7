import type { Failure } from "../model/failure.ts";
import type { Reach } from "../reach/reach.ts";
import type { Provider } from "../route/target.ts";
import { rootOf } from "./address.ts";
import { ask } from "./ask.ts";
import { fullName, loadedWindow } from "./ollama.ts";
import type { DiscoverOptions } from "./options.ts";

/** Loading reads gigabytes from disk. */
const patience = 10 * 60_000;
/** Longer than a person thinks between two turns; Ollama's own default is five minutes. */
const keepAlive = "60m";

/**
 * Loads a model with a window. `/v1` requests cannot say `num_ctx`, and one without it makes Ollama load the model again with its
 * default: what was loaded by an option alone is lost at the first real request (server/sched.go, needsReload compares the options).
 * So a model of the same layers with the parameter in it is made, which takes no space but a manifest, and that one is loaded. The
 * answer is its name: the one to use on the wire from then on.
 */
export async function loadOllama(
  provider: Provider,
  model: string,
  numCtx: number,
  reach: Reach,
  options: DiscoverOptions = {},
): Promise<{ readonly model: string; readonly failure?: undefined } | { readonly failure: Failure }> {
  const root = rootOf(provider) ?? "";
  const fitted = fittedName(model, numCtx);
  const post = (path: string, body: unknown) => ask(reach, provider, { patience, ...options, method: "POST", url: `${root}${path}`, body });
  const made = await post("/api/create", { model: fitted, from: model, parameters: { num_ctx: numCtx }, stream: false });
  if (made.failure) return { failure: made.failure };
  // Without a prompt it only loads.
  const loaded = await post("/api/generate", { model: fitted, keep_alive: keepAlive, stream: false });
  return loaded.failure ? { failure: loaded.failure } : { model: fitted };
}

/** Whether the model runs with this window: undefined where it is not loaded or the server does not say. */
export async function checkOllama(
  provider: Provider,
  model: string,
  numCtx: number,
  reach: Reach,
  options: DiscoverOptions = {},
): Promise<{ readonly context?: number; readonly holds?: boolean }> {
  const context = await loadedWindow(provider, model, reach, options);
  return context === undefined ? {} : { context, holds: context >= numCtx };
}

/** `qwen3:8b` with 65536 tokens is `fcc/qwen3:8b-65536`: one manifest for each window, used again by the next launch. */
export function fittedName(model: string, numCtx: number): string {
  const [name = model, tag = "latest"] = splitTag(fullName(model));
  const own = name.replace(/^fcc\//, "").replace(/[^A-Za-z0-9._-]+/g, "-");
  return `fcc/${own}:${tag.replace(/-\d{4,}$/, "")}-${numCtx}`;
}

function splitTag(model: string): readonly [string, string] {
  const colon = model.lastIndexOf(":");
  return [model.slice(0, colon), model.slice(colon + 1)];
}
