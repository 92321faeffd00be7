import type { Failure } from "../model/failure.ts";
import type { Reach } from "../reach/reach.ts";
import type { Provider } from "../route/target.ts";
import type { AskOptions } from "./ask.ts";
import { fullName } from "./full-name.ts";
import { serverOf } from "./server.ts";

/** Loading reads gigabytes from disk. Milliseconds. */
const patience = 10 * 60_000;

/**
 * Makes a copy of a model with another window. `/v1` requests cannot say `num_ctx`, and one without it makes Ollama load the model again
 * with its default: what was loaded by an option alone is lost at the first real request (server/sched.go, needsReload compares the
 * options). A copy of the same layers with the parameter in it takes no space but a manifest. The failure, if it could not be made.
 */
export async function makeOllamaCopy(
  provider: Provider,
  { copy, model, numCtx }: { readonly copy: string; readonly model: string; readonly numCtx: number },
  reach: Reach,
  options: AskOptions = {},
): Promise<Failure | undefined> {
  const body = { model: copy, from: model, parameters: { num_ctx: numCtx }, stream: false };
  const server = serverOf(provider, reach, options);
  const { failure } = await server.at("/api/create", { method: "POST", body });
  return failure && { ...failure, message: `${server.root}/api/create: ${failure.message}` };
}

/** Loads a model, as its first request would. With a window of `numCtx` it stays for longer than the five minutes of the default. */
export async function loadOllama(
  provider: Provider,
  { model, numCtx }: { readonly model: string; readonly numCtx?: number },
  reach: Reach,
): Promise<Failure | undefined> {
  const window = numCtx === undefined ? {} : { options: { num_ctx: numCtx }, keep_alive: "30m" };
  // Without a prompt it only loads.
  const question = { method: "POST", body: { model, stream: false, ...window } } as const;
  return (await serverOf(provider, reach, { patience }).at("/api/generate", question)).failure;
}

/** Takes a copy away again; the layers stay with the model that they are of. */
export async function removeOllamaCopy(
  provider: Provider,
  copy: string,
  reach: Reach,
  options: AskOptions = {},
): Promise<Failure | undefined> {
  const { failure } = await serverOf(provider, reach, options).at("/api/delete", { method: "DELETE", body: { model: copy } });
  return failure?.status === 404 ? undefined : failure;
}

/** Characters of a name at most (types/model/name.go). */
const longestName = 80;

/** `qwen3:8b` with 65536 tokens for the launch `3f9a1c`: `fcc/qwen3:8b-65536-3f9a1c`, which no model of the user's and no other launch has. */
export function copyName(model: string, numCtx: number, launch: string): string {
  const full = fullName(model);
  const colon = full.lastIndexOf(":");
  const name = full
    .slice(0, colon)
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .slice(0, longestName);
  return `fcc/${name}:${full.slice(colon + 1)}-${numCtx}-${launch}`;
}
